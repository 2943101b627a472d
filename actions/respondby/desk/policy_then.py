"""Today's policy with the words of another day (`desk.words`), so that the same code judges under each in turn.

The record is ours, but it is read as if it were not: words of which nothing can be made are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.desk.words import Words, target_from
from respondby.policy.model.clocks import NOTHING, Clock, Rule, Target, Verbs
from respondby.policy.model.conditions import Alternative, Pattern, PatternKind, Requirement, Role, When
from respondby.policy.model.duties import DateRule, Stage
from respondby.policy.model.incidents import MILESTONES, Incidents
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Argument, ArgumentType, Command


@per_policy
def _known(_: Policy) -> dict[str, Policy]:
    """The earlier policies that have been made from this one, by their words."""
    return {}


def policy_of(policy: Policy, words: Words, gone: Mapping[str, Words]) -> Policy:
    """Today's policy with these words, and with the clocks that it has no more (`gone`, by name, as they were last).

    One whose words cannot be read is today's: the record is read as if somebody else had written it.
    """
    known = _known(policy)
    text = json.dumps([words, gone])
    made = known.get(text)
    if made is None:
        try:
            made = _made(policy, words, gone)
        except (AttributeError, IndexError, KeyError, TimeError, TypeError, ValueError):
            made = with_gone(policy, gone)
        known[text] = made
    return made


def with_gone(policy: Policy, gone: Mapping[str, Words]) -> Policy:
    """Today's policy with the clocks that it has no more: nothing starts them."""
    if not gone:
        return policy
    known = _known(policy)
    text = json.dumps(gone)
    made = known.get(text)
    if made is None:
        former = {name: _clock(_former(name, last), None) for name, last in gone.items()}
        made = known[text] = replace(policy, clocks={**policy.clocks, **former})
    return made


def _former(name: str, words: Words) -> Clock:
    """A clock that the policy has no more."""
    try:
        target = target_from(words.get("target", []))
    except (AttributeError, KeyError, TimeError, TypeError, ValueError):
        target = Target(())
    return Clock(name, (), (), target)


def _made(policy: Policy, words: Words, gone: Mapping[str, Words]) -> Policy:
    heard = frozenset(words["commands"])
    roles = {str(name): _role(str(name), people) for name, people in words["roles"].items()}
    dates = words.get("dates", {})
    made = replace(
        policy,
        rules=tuple(_rule(name, item) for name, item in words.items() if name.startswith("rule ")),
        commands=_commands(policy, words, heard),
        fields={
            name: replace(field, set_by=tuple(words.get("fields", {}).get(name, field.set_by)))
            for name, field in policy.fields.items()
            if f"/{name}" in heard
        },
        roles={**policy.roles, **roles},
        incidents=_incidents(policy, words.get("incidents")),
        void=_when(words["void"]) if "void" in words else None,
        stages={str(item[0]): _stage(*item) for item in words.get("stages", [])},
        products={
            name: replace(product, dates={str(date): int(at) for date, at in dates.get(name, {}).items()})
            for name, product in policy.products.items()
        },
    )
    if policy.on_policy_change == "keep":
        made = replace(made, **_measures(policy, words))
    former = {name: _former(name, last) for name, last in gone.items()}
    clocks = {
        name: _clock(clock, words.get(f"clock {name}"), target=policy.on_policy_change == "keep")
        for name, clock in {**policy.clocks, **former}.items()
    }
    for clock in clocks.values():
        _check(clock.target, made.calendars)
    return replace(made, clocks=clocks)


def _check(target: Target, calendars: Mapping[str, Calendar]) -> None:
    """Raises KeyError where a promise is measured on a calendar that nobody knows."""
    for promise in target.choices:
        timed = (term.values for term in promise.when.terms if term.key in ("during", "outside"))
        for name in (promise.calendar, *(name for names in timed for name in names)):
            if name is not None and name not in calendars:
                raise KeyError(name)


def _measures(policy: Policy, words: Words) -> dict[str, Any]:
    """Calendars, the default one and the zone."""
    calendars = {
        name.removeprefix("calendar "): Calendar.from_mapping(mapping)
        for name, mapping in words.items()
        if name.startswith("calendar ")
    }
    default, timezone = words.get("measures", [policy.calendar or "", policy.timezone])
    calendars = {**policy.calendars, **calendars}
    if default and default not in calendars:
        raise KeyError(default)
    return {"calendars": calendars, "calendar": str(default) or None, "timezone": str(timezone)}


def _clock(clock: Clock, words: Words | None, *, target: bool = True) -> Clock:
    if words is None:  # it is not there: nothing starts it
        return replace(clock, start=(), stop=(), pause=(), pause_ends=(), gone=True)
    return replace(
        clock,
        start=_patterns(words.get("start", [])),
        stop=_patterns(words.get("stop", [])),
        pause=_patterns(words.get("pause", [])),
        pause_ends=_patterns(words.get("until", [])),
        when=_when(words.get("when", [])),
        each=bool(words.get("each")),
        survives_close=bool(words.get("survives")),
        target=target_from(words["target"]) if target and "target" in words else clock.target,
    )


def _commands(policy: Policy, words: Words, heard: frozenset[str]) -> dict[str, Command]:
    """Those that were heard then. Of what an earlier build has kept only the words are known."""
    found: dict[str, Command] = {}
    for word in sorted(heard):
        today, then = policy.commands.get(word), words.get(f"command {word}")
        if then is not None:
            found[word] = _command(policy, today if today is not None else Command(word, ()), then)
        elif today is not None:
            found[word] = today
    return found


def _command(policy: Policy, command: Command, words: Words) -> Command:
    needs = words.get("needs")
    return replace(
        command,
        by=tuple(str(role) for role in words.get("by", [])),
        only=_when(words.get("only", [])),
        takes=tuple(
            Argument(str(name), cast(ArgumentType, kind), bool(optional))
            for name, kind, *optional in words.get("takes", [])
        ),
        needs=needs if needs in policy.forms else None,
        cooldown=parse_duration(words["cooldown"]) if "cooldown" in words else None,
        verbs=_verbs(command.verbs, words),
    )


def _incidents(policy: Policy, words: Words | Literal[False] | None) -> Incidents | None:
    if words is None:  # an earlier build kept nothing of them
        return policy.incidents
    if words is False:
        return None
    milestones = {name: _patterns(items) for name, items in words["milestones"].items()}
    today = policy.incidents if policy.incidents is not None else Incidents(When(()))
    needs = tuple(str(need) for need in words["needs"])
    return replace(today, when=_when(words["when"]), milestones={**MILESTONES, **milestones}, close_needs=needs)


def _rule(name: str, words: Words) -> Rule:
    return Rule(name.removeprefix("rule "), _when(words.get("when", [])), _verbs(NOTHING, words))


def _verbs(verbs: Verbs, words: Words) -> Verbs:
    return replace(
        verbs,
        set=_pairs(words.get("set", [])),
        raise_=_pairs(words.get("raise", [])),
        label=tuple(str(label) for label in words.get("label", [])),
        unlabel=tuple(str(label) for label in words.get("unlabel", [])),
        close=bool(words.get("close")),
        until_reply=bool(words.get("reply")),
        reopen=bool(words.get("reopen")),
    )


def _patterns(items: Iterable[list[str]]) -> tuple[Pattern, ...]:
    found = []
    for item in items:
        kind, name, value, by = (*item, "", "", "")[:4]
        found.append(Pattern(cast(PatternKind, kind), str(name), str(value), str(by) or None))
    return tuple(found)


def _when(items: Iterable[list[str]]) -> When:
    return When(tuple(Requirement(str(key), tuple(str(value) for value in values)) for key, *values in items))


def _pairs(items: Iterable[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in items)


def _stage(name: str, promises: str, date: str, offset: str) -> Stage:
    from_ = DateRule(date, parse_duration(offset) if offset else None) if date else None
    return Stage(name, cast(Literal["none", "informal", "binding"], promises), from_)


def _role(name: str, people: Iterable[str]) -> Role:
    choices = []
    for person in people:
        kind, _, rest = person.partition(" ")
        match kind:
            case "@team":
                choices.append(Alternative(team=rest))
            case "@association":
                choices.append(Alternative(association=rest))
            case "@role":
                choices.append(Alternative(role=rest))
            case _:
                choices.append(Alternative(people=(person,)))
    return Role(name, tuple(choices))
