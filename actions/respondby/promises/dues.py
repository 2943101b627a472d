"""Promises of the policy made into instants: what measures one, and when it runs out.

The arithmetic is `calendars.dues`; this is only the way there from a policy's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from respondby.calendars import dues
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import UTC, Instant, parse_time
from respondby.calendars.targets import At, EndOf, Within, parse_by
from respondby.dataclass import dataclass
from respondby.desk.state import TIME_KEYS, State
from respondby.policy.model.clocks import Promise, Target
from respondby.policy.model.conditions import When
from respondby.policy.model.policy import Policy

Arguments = Mapping[tuple[str, str], str]

_MOST_DUES = 4096


@dataclass(frozen=True, slots=True)
class Measures:
    """What targets are measured with: calendars by name, the default one's name, the zone of plain local times."""

    calendars: Mapping[str, Calendar]
    default: str | None
    timezone: str


def measures_of(policy: Policy) -> Measures:
    """The measures of a policy as it is now."""
    return Measures(policy.calendars, policy.calendar, policy.timezone)


def calendar_of(promise: Promise, default: str | None) -> str | None:
    """The name of the calendar that a promise is measured on, None for elapsed time (rule 1)."""
    if promise.none:
        return None
    if promise.calendar is not None:
        return promise.calendar
    if promise.within is not None and not promise.within.business:
        return None
    return default


class Offer:
    """One promise of a target with everything at hand that measures it.

    `cased` are its conditions on the case, `timed` those on time alone. It remembers the dues it has worked out: a case
    is assessed again and again.
    """

    __slots__ = ("_dues", "argument", "calendar", "calendar_name", "cased", "measures", "promise", "target", "timed")

    def __init__(self, promise: Promise, measures: Measures) -> None:
        self.promise = promise
        self.measures = measures
        self.argument = promise.argument
        self.calendar_name = calendar_of(promise, measures.default)
        self.calendar = measures.calendars[self.calendar_name] if self.calendar_name is not None else None
        self.target = _target(promise)
        self._dues: dict[Instant, Instant] = {}
        self.cased = When(tuple(term for term in promise.when.terms if term.key not in TIME_KEYS))
        self.timed = tuple(term for term in promise.when.terms if term.key in TIME_KEYS)

    def due(self, start: Instant, args: Arguments) -> Instant | None:
        """When the promise, made at `start`, runs out before any pause; None where it promises nothing."""
        if self.argument is not None:
            said = args.get(self.argument)
            return None if said is None else parse_time(said, UTC)
        if self.target is None:
            return None
        due = self._dues.get(start)
        if due is None:
            if len(self._dues) >= _MOST_DUES:
                self._dues.clear()
            due = self._dues[start] = dues.unmoved(self.target, start, self.calendar, self.measures.timezone)
        return due

    def in_time(self, state: State, at: Instant) -> bool:
        """Whether its conditions on time hold at `at`, by the calendars it was promised with."""
        for term in self.timed:
            if term.key == "stage":
                if not state.holds(When((term,)), at):
                    return False
            elif any(self.measures.calendars[name].is_open(at) for name in term.values) != (term.key == "during"):
                return False
        return True


def offers_of(target: Target, measures: Measures) -> tuple[Offer, ...]:
    """The promises of a target, in order."""
    return tuple(Offer(promise, measures) for promise in target.choices)


def depends_on(offers: tuple[Offer, ...]) -> tuple[str, ...]:
    """The fields and commands (and `label`, `stage`, …) whose change may change what is promised."""
    keys = [term.key for offer in offers for term in offer.promise.when.terms]
    return tuple(dict.fromkeys((*keys, *(offer.argument[0] for offer in offers if offer.argument is not None))))


def moved(end: Instant, pauses: Iterable[tuple[Instant, Instant]], calendar: Calendar | None) -> Instant:
    """A due moved by pauses (rule 6)."""
    pairs = tuple(pauses)
    return dues.moved(end, min(start for start, _ in pairs), calendar, pairs) if pairs else end


def _target(promise: Promise) -> Within | EndOf | At | None:
    """The target in the calendars' words; None where nothing is promised, or somebody else says until when."""
    if promise.within is not None:
        return Within(promise.within)
    if promise.by is None:
        return None
    by = parse_by(promise.by)
    return by if isinstance(by, (EndOf, At)) else None
