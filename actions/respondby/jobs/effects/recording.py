"""Where a case's record is written: into its card, and what no longer fits there into comments of its own.

Laws:

- A record is read back from wherever it stands, by union; so what was moved out of the card and what changed since may
  both stand, and a crash between the two writings loses nothing (law 5).
- First it stands in a comment of its own, then the card lets go of it. Two runs that do so at once leave twins, and the
  later one goes (`rules.decide`).
- Whether something has to move is seen from what there is, not remembered (law 4).
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.desk import markers
from respondby.desk.case import Case
from respondby.desk.keys import Secret
from respondby.desk.ledger import Ledger, LedgerError
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.letters.card import render_card
from respondby.letters.messages import Messages
from respondby.letters.record import render_record
from respondby.rules.card_facts import CardFacts

#: A card keeps its record as long as the marker has no more characters than this; people's part needs room too.
CARD_HOLDS = 40_000
#: A comment that only carries the record holds this much of it.
COMMENT_HOLDS = 60_000


def card_text(
    client: Client,
    case: Case,
    digest: str,
    facts: CardFacts,
    ledger: Ledger,
    *,
    signing: Secret,
    messages: Messages,
) -> str:
    """What to write into the card, with everything that the case's `ledger` holds and that stands in no overflow yet.

    What is too much for it is written into comments of its own first. Raises CommentTooLong, and what writing raises.
    """
    rest = ledger.without(case.overflow)
    marker = _marker(case, rest, signing, digest)
    if marker is None or len(marker) > CARD_HOLDS:
        for page in _pages(case, rest, signing):
            writing.create_comment(client, case.number, render_record(facts, page, messages=messages))
        marker = markers.write("card", case.node_id, digest, Ledger(), secret=signing)
    text = render_card(facts, marker, messages=messages)
    writing.check_length(text)
    return text


def _pages(case: Case, ledger: Ledger, signing: Secret) -> Iterator[str]:
    """The markers of as many comments as it takes, the oldest records first."""
    marker = _marker(case, ledger, signing)
    first, second = ledger.halves()
    if marker is not None and (len(marker) <= COMMENT_HOLDS or not first):
        yield marker
        return
    yield from _pages(case, first, signing)
    yield from _pages(case, second, signing)


def _marker(case: Case, ledger: Ledger, signing: Secret, digest: str | None = None) -> str | None:
    """The marker of the card (with a digest) or of a comment of its own; None for more than a marker can ever hold."""
    try:
        return markers.write("record" if digest is None else "card", case.node_id, digest or "", ledger, secret=signing)
    except LedgerError:
        return None
