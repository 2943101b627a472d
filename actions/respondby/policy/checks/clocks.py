"""Rules about clocks: they can start, they promise something for every value, they do not run in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.loading.circles import circles
from respondby.policy.model.built_in import PART_OF, WAIT
from respondby.policy.model.clocks import Clock
from respondby.policy.model.conditions import Pattern, When
from respondby.policy.model.policy import Policy


def _starters(clock: Clock) -> dict[str, list[Pattern]]:
    """The clocks whose stop or due starts this one."""
    started: dict[str, list[Pattern]] = {}
    for pattern in clock.start:
        if pattern.kind in ("clock stops", "clock due"):
            started.setdefault(pattern.name, []).append(pattern)
    return started


def _in_circles(subject: Subject) -> Iterator[Finding]:
    clocks = subject.policy.clocks
    for circle in circles({name: list(_starters(clock)) for name, clock in clocks.items()}):
        own_stop = len(circle) == 1 and all(
            pattern.kind == "clock stops" for pattern in _starters(clocks[circle[0]])[circle[0]]
        )
        if own_stop:
            continue  # a clock that starts on its own stop is a cadence
        # `a` starts on `b`, which starts on `a`: told in the order in which they start each other.
        shown = " → ".join((circle[0], *reversed(circle[1:]), circle[0]))
        hint = "Let one of them start on what somebody does."
        message = "These clocks start each other for ever."
        yield Finding(("clocks", circle[0], "start"), message, shown, hint)


def _never_starts(subject: Subject) -> Iterator[Finding]:
    clocks = subject.policy.clocks
    can_start: set[str] = set()
    while True:
        more = {
            name
            for name, clock in clocks.items()
            if name not in can_start and any(_may_start(pattern, name, can_start) for pattern in clock.start)
        }
        if not more:
            break
        can_start |= more
    for name, clock in clocks.items():
        own = _starters(clock).get(name, [])
        if name not in can_start and own and all(pattern.kind == "clock stops" for pattern in own):
            hint = "Add what starts it first, such as `opened`."
            yield Finding(("clocks", name, "start"), f"`{name}` starts only on its own stop.", name, hint)


def _may_start(pattern: Pattern, name: str, can_start: set[str]) -> bool:
    if pattern.kind not in ("clock stops", "clock due"):
        return True
    return pattern.name != name and pattern.name in can_start


def _waiting(subject: Subject) -> Iterator[Finding]:
    """`waiting` begins with /wait, or for a request of an incident once that is resolved: one has to be listed."""
    if {WAIT, PART_OF} & subject.policy.commands.keys():
        return
    for name, clock in subject.policy.clocks.items():
        for key, patterns in (("start", clock.start), ("stop", clock.stop), ("pause", clock.pause)):
            if any(pattern.kind == "waiting" for pattern in patterns):
                hint = "List `/wait: { by: staff }` and `/resume: { by: staff }` under `commands`."
                yield Finding(("clocks", name, key), "The policy has no `/wait`: no case ever waits.", "waiting", hint)


def _without_ties(subject: Subject) -> Iterator[Finding]:
    """A request is part of an incident by /part-of, where the policy has incidents."""
    policy = subject.policy
    listed = PART_OF in policy.commands
    if listed and policy.incidents is None:
        hint = "Write under `incidents` `when` a request is one."
        yield Finding(("commands", PART_OF), "This policy has no incidents to be part of.", PART_OF, hint, at_key=True)
    if listed:
        return
    for name, clock in policy.clocks.items():
        hint = f"List `{PART_OF}: {{ by: staff }}` under `commands`."
        message = f"The policy has no `{PART_OF}`: no request is ever part of an incident."
        for key, patterns in (("start", clock.start), ("stop", clock.stop), ("pause", clock.pause)):
            if any(pattern.kind == "incident" for pattern in patterns):
                yield Finding(("clocks", name, key), message, "incident", hint)
        if any(term.key == "part-of" and "unset" not in term.values for term in clock.when.terms):
            yield Finding(("clocks", name, "when"), message, "part-of", hint)


def _silent_stage(subject: Subject) -> Iterator[Finding]:
    """A clock that is wanted in a stage in which nothing is promised."""
    for name, clock in subject.policy.clocks.items():
        for term in clock.when.terms:
            stages = [subject.policy.stages.get(value) for value in term.values] if term.key == "stage" else []
            for stage in stages:
                if stage is not None and stage.promises == "none":
                    hint = f"Take `{stage.name}` out here, or let the stage promise `informal`."
                    message = f"In stage `{stage.name}` nothing is promised: this clock does not run there."
                    yield Finding(("clocks", name, "when", "stage"), message, stage.name, hint)


def _post_mortem_unasked(subject: Subject) -> Iterator[Finding]:
    if subject.policy.incidents is not None and subject.policy.incidents.post_mortem is not None:
        return
    for name, clock in subject.policy.clocks.items():
        if any(pattern.kind == "post-mortem merged" for pattern in (*clock.start, *clock.stop)):
            hint = "Add `incidents: { when: …, post-mortem: { reviewers: … } }`."
            yield Finding(("clocks", name, "stop"), "The policy asks for no post-mortems.", "post-mortem merged", hint)


def _milestone_unasked(subject: Subject) -> Iterator[Finding]:
    if subject.policy.incidents is not None:
        return
    for name, key, pattern in _starts_and_stops(subject.policy):
        if pattern.kind == "milestone":
            hint = "Add `incidents: { when: … }`."
            yield Finding(("clocks", name, key), "No case is an incident: this is never reached.", pattern.text, hint)


def _never_stops(subject: Subject) -> Iterator[Finding]:
    """A promise that nobody can keep, or that its own end keeps."""
    for name, clock in subject.policy.clocks.items():
        if not any(_may_stop(pattern, name, subject.policy) for pattern in clock.stop):
            hint = "Name what people do, such as `comment by staff` or `closed`"
            hint += ", or add `incidents: { when: … }`." if any(p.kind == "milestone" for p in clock.stop) else "."
            yield Finding(
                ("clocks", name, "stop"), f"Nothing that happens can stop `{name}`.", clock.stop[0].text, hint
            )


def _may_stop(pattern: Pattern, name: str, policy: Policy) -> bool:
    if pattern.kind == "milestone":
        return policy.incidents is not None
    return not (pattern.kind in ("clock due", "clock stops") and pattern.name == name)


def _milestone_by_command(subject: Subject) -> Iterator[Finding]:
    """An incident's clock that heeds a milestone's command, and so not the time that the command names."""
    incidents = subject.policy.incidents
    if incidents is None:
        return
    words = {
        one.name: name for name, moments in incidents.milestones.items() for one in moments if one.kind == "command"
    }
    for name, key, pattern in _starts_and_stops(subject.policy):
        clock = subject.policy.clocks[name]
        command = subject.policy.commands.get(pattern.name) if pattern.kind == "command" else None
        milestone = words.get(pattern.name, "")
        listed = any(one.kind == "milestone" and one.name == milestone for one in getattr(clock, key))
        if (
            command is not None
            and milestone
            and not listed
            and any(argument.type == "time" for argument in command.takes)
            and set(incidents.when.terms) <= set(clock.when.terms)
        ):
            message = f"This counts from when `{pattern.name}` is said, whatever time is said with it."
            yield Finding(("clocks", name, key), message, pattern.text, f"Write `{milestone}`, the milestone.")


def _related_in_sight(subject: Subject) -> Iterator[Finding]:
    """What cases are alike is for the desk: without a channel or a companion a customer would read it."""
    incidents = subject.policy.incidents
    related = incidents.related if incidents is not None else None
    if related is not None and related.via is None and subject.policy.internal is None:
        hint = "Add `via: CHANNEL`, or name an `internal` repository."
        yield Finding(("incidents", "related"), "The customer would read which cases are alike.", "", hint)


def _starts_and_stops(policy: Policy) -> Iterator[tuple[str, str, Pattern]]:
    for name, clock in policy.clocks.items():
        for key, patterns in (("start", clock.start), ("stop", clock.stop)):
            for pattern in patterns:
                yield name, key, pattern


def _values_without_target(subject: Subject) -> Iterator[Finding]:
    for name, clock in subject.policy.clocks.items():
        field = _only_field(clock)
        if field is None or field not in subject.policy.fields:
            continue
        covered = _covered(clock, field)
        wanted = _allowed(subject.policy, field, clock.when)
        missing = [value for value in wanted if value not in covered]
        if missing and "any" not in covered:
            listed = ", ".join(f"`{value}`" for value in missing)
            message = f"`{field}` {listed} {'has' if len(missing) == 1 else 'have'} no target."
            yield Finding(
                ("clocks", name, "target"), message, field, f"Write `{missing[0]}: none` where nothing is promised."
            )


def _only_field(clock: Clock) -> str | None:
    """The field on which every choice depends (what somebody may have said does not count); None where one does not."""
    keys = [{term.key for term in choice.when.terms} for choice in clock.target.choices if choice.argument is None]
    common = set.intersection(*keys) if keys else set()
    return min(common) if common else None


def _covered(clock: Clock, field: str) -> set[str]:
    return {
        value
        for choice in clock.target.choices
        if choice.argument is None
        for term in choice.when.terms
        if term.key == field
        for value in term.values
    }


def _allowed(policy: Policy, field: str, when: When) -> list[str]:
    """The values that the field may have where the clock runs."""
    values = [value.id for value in policy.fields[field].values]
    for term in when.terms:
        if term.key == field and "any" not in term.values:
            values = [value for value in values if value in term.values]
    return values


def _target_never_reached(subject: Subject) -> Iterator[Finding]:
    for name, clock in subject.policy.clocks.items():
        choices = clock.target.choices
        for index, choice in enumerate(choices[:-1]):
            if not choice.when and choice.argument is None:
                following = choices[index + 1].text
                hint = "Put the choice that always applies last."
                message = f"`{choice.text}` always applies: `{following}` is never reached."
                yield Finding(("clocks", name, "target"), message, following, hint)
                break


def _named_before(subject: Subject) -> Iterator[Finding]:
    """A former name that is one of now, or that of two, would give the record of one to another."""
    yield from _former_names("clock", {name: clock.was for name, clock in subject.policy.clocks.items()})
    yield from _former_names("product", {name: product.was for name, product in subject.policy.products.items()})


def _former_names(what: str, former: Mapping[str, str | None]) -> Iterator[Finding]:
    seen: set[str] = set()
    for name, was in former.items():
        if was is not None and (was in former or was in seen):
            hint = f"A {what} `was` a name that no other {what} has or had."
            yield Finding((f"{what}s", name, "was"), f"`{was}` is or was the name of another {what}.", was, hint)
        seen.update([was] if was is not None else [])


RULES = (
    Rule("named-before", "error", _named_before),
    Rule("clock-circle", "error", _in_circles),
    Rule("clock-never-starts", "error", _never_starts),
    Rule("clock-never-stops", "error", _never_stops),
    Rule("waiting-without-command", "error", _waiting),
    Rule("incident-without-ties", "error", _without_ties),
    Rule("stage-without-promises", "warning", _silent_stage),
    Rule("post-mortem-unasked", "warning", _post_mortem_unasked),
    Rule("milestone-unasked", "warning", _milestone_unasked),
    Rule("milestone-by-command", "warning", _milestone_by_command),
    Rule("related-in-sight", "error", _related_in_sight),
    Rule("value-without-target", "error", _values_without_target),
    Rule("target-never-reached", "error", _target_never_reached),
)
