"""The words that judge a case, as they were in force: what happened is judged by the policy of its own time.

Clocks, rules, commands, stages and roles are edited while cases are open. Which moment started a promise, which rule
set a field and whether a line was a command was decided by the words in force then, and stays. So the record keeps
these words, first as a whole and then whatever changed, each from its instant on. Laws:

- A happening is judged by the words in force at its instant, whether or not a run had read it by then.
- A change counts from the first instant after the policy's own commit, but for nothing that the record holds already.
  What no commit explains counts after everything that has happened so far.
- What is new begins with its policy: no moment of before starts a new clock, nothing that was true fires a new rule.
- What a policy has no more does nothing more: its target, ladder and verbs are not kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal, NamedTuple, cast

from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.desk.case import Case
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept
from respondby.desk.renamed import former
from respondby.policy.model.clocks import Clock, Rule, Verbs
from respondby.policy.model.conditions import BUILT_IN_ROLES, Alternative, Pattern, PatternKind, Requirement, Role, When
from respondby.policy.model.duties import DateRule, Stage
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import rota_people

#: The kind under which such words are kept.
IN_FORCE = "in-force"

Words = Mapping[str, Any]


class Earlier(NamedTuple):
    """A policy that was in force up to `until`, that instant included."""

    until: Instant
    policy: Policy


def in_force(policy: Policy, case: Case, ledger: Ledger) -> tuple[tuple[Earlier, ...], tuple[Kept, ...]]:
    """The policies that were in force before today's, oldest first, and what is to be kept of today's.

    An earlier policy has today's clocks, in their order, with the words of then; one that was not there listens to
    nothing.
    """
    today = _words_of(policy)
    found = list(_kept_words(policy, ledger))
    if not found:
        return (), (_kept(case.created, today),)
    last_at, last = found[-1]
    changes: tuple[Kept, ...] = ()
    if last != today:
        since = max(last_at + 1, _explained(policy, case, ledger))
        changed = {name: words for name, words in today.items() if last.get(name) != words}
        gone = {name: None for name in last if name not in today}
        changes = (_kept(since, {**changed, **gone}),)
        found.append((since, today))
    earlier = (
        Earlier(until, policy if words == today else _policy_of(policy, words))
        for (_, words), (until, _) in pairwise(found)
    )
    return tuple(earlier), changes


def roles_in_force(policy: Policy, ledger: Ledger) -> tuple[tuple[Instant, frozenset[str]], ...]:
    """Which roles meant the same as today, since when: oldest first."""
    today = _words_of(policy)["roles"]
    return tuple(
        (since, frozenset(name for name, people in words.get("roles", {}).items() if today.get(name) == people))
        for since, words in _kept_words(policy, ledger)
    )


def judged_throughout(policy: Policy, ledger: Ledger) -> bool:
    """Whether the words in force were today's from the case's first instant on, as far as the record tells."""
    today = _words_of(policy)
    found = [words for _, words in _kept_words(policy, ledger)]
    return bool(found) and all(words == today for words in found)


def _explained(policy: Policy, case: Case, ledger: Ledger) -> Instant:
    """The last instant that is judged by the words of before."""
    known = [kept.at for kept in ledger.kept.values()]
    known.extend(instant for record in ledger.records.values() for instant in (record.at, record.done))
    if policy.committed is not None:
        known.append(policy.committed)
    else:
        known.extend(moment.at for moment in case.moments)
        known.extend(revision.at for moment in case.moments for revision in moment.revisions)
    return max(known, default=case.created)


# -- the record -------------------------------------------------------------------------------------------------------


def _kept(at: Instant, words: Words) -> Kept:
    value = json.dumps(words, separators=(",", ":"), ensure_ascii=False)
    return Kept(f"{IN_FORCE}/{at}/{sha256(value.encode()).hexdigest()[:8]}", at, "", "", IN_FORCE, "", value)


def _kept_words(policy: Policy, ledger: Ledger) -> Iterable[tuple[Instant, Words]]:
    """The words that the record holds and since when each was in force, whole, oldest first.

    Clocks go by their names of today.
    """
    names = {f"clock {old}": f"clock {new}" for old, new in former(policy).items()}
    known = [kept for kept in ledger.kept.values() if kept.kind == IN_FORCE]
    words: Words = {}
    for kept in sorted(known, key=lambda kept: (kept.at, kept.key)):
        changed = _read(kept.value)
        if changed is not None:
            changed = {names[name]: item for name, item in changed.items() if name in names} | {
                name: item for name, item in changed.items() if name not in names
            }
            words = {name: item for name, item in {**words, **changed}.items() if item is not None}
            yield kept.at, words


@lru_cache(maxsize=256)  # the cases of a desk hold the same words
def _read(value: str) -> Words | None:
    try:
        data = json.loads(value)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


# -- from a policy to its words ---------------------------------------------------------------------------------------


@per_policy
def _words_of(policy: Policy) -> Words:
    """What of the policy judges, in short: only what differs from a default is there."""
    words: dict[str, Any] = {f"clock {clock.name}": _clock_words(clock) for clock in policy.clocks.values()}
    words.update((f"rule {rule.id}", _rule_words(rule)) for rule in policy.rules)
    words["commands"] = sorted([*policy.commands, *(f"/{name}" for name in policy.fields)])
    words["roles"] = {role.name: sorted(_people(policy, role, len(policy.roles))) for role in policy.roles.values()}
    if policy.void is not None:
        words["void"] = _when_words(policy.void)
    if policy.stages:
        words["stages"] = [_stage_words(stage) for stage in policy.stages.values()]
        words["dates"] = {product.id: dict(product.dates) for product in policy.products.values() if product.dates}
    found = json.loads(json.dumps(words))  # as it is when it is read back
    assert isinstance(found, dict)
    return found


def _clock_words(clock: Clock) -> Words:
    said: dict[str, Any] = {
        "start": [_pattern_words(pattern) for pattern in clock.start],
        "stop": [_pattern_words(pattern) for pattern in clock.stop],
        "pause": [_pattern_words(pattern) for pattern in clock.pause],
        "until": [_pattern_words(pattern) for pattern in clock.pause_ends],
        "when": _when_words(clock.when),
        "each": clock.each,
        "survives": clock.survives_close,
    }
    return {name: item for name, item in said.items() if item}


def _rule_words(rule: Rule) -> Words:
    verbs = rule.verbs
    said: dict[str, Any] = {
        "when": _when_words(rule.when),
        "set": verbs.set,
        "raise": verbs.raise_,
        "label": verbs.label,
        "unlabel": verbs.unlabel,
        "close": verbs.close,
        "reply": verbs.until_reply,
        "reopen": verbs.reopen,
    }
    return {name: item for name, item in said.items() if item}


def _pattern_words(pattern: Pattern) -> list[str]:
    said = [pattern.kind, pattern.name, pattern.value, pattern.by or ""]
    while not said[-1]:
        said.pop()
    return said


def _when_words(when: When) -> list[list[str]]:
    return [[term.key, *term.values] for term in when.terms]


def _stage_words(stage: Stage) -> list[str]:
    offset = "" if stage.from_ is None or stage.from_.offset is None else str(stage.from_.offset)
    return [stage.name, stage.promises, "" if stage.from_ is None else stage.from_.name, offset]


def _people(policy: Policy, role: Role, depth: int) -> set[str]:
    """Who can hold a role: logins and, with an `@` before it, what only GitHub or the case can tell."""
    found: set[str] = set()
    for choice in role.alternatives:
        if choice.team is not None:
            found.add(f"@team {choice.team}")
        elif choice.association is not None:
            found.add(f"@association {choice.association}")
        elif choice.rota is not None:
            found.update(rota_people(policy.rotas[choice.rota]))
        elif choice.role is None:
            found.update(choice.people)
        elif choice.role in policy.roles and depth > 0:
            found |= _people(policy, policy.roles[choice.role], depth - 1)
        else:
            found.add(f"@role {choice.role}" if choice.role in BUILT_IN_ROLES else choice.role)
    return found


# -- and back ---------------------------------------------------------------------------------------------------------


@per_policy
def _known(_: Policy) -> dict[str, Policy]:
    """The earlier policies that have been made from this one, by their words."""
    return {}


def _policy_of(policy: Policy, words: Words) -> Policy:
    """Today's policy with these words. One whose words cannot be read is today's: the record is read as if somebody
    else had written it.
    """
    known = _known(policy)
    text = json.dumps(words)
    made = known.get(text)
    if made is None:
        try:
            made = _made(policy, words)
        except (AttributeError, IndexError, KeyError, TimeError, TypeError, ValueError):
            made = policy
        known[text] = made
    return made


def _made(policy: Policy, words: Words) -> Policy:
    heard = frozenset(words["commands"])
    roles = {str(name): _role(str(name), people) for name, people in words["roles"].items()}
    dates = words.get("dates", {})
    return replace(
        policy,
        clocks={name: _clock(clock, words.get(f"clock {name}")) for name, clock in policy.clocks.items()},
        rules=tuple(_rule(name, item) for name, item in words.items() if name.startswith("rule ")),
        commands={word: command for word, command in policy.commands.items() if word in heard},
        fields={name: field for name, field in policy.fields.items() if f"/{name}" in heard},
        roles={**policy.roles, **roles},
        void=_when(words["void"]) if "void" in words else None,
        stages={str(item[0]): _stage(*item) for item in words.get("stages", [])},
        products={
            name: replace(product, dates={str(date): int(at) for date, at in dates.get(name, {}).items()})
            for name, product in policy.products.items()
        },
    )


def _clock(clock: Clock, words: Words | None) -> Clock:
    if words is None:  # it was not there: nothing starts it
        return replace(clock, start=(), stop=(), pause=(), pause_ends=())
    return replace(
        clock,
        start=_patterns(words.get("start", [])),
        stop=_patterns(words.get("stop", [])),
        pause=_patterns(words.get("pause", [])),
        pause_ends=_patterns(words.get("until", [])),
        when=_when(words.get("when", [])),
        each=bool(words.get("each")),
        survives_close=bool(words.get("survives")),
    )


def _rule(name: str, words: Words) -> Rule:
    verbs = Verbs(
        set=_pairs(words.get("set", [])),
        raise_=_pairs(words.get("raise", [])),
        label=tuple(str(label) for label in words.get("label", [])),
        unlabel=tuple(str(label) for label in words.get("unlabel", [])),
        close=bool(words.get("close")),
        until_reply=bool(words.get("reply")),
        reopen=bool(words.get("reopen")),
    )
    return Rule(name.removeprefix("rule "), _when(words.get("when", [])), verbs)


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
