"""What happens to a case in other repositories: its companion goes with it, and `open` makes an issue once.

The companion is the desk's issue in the `internal` repository: opened when somebody is first mentioned there, closed
when its case is, open again with it. Each closing and reopening of the case is followed once, under a record of its
own; where nothing was ever said inside there is nothing to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import OwnComment
from respondby.desk.history import History
from respondby.desk.records import Record
from respondby.policy.model.policy import Policy
from respondby.rules.plan import DropTwin, Follow, OpenElsewhere
from respondby.rules.task import Task


def companion_key(repository: str) -> str:
    """Under what the ledger remembers the companion: another repository has another one."""
    return f"companion {repository.lower()}"


@dataclass(frozen=True, slots=True)
class Following:
    """What is to be done in the companion: `wanted` says that it has to be looked at before that is known."""

    wanted: bool = False
    actions: tuple[Follow | DropTwin, ...] = ()
    records: tuple[Record, ...] = ()


def follow(policy: Policy, history: History, now: Instant) -> Following:
    """The companion goes with its case."""
    if policy.internal is None:
        return Following()
    ledger, found = history.ledger, history.known.companion
    turn = _turn(history)
    turned = companion_key(policy.internal) in ledger.elsewhere and turn is not None and turn.key not in ledger.records
    if found is None:
        return Following(wanted=turned)
    if found.problem:
        return Following()
    actions: list[Follow | DropTwin] = [Follow(number, open=False) for number in found.twins]
    actions.extend(DropTwin(comment, inside=True) for comment in twins(found.own))
    if not turned or turn is None or not found.number:
        return Following(actions=tuple(actions))
    record = Record(turn.key, turn.at, now, policy=(policy.commit or "")[:12])
    if found.open != history.state.open:
        actions.append(Follow(found.number, history.state.open, record.key))
    return Following(actions=tuple(actions), records=(record,))


@dataclass(frozen=True, slots=True)
class _Turn:
    key: str
    at: Instant


def _turn(history: History) -> _Turn | None:
    """The case's last closing or reopening."""
    last = next((fact for fact in reversed(history.facts) if fact.kind in ("closed", "reopened")), None)
    return None if last is None else _Turn(f"companion/{last.kind}/{last.source}", last.at)


def twins(own: Iterable[OwnComment]) -> Iterator[int]:
    """Says whose records all stand in earlier ones: two runs at once have said the same."""
    said: set[str] = set()
    for comment in own:
        if comment.kind == "say":
            mine = set(comment.ledger.records)
            if mine and mine <= said:
                yield comment.id
            said |= mine


def openings(history: History, asked: Iterable[Task]) -> list[OpenElsewhere]:
    """Issues that rungs, rules and commands ask for in other repositories and that have not been opened."""
    found = []
    for task in asked:
        wanted = task.verbs.open
        pending = task.recorded is None or task.recorded.unopened
        if wanted is not None and task.acts and pending:
            given = tuple(
                (id, value if isinstance(value, str) else ", ".join(value))
                for id, value in history.answers.items()
                if value
            )
            found.append(OpenElsewhere(task.key, wanted.where, wanted.form, wanted.token, given))
    return found
