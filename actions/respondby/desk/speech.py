"""Commands in what people write: which are there, who may say them, and what they were given.

Judging a command needs the case as it stood (`only`, roles with `when`, cooldowns) but changes nothing: the reader does
that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Literal

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, iso, parse_time, zone
from respondby.dataclass import dataclass
from respondby.desk.built_in.workarounds import MEANT, refer
from respondby.desk.case import Actor
from respondby.desk.commands import Line, arguments, block_answers, command_lines, only_commands, parted, words_beside
from respondby.desk.gate import CLOSE, FALSE_ALARM, closes, false_alarm, is_incident, lacking, refusal
from respondby.desk.history import Invocation
from respondby.desk.milestones import timed_words, with_time
from respondby.desk.refusals import SOMEBODY, Code, Condition, Detail, Refusal
from respondby.desk.standings import acts_as_any
from respondby.desk.state import State
from respondby.policy.model.built_in import REVERTED, UPDATE, WORKAROUND
from respondby.policy.model.conditions import When
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Command, Field

Verdict = tuple[Literal["accepted", "cooling", "refused"], Refusal | None, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One command line: a command of the policy, or `/FIELD VALUE` of one of its fields; neither of both where the word
    was one only then.
    """

    word: str
    line: str
    number: int
    read: Line
    command: Command | None = None
    field: Field | None = None


@per_policy
def speech_of(policy: Policy) -> Speech:
    """The commands of that policy."""
    return Speech(policy)


class Speech:
    """The commands of one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.words = frozenset(policy.commands) | {f"/{name}" for name in policy.fields}
        self.blocks = frozenset(
            word
            for word, command in policy.commands.items()
            if command.needs is not None or any(argument.type == "text" for argument in command.takes)
        ) | {f"/{name}" for name, field in policy.fields.items() if any(value.needs for value in field.values)}
        #: Without a text, or answers, these say nothing. What an `/update` says is for others, also where it may be
        #: left out; the reason of a `/wait` or `/close` may be, so what stands apart from it is said to its readers.
        self.awaits = frozenset(
            word
            for word, command in policy.commands.items()
            if command.needs is not None
            or any(taken.type == "text" and (word == UPDATE or not taken.optional) for taken in command.takes)
        )
        self.timed = timed_words(policy)
        #: Arguments that a clock promises to keep: `by: /agree.until`.
        self.future = frozenset(
            promise.argument for clock in policy.clocks.values() for promise in clock.target.choices
        )

    def only_commands(self, text: str, also: frozenset[str] = frozenset()) -> bool:
        """Whether the text is commands and nothing else: no response (rule 6). `also` are words that were commands."""
        read, unread = parted(text, self.words | also)
        only = only_commands(read, self.words | also, self.blocks | also, self.awaits)
        return only and not any(self._unread(unread))

    def adds(self, before: str, text: str) -> bool:
        """Whether an edit says something new that is no command."""
        known = set(self._beside(before))
        return any(line not in known for line in self._beside(text))

    def _beside(self, text: str) -> Iterator[str]:
        read, unread = parted(text, self.words)
        yield from words_beside(read, self.words, self.blocks, self.awaits)
        yield from self._unread(unread)

    def _unread(self, text: str) -> Iterator[str]:
        """The lines of what is not read that look like neither a command nor a quotation."""
        lines = (line.strip() for line in text.splitlines())
        return (line for line in lines if line and line[0] != ">" and line.split(maxsplit=1)[0] not in self.words)

    def lines(self, text: str, before: str | None = None, also: frozenset[str] = frozenset()) -> Iterator[Spoken]:
        """The commands in what is read of a text; with `before` those that it did not hold; `also` are words that were
        commands.
        """
        words = self.words | also if also else self.words
        text, _ = parted(text, words)
        known = (
            Counter(
                (line.word, line.rest, line.block)
                for line in command_lines(parted(before, words)[0], words, self.awaits)
            )
            if before is not None
            else Counter()
        )
        for line in command_lines(text, words, self.awaits):
            mark = (line.word, line.rest, line.block)
            if known[mark] > 0:
                known[mark] -= 1
                continue
            command = self.policy.commands.get(line.word)
            field = self.policy.fields.get(line.word[1:]) if command is None else None
            yield Spoken(line.word, f"{line.word} {line.rest}".strip(), line.line, line, command, field)

    def judge(self, spoken: Spoken, by: Actor, at: Instant, state: State, earlier: Sequence[Invocation]) -> Verdict:
        """Whether this person may say this now, and with which arguments; a refusal has its reason."""
        if spoken.field is not None:
            return self._judge_field(spoken.field, spoken, by, at, state)
        command = spoken.command
        assert command is not None
        if not self.may(command.by, by, state):
            return _refused("not-yours", word=command.word, roles=self._shown(command.by))
        if not state.holds(command.only, at):
            return _refused("only-with", word=command.word, conditions=self.describe(command.only))
        incident = closes(command) and is_incident(self.policy, state, at)
        alarm = false_alarm("\n".join((spoken.read.rest, *spoken.read.block))) if incident else None
        if incident and alarm is not None and command.word == CLOSE:
            return ("accepted", None, {FALSE_ALARM: alarm}) if alarm else _refused("false-alarm-why", word=command.word)
        if incident and (still := lacking(self.policy, state, earlier, command.word)):
            return "refused", refusal(self.policy, still), {}
        read = spoken.read
        named: dict[str, str] = {}
        if command.word in self.timed and is_incident(self.policy, state, at):
            read, named = with_time(command, read, at, self._zone(by))
        given = arguments(command, read)
        if isinstance(given, Refusal):
            return "refused", given, {}
        wrong = self._make_absolute(command, given, by, at)
        if wrong is not None:
            return "refused", wrong, {}
        if command.needs is not None:
            answers, missing = block_answers(self.policy.forms[command.needs].ask, spoken.read.block)
            if missing:
                return _refused("needs-answers", word=command.word, missing=missing)
            given.update(answers)
        given |= named
        if command.word == REVERTED:
            meant = refer(self.policy, command, given, earlier)
            if isinstance(meant, Refusal):
                return "refused", meant, {}
            given |= {MEANT: meant} if meant else {}
        if command.cooldown is not None and self._cooling(command, at, earlier):
            return "cooling", None, given
        return "accepted", None, given

    def _judge_field(self, field: Field, spoken: Spoken, by: Actor, at: Instant, state: State) -> Verdict:
        wanted = spoken.read.rest.strip()
        value = next((item for item in field.values if wanted.lower() in (item.id.lower(), item.name.lower())), None)
        if not self.may(field.set_by, by, state):
            return _refused("not-yours", word=spoken.word, roles=self._shown(field.set_by))
        if value is None:
            return _refused("no-value", word=spoken.word, values=tuple(item.id for item in field.values))
        if not state.holds(value.only, at):
            return _refused("value-only-with", value=value.name, conditions=self.describe(value.only))
        answers, missing = block_answers(value.needs, spoken.read.block)
        if missing:
            return _refused("value-needs", value=value.name, missing=missing)
        return "accepted", None, {**answers, "value": value.id}

    def _make_absolute(self, command: Command, given: dict[str, str], by: Actor, now: Instant) -> Refusal | None:
        """Times become absolute in the speaker's own zone, a date alone its end; what is wrong with one, or None.

        A time that a clock promises, or until which a workaround stays, cannot have passed already.
        """
        where = self._zone(by)
        for argument in command.takes:
            if argument.name not in given or argument.type != "time":
                continue
            typed = given[argument.name]
            try:
                # Who promises something by a date has that whole date for it.
                instant = parse_time(f"{typed}T24:00" if len(typed) == len("2026-10-22") else typed, where)
                given[argument.name] = iso(instant)
            except TimeError:
                return Refusal.of("time-outside", said=typed)
            future = command.word == WORKAROUND or (command.word, argument.name) in self.future
            if instant <= now and future:
                return Refusal.of("time-past", said=typed)
        return None

    def _zone(self, by: Actor) -> tzinfo:
        """The speaker's own zone."""
        person = next(
            (person for login, person in self.policy.people.items() if login.lower() == by.login.lower()), None
        )
        return zone((person.timezone if person else None) or self.policy.timezone)

    def may(self, roles: Sequence[str], by: Actor, state: State) -> bool:
        """Whether a person can hold one of these roles (rule 13); the case's own roles are judged by the case."""
        return acts_as_any(self.policy, roles, by, state)

    def describe(self, when: When) -> tuple[Condition, ...]:
        """A condition by the names that people know."""
        terms = []
        for term in when.terms:
            field = self.policy.fields.get(term.key)
            names = tuple(found.name if field and (found := field.value(value)) else value for value in term.values)
            terms.append(Condition(field.title if field else term.key, names, own=field is None))
        return tuple(terms)

    def not_yours(self, what: str, roles: Sequence[str]) -> Refusal:
        """That something is for people in these roles."""
        return Refusal.of("not-yours", word=what, roles=self._shown(roles))

    def _shown(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Roles by name, without the logins among them."""
        return tuple(dict.fromkeys(SOMEBODY if self._is_person(role) else role for role in roles))

    def _is_person(self, name: str) -> bool:
        return name in self.policy.people and name not in self.policy.roles

    def _cooling(self, command: Command, at: Instant, earlier: Sequence[Invocation]) -> bool:
        assert command.cooldown is not None
        last = next(
            (one.at for one in reversed(earlier) if one.word == command.word and one.verdict == "accepted"), None
        )
        return last is not None and at < last + command.cooldown.seconds


def _refused(code: Code, **details: Detail) -> Verdict:
    return "refused", Refusal.of(code, **details), {}
