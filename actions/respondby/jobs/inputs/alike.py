"""What cases are compared with, where nobody waits for the answer: issues as they are now, and post-mortems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from respondby.desk.case import Case
from respondby.desk.keys import Secret
from respondby.desk.ledger import LedgerError
from respondby.desk.markers import read_mark
from respondby.desk.related import IndexedText, Related, answers_of
from respondby.forge.client import Client
from respondby.forge.files import read_named
from respondby.forge.texts import issue_texts

#: Where post-mortems stand.
FOLDER = "docs/incidents"


def related_to(
    client: Client, cases: Sequence[Case], commit: str | None, home: str, signing: Secret
) -> Mapping[int, tuple[IndexedText, ...]]:
    """What each of these cases is most like, by number: issues that something happened to lately, open and closed, and
    the post-mortems of the default branch. What the desk opened itself is compared only where an alert asked for it,
    and never the twin that another run has opened for the same alert.
    """
    issues = []
    alerts: dict[str, Mapping[str, str]] = {}  # of incidents, by their refs
    for one in issue_texts(client):
        ref = f"{client.repository}#{one.number}"
        if one.ours:
            asks, facts = _asks(one.text, home, signing)
            if not asks:
                continue
            alerts |= {ref: facts} if facts else {}
        issues.append(IndexedText(ref, one.title, answers_of(one.text), one.url))
    base = cases[0].url.rpartition("/issues/")[0] if cases else ""
    index = Related([*issues, *post_mortems(_files(client, commit), f"{base}/blob/HEAD/")])
    return {
        case.number: tuple(
            one
            for one in index.most_alike(_as_document(client, case))
            if case.mark is None or alerts.get(one.ref) != case.mark.facts
        )
        for case in cases
    }


def post_mortems(files: Mapping[str, str], base: str = "") -> Iterator[IndexedText]:
    """The post-mortems among these files: those that have a heading. `base` is what their paths stand behind."""
    for path, text in sorted(files.items()):
        heading = next((line for line in text.splitlines() if line.startswith("# ")), "")
        if heading and path.rpartition("/")[2] not in ("README.md", "TEMPLATE.md"):
            title = heading.removeprefix("# ").strip()
            yield IndexedText(path, title, text.partition(heading)[2], f"{base}{path}" if base else "")


def _asks(text: str, home: str, signing: Secret) -> tuple[bool, Mapping[str, str]]:
    """Whether an issue that our account opened asks for something (an alert's, or one that came by a gateway), and what
    its mark says of the alert.
    """
    try:
        mark = read_mark(text, home, secret=signing)
    except LedgerError:
        return False, {}  # another version's: whoever gathers it says so
    if mark is None:
        return True, {}
    return mark.kind == "incident", mark.facts


def _files(client: Client, commit: str | None) -> Mapping[str, str]:
    return read_named(client, [f"{FOLDER}/"], commit) if commit is not None else {}


def _as_document(client: Client, case: Case) -> IndexedText:
    opened: Iterable[str] = (
        moment.revisions[-1].text for moment in case.moments if moment.kind == "opened" and moment.revisions
    )
    return IndexedText(f"{client.repository}#{case.number}", case.title, answers_of(next(iter(opened), "")), case.url)
