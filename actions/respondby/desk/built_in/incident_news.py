"""What an incident tells the requests that are part of it: `/update TEXT`, and that it is resolved.

Laws:

- Of what is said on the incident only the text of an `/update` goes on, as it was first written; no other word does.
- It is resolved when its milestone is reached, or when it is closed as done; closed otherwise, it has ended and was
  none. An incident that is opened again, or fires again, goes on.
- What is told has a name that stays the same (law 5): an update that of its command, a resolution its number in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.gate import FALSE_ALARM
from respondby.desk.history import Fact, History, turns
from respondby.desk.milestones import learned
from respondby.desk.records import Kept
from respondby.policy.model.built_in import UPDATE
from respondby.policy.model.policy import Policy

#: The kind of a kept fact that says what a request has heard of its incident; its name is what.
NEWS = "incident"

#: An update has no more characters than this: it stands in each of the requests.
MOST_LONG = 5_000

What = Literal["updated", "resolved", "again", "ended"]
WHATS: tuple[What, ...] = ("updated", "resolved", "again", "ended")

_RESOLVED = frozenset({"resolved"})


@dataclass(frozen=True, slots=True)
class News:
    """Something that an incident tells: `name` names it for ever, `text` is an update's."""

    what: What
    at: Instant
    name: str
    text: str = ""


def update_text(policy: Policy, args: dict[str, str]) -> str:
    """The text of an `/update`: the first text that the command takes."""
    command = policy.commands.get(UPDATE)
    texts = (argument.name for argument in command.takes if argument.type == "text") if command is not None else ()
    return next((args[name].strip() for name in texts if args.get(name)), "")


def news_of(policy: Policy, history: History) -> tuple[News, ...]:
    """All that the incident has to tell, in the order of its happening."""
    return tuple(_news(policy, history))


def _news(policy: Policy, history: History) -> Iterator[News]:
    resolved, ended, turn = False, False, 1
    for what, fact in _happened(policy, history):
        if what == "updated" and (text := update_text(policy, dict(fact.args))):
            yield News("updated", fact.at, fact.source, text)
        elif what == "resolved" and not resolved:
            resolved, ended = True, False
            yield News("resolved", fact.at, f"resolved/{turn}")
        elif what == "again" and (resolved or ended):
            # What had ended told nobody to wait: its requests go on by themselves.
            if resolved:
                yield News("again", fact.at, f"again/{turn}")
            resolved, ended, turn = False, False, turn + 1
        elif what == "ended" and not (resolved or ended):
            ended = True
            yield News("ended", fact.at, f"ended/{turn}")


def _happened(policy: Policy, history: History) -> Iterator[tuple[What, Fact]]:
    """When the incident was told of, resolved, closed or opened again, as often as it was, each with a fact of then.

    In each turn of the case it goes on first, and is closed last; a closing says more than the milestone that it is.
    """
    told = learned(policy, history, _RESOLVED)
    for first, last in turns(history.facts):
        facts, now = history.facts[first:last], [one for one in told if one.facts == last]
        yield from (("again", one) for one in facts if one.kind == "reopened")
        yield from (("again", facts[-1]) for one in now if one.at is None and one.goes_on)
        yield from (("updated", one) for one in facts if one.kind == "command" and one.name == UPDATE)
        yield from (("resolved", facts[-1]) for one in now if one.at is not None)
        for one in facts:
            if one.kind == "closed":
                yield ("ended" if one.value or _was_none(history, one) else "resolved"), one


def _was_none(history: History, closing: Fact) -> bool:
    """Whether the incident was closed as a false alarm."""
    said = (fact for fact in history.facts if fact.kind == "command" and fact.source == closing.source)
    return any(fact.args.get(FALSE_ALARM) for fact in said)


def keep_news(incident: int, node_id: str, news: News, at: Instant) -> Kept:
    """What a request has heard of its incident, as the ledger keeps it: without its text, which stands where it was
    told. `node_id` is the incident's (empty: it is gone).
    """
    return Kept(
        f"{NEWS}/{node_id or incident}/{news.name} {NEWS} {news.what}", at, "", "", NEWS, news.what, str(incident)
    )
