"""What of a policy judges a case, as plain data; and a clock's target as the record keeps it, and back.

Only what differs from a default is there, and nothing that calls people: ladders and the verbs that tell somebody are
always today's (rule 18).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from respondby.calendars.durations import parse_duration
from respondby.policy.model.clocks import Clock, Promise, Rule, Target, Verbs
from respondby.policy.model.conditions import BUILT_IN_ROLES, Pattern, Requirement, Role, When
from respondby.policy.model.duties import Stage
from respondby.policy.model.incidents import MILESTONES, Incidents
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Command
from respondby.policy.people.holders import rota_people

Words = Mapping[str, Any]


@per_policy
def words_of(policy: Policy) -> Words:
    """What of the policy judges, in short."""
    words: dict[str, Any] = {f"clock {clock.name}": _clock_words(clock) for clock in policy.clocks.values()}
    words.update((f"rule {rule.id}", _rule_words(rule)) for rule in policy.rules)
    words.update((f"command {command.word}", _command_words(command)) for command in policy.commands.values())
    words["commands"] = sorted([*policy.commands, *(f"/{name}" for name in policy.fields)])
    words["fields"] = {field.name: list(field.set_by) for field in policy.fields.values()}
    words["roles"] = {role.name: sorted(_people(policy, role, len(policy.roles))) for role in policy.roles.values()}
    words.update((f"calendar {name}", calendar.to_mapping()) for name, calendar in policy.calendars.items())
    words["measures"] = [policy.calendar or "", policy.timezone]
    words["incidents"] = _incident_words(policy.incidents) if policy.incidents is not None else False
    if policy.void is not None:
        words["void"] = _when_words(policy.void)
    if policy.stages:
        words["stages"] = [_stage_words(stage) for stage in policy.stages.values()]
        words["dates"] = {product.id: dict(product.dates) for product in policy.products.values() if product.dates}
    found = json.loads(json.dumps(words))  # as it is when it is read back
    assert isinstance(found, dict)
    return found


def _clock_words(clock: Clock) -> Words:
    return _said(
        start=[_pattern_words(pattern) for pattern in clock.start],
        stop=[_pattern_words(pattern) for pattern in clock.stop],
        pause=[_pattern_words(pattern) for pattern in clock.pause],
        until=[_pattern_words(pattern) for pattern in clock.pause_ends],
        when=_when_words(clock.when),
        each=clock.each,
        survives=clock.survives_close,
        target=target_as_data(clock.target),
    )


def _rule_words(rule: Rule) -> Words:
    return _said(when=_when_words(rule.when), **_verb_words(rule.verbs))


def _command_words(command: Command) -> Words:
    return _said(
        by=command.by,
        only=_when_words(command.only),
        takes=[[argument.name, argument.type, *(["optional"] * argument.optional)] for argument in command.takes],
        needs=command.needs,
        cooldown=command.cooldown and str(command.cooldown),
        **_verb_words(command.verbs),
    )


def _verb_words(verbs: Verbs) -> Words:
    """What the verbs change of the case itself."""
    return {
        "set": verbs.set,
        "raise": verbs.raise_,
        "label": verbs.label,
        "unlabel": verbs.unlabel,
        "close": verbs.close,
        "reply": verbs.until_reply,
        "reopen": verbs.reopen,
    }


def _incident_words(incidents: Incidents) -> Words:
    milestones = {
        name: [_pattern_words(pattern) for pattern in patterns]
        for name, patterns in incidents.milestones.items()
        if patterns != MILESTONES.get(name)
    }
    return {"when": _when_words(incidents.when), "milestones": milestones, "needs": incidents.close_needs}


def _said(**said: object) -> Words:
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


def target_as_data(target: Target) -> list[dict[str, Any]]:
    """The promises of a target, in order; only what differs from a default is there."""
    return [_promise(choice) for choice in target.choices]


def _promise(choice: Promise) -> dict[str, Any]:
    item: dict[str, Any] = {}
    if choice.when:
        item["when"] = [[term.key, list(term.values)] for term in choice.when.terms]
    if choice.within is not None:
        item["within"] = str(choice.within)
    if choice.by is not None:
        item["by"] = choice.by
    if choice.argument is not None:
        item["argument"] = list(choice.argument)
    if choice.none:
        item["none"] = True
    if choice.calendar is not None:
        item["calendar"] = choice.calendar
    if choice.text:
        item["text"] = choice.text
    return item


def target_from(data: Iterable[dict[str, Any]]) -> Target:
    """The target again."""
    return Target(
        tuple(
            Promise(
                when=When(tuple(Requirement(key, tuple(values)) for key, values in item.get("when", []))),
                within=parse_duration(item["within"]) if "within" in item else None,
                by=item.get("by"),
                argument=(item["argument"][0], item["argument"][1]) if "argument" in item else None,
                none=bool(item.get("none", False)),
                calendar=item.get("calendar"),
                text=item.get("text", ""),
            )
            for item in data
        )
    )
