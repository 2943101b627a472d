"""Who has answered a page at the pager: asked before anything is done to a case, so that no rung calls past an answer.

Asking is gathering: what is found becomes a kept fact of the case, at the pager's own time, and the case is decided
again with it. A sweep that finds nothing to do asks nobody.
"""

from __future__ import annotations

from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.channels.dispatch import Hung, Recipient
from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.desk.keeping import answered_at_pager
from respondby.desk.ledger import Ledger
from respondby.policy.model.policy import Policy
from respondby.rules.pages import unanswered


@dataclass(frozen=True, slots=True)
class Heard:
    """What pagers told: `kept` are answers; `silent` says which pagers could not be asked, and why."""

    kept: Ledger
    silent: tuple[str, ...] = field(default=())


def ask_pagers(policy: Policy, history: History, secrets: Secrets, now: Instant, hung: Hung) -> Heard:
    """Ask about every page of the case that stands open, at pagers with a token."""
    pages = unanswered(policy, history)
    if not pages:
        return Heard(Ledger())
    from respondby.channels.pagerduty_answers import NotAnswered, answer_to

    product = history.state.field("product")
    logins = {person.pager: login for login, person in policy.people.items() if person.pager is not None}
    kept = {}
    silent: dict[str, str] = {}
    for page in pages:
        channel, whom = policy.channels[page.via], Recipient(page.to, product)
        if page.via in silent or (channel, whom) in hung:
            continue  # what keeps it from answering once would do so for every page
        try:
            answer = answer_to(channel, page.key, whom, secrets)
        except NotAnswered as error:
            if error.hung:
                hung.add(channel, whom)
            silent[page.via] = f"{history.case.ref}: {page.via} could not be asked who has answered: {error}"
            continue
        if answer is not None:
            # Two clocks: nobody answers before the call, and nothing has happened after now.
            at = min(max(answer.at, page.at), now)
            one = answered_at_pager(page.key, at, logins.get(answer.by, page.to))
            kept[one.key] = one
    return Heard(Ledger(kept=kept), tuple(silent.values()))
