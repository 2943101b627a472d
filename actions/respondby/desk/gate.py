"""When an incident may be closed: what `incidents.close-needs` names has to be there.

Laws:

- `/close`, and every other command that closes, is refused while something is lacking; the reason lists all of it.
- A closing by hand while something is lacking is taken back, in the same cycle. Twice in a cycle: the third one stands,
  and the record says what was lacking.
- A closing is judged once, by how the case stood then. What was judged stays, whatever the policy becomes.
- What closes without a person (a rung, a rule, a twin), a false alarm, a duplicate, what is void, and what the desk
  does not follow yet, closes without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Actor, Case, Moment
from respondby.desk.history import History, Invocation
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept
from respondby.desk.refusals import Lacking, Refusal
from respondby.desk.state import State
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Argument, Command

#: The command that closes, and how a false alarm is said with it.
CLOSE = "/close"
#: What a command was given where it closes a false alarm: why it was none.
FALSE_ALARM = "false-alarm"
#: The word under which a closing by hand is answered: no command can have it.
BY_HAND = "closed by hand"
#: The kind of a kept fact that says what became of a closing by hand.
CLOSING = "closing"

#: So many closings by hand are taken back in a cycle; the next one stands.
TAKEN_BACK = 2

#: What can become of a closing by hand.
_BECAME: tuple[Literal["stands", "insisted", "back"], ...] = ("stands", "insisted", "back")

_FALSE_ALARM = re.compile(r"\s*false[- ]alarm\b\s*:?\s*(.*)", re.IGNORECASE | re.DOTALL)


def is_incident(policy: Policy, state: State, at: Instant) -> bool:
    """Whether the case is an incident for which something is promised."""
    return policy.incidents is not None and state.holds(policy.incidents.when, at) and not state.void(at)


def closes(command: Command) -> bool:
    """Whether the command closes for good."""
    return command.word == CLOSE or (command.verbs.close and not command.verbs.until_reply)


def false_alarm(text: str) -> str | None:
    """Why it is no incident, of what was said after `/close`; None where that is not said, empty without a reason."""
    found = _FALSE_ALARM.fullmatch(text)
    return " ".join(found[1].split()) if found else None


def lacking(policy: Policy, state: State, invocations: Iterable[Invocation], word: str = "") -> tuple[Lacking, ...]:
    """What an incident still needs before it may close, as it is typed. `word` is being said just now.

    What is part of another incident needs nothing: it is all said there.
    """
    if policy.incidents is None or state.part_of is not None:
        return ()
    words = {invocation.word for invocation in invocations if invocation.verdict == "accepted"} | {word}
    found = []
    for need in policy.incidents.close_needs:
        command = policy.commands.get(need if need.startswith(("/", "@")) else f"/{need}")
        if need.startswith(("/", "@")):
            if need not in words and command is not None:
                found.append(_by_command(policy, command, ""))
        elif need not in state.fields and (asked := policy.fields.get(need)) is not None:
            if command is not None:
                found.append(_by_command(policy, command, asked.title))
            else:
                found.append(Lacking(f"/{need}", title=asked.title, values=tuple(value.id for value in asked.values)))
    return tuple(found)


def refusal(policy: Policy, missing: tuple[Lacking, ...], *, by_hand: bool = False) -> Refusal:
    """The reason, with everything that is lacking, and how a false alarm is closed where it can be."""
    if CLOSE in policy.commands:
        missing = (*missing, Lacking(CLOSE, alarm=True))
    return Refusal.of("closed-too-soon" if by_hand else "close-needs", lacking=missing)


def closed_as_false_alarm(history: History) -> str | None:
    """Why the incident, which is closed, was none; None where nobody closed it so."""
    if history.state.open:
        return None
    closing = next((fact for fact in reversed(history.facts) if fact.kind == "closed"), None)
    commands = (fact for fact in history.facts if fact.kind == "command" and closing and fact.source == closing.source)
    return next((why for fact in commands if (why := fact.args.get(FALSE_ALARM))), None)


@dataclass(frozen=True, slots=True)
class Closing:
    """What became of a closing by hand: it `stands`, also where a person `insisted`, or was taken `back`.

    `lacking` is what the incident still needed then, by its words; `command` is what is answered (None: nothing).
    """

    became: Literal["stands", "insisted", "back"]
    lacking: str = ""
    command: Invocation | None = None


class Closings:
    """The closings by hand of one case, while it is read. `decided` is what is to be kept of them."""

    def __init__(self, policy: Policy, case: Case, ledger: Ledger) -> None:
        self.policy = policy
        self.decided: list[Kept] = []
        self._mine = case.mark is not None and case.mark.kind == "incident"
        self._undone = _undone(case, ledger)
        self._back: list[tuple[Lacking, ...]] = []  # in this cycle, each with what was lacking

    def under(self, policy: Policy) -> None:
        """From now on another policy says what an incident needs."""
        self.policy = policy

    def judge(
        self,
        moment: Moment,
        by: Actor,
        state: State,
        invocations: Sequence[Invocation],
        known: Sequence[Kept],
        *,
        followed: bool,
    ) -> Closing:
        """What becomes of it. `known` was kept of it; `followed` says that the desk had seen the case before."""
        incident = is_incident(self.policy, state, moment.at)
        missing = lacking(self.policy, state, invocations) if incident else ()
        closing = _kept(known)
        if closing is None:
            closing = Closing(self._new(moment, missing, incident=incident, followed=followed), _words(missing))
            if incident or self._mine:
                key = f"{moment.source} {CLOSING}"
                self.decided.append(
                    Kept(key, moment.at, by.login, by.association, CLOSING, closing.became, closing.lacking)
                )
        if closing.became != "back":
            self._back.clear()
            return closing
        again = missing in self._back
        self._back.append(missing)
        if not missing:  # by today's policy: what would be said has been said
            return closing
        verdict: Literal["cooling", "refused"] = "cooling" if again else "refused"
        reason = refusal(self.policy, missing, by_hand=True)
        return replace(closing, command=Invocation(BY_HAND, "", by, moment.at, moment.source, verdict, reason))

    def _new(
        self, moment: Moment, missing: tuple[Lacking, ...], *, incident: bool, followed: bool
    ) -> Literal["stands", "insisted", "back"]:
        if moment.source in self._undone and (missing or not (incident or self._mine)):
            return "back"
        if missing and moment.text != "duplicate" and (followed or self._mine):
            return "insisted" if len(self._back) >= TAKEN_BACK else "back"
        return "stands"


def _kept(known: Iterable[Kept]) -> Closing | None:
    """What was decided of a closing. The record is ours, but it is read as if it were not."""
    kept = next((one for one in known if one.kind == CLOSING), None)
    became = next((name for name in _BECAME if kept is not None and kept.name == name), None)
    return Closing(became, kept.value) if kept is not None and became is not None else None


def _words(missing: Iterable[Lacking]) -> str:
    return " ".join(one.word for one in missing)


def _by_command(policy: Policy, command: Command, title: str) -> Lacking:
    below = policy.forms[command.needs].ask if command.needs is not None else ()
    asked = tuple(question.ask for question in below if not question.optional)
    takes: tuple[Argument, ...] = tuple(argument for argument in command.takes if not argument.optional)
    return Lacking(command.word, title=title, takes=takes, below=asked)


def _undone(case: Case, ledger: Ledger) -> frozenset[str]:
    """Closings by hand that the desk undid before anybody else did, and for no other reason.

    Where a verb asked for it, or a person has said something since, the desk opened the issue for that.
    """
    asked = [record.at for record in ledger.records.values() if record.reopens]
    asked += [moment.at for moment in case.moments if moment.kind == "comment" and not moment.ours]
    states = [moment for moment in case.moments if moment.kind in ("closed", "reopened")]
    return frozenset(
        closing.source
        for closing, after in pairwise(states)
        if closing.kind == "closed"
        and not closing.ours
        and after.kind == "reopened"
        and after.ours
        and not any(closing.at <= at <= after.at for at in asked)
    )
