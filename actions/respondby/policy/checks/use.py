"""Rules about what is written and never used, and about names that GitHub or the shell would not take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.built_in import BUILT_IN
from respondby.policy.model.clocks import NOTHING, all_verbs
from respondby.policy.repository.secret_names import RESERVED
from respondby.policy.repository.workflow_secrets import written_out
from respondby.policy.repository.workflow_steps import steps_of
from respondby.policy.text.cursor import Path, Reference


def _used(subject: Subject, *kinds: str, outside: str | None = None) -> set[str]:
    """The names of these kinds that something refers to; references from within a section may be left out."""
    return {
        reference.name
        for reference in subject.reading.references
        if reference.kind in kinds and not (outside is not None and reference.path[:1] == (outside,))
    }


def _unused_names(subject: Subject) -> Iterator[tuple[Path, str]]:
    """What is declared under one section and meant by nothing: its path, and what it is."""
    policy = subject.policy
    channels = _used(subject, "channel")
    unheard = (name for name, channel in policy.channels.items() if channel.says is None)
    yield from ((("channels", name), "channel") for name in unheard if name not in channels)
    ladders = _used(subject, "ladder")
    yield from (
        (("ladders", name), "ladder") for name in subject.reading.written("ladders") or {} if name not in ladders
    )
    rotas = _used(subject, "rota")
    yield from ((("rotas", name), "rota") for name in policy.rotas if name not in rotas)
    calendars = _used(subject, "calendar")
    yield from ((("calendars", name), "calendar") for name in policy.calendars if name not in calendars)
    roles = _used(subject, "role") | {"staff", "bots"}
    yield from ((("roles", name), "role") for name in subject.reading.written("roles") or {} if name not in roles)
    forms = _used(subject, "form")
    yield from (
        (("forms", form.id), "block") for form in policy.forms.values() if form.name is None and form.id not in forms
    )


def _never_used(subject: Subject) -> Iterator[Finding]:
    for path, what in _unused_names(subject):
        yield Finding(path, f"Nothing uses this {what}.", str(path[-1]), "Use it, or take it out.", at_key=True)


def _idle_people(subject: Subject) -> Iterator[Finding]:
    if "staff" not in (subject.reading.written("roles") or {}):
        return  # it holds everybody in `people`
    used = _used(subject, "person", "role")
    names = {name.casefold() for name in used}
    for login in subject.policy.people:
        if login.casefold() not in names:
            hint = "Put this person into a role or a rota, or take them out."
            yield Finding(("people", login), f"`{login}` is in no role and no rota.", login, hint, at_key=True)


def _idle_commands(subject: Subject) -> Iterator[Finding]:
    said = _used(subject, "command") | {name.partition(".")[0] for name in _used(subject, "argument")}
    for word, command in subject.policy.commands.items():
        idle = command.verbs == NOTHING and command.needs is None and word not in BUILT_IN and word not in said
        if idle:
            hint = "Give it a verb, or let a clock start or stop on it."
            yield Finding(("commands", word), "This command does nothing.", word, hint, at_key=True)


def _secrets(subject: Subject) -> list[Reference]:
    return [reference for reference in subject.reading.references if reference.kind == "secret"]


def _reserved_secrets(subject: Subject) -> Iterator[Finding]:
    """Names that a login or product makes into one of GitHub's own; the loader refuses those that are written so."""
    for reference in _secrets(subject):
        name = next((name for name in written_out(subject.policy, reference.name) if name.startswith(RESERVED)), None)
        if name is not None:
            message = f"This would be called {name} for one of them, and GitHub keeps such names."
            yield Finding(reference.path, message, reference.name, "Begin it with a word of your own: `CHAT_{PERSON}`.")


def _unpassed_secrets(subject: Subject) -> Iterator[Finding]:
    """A secret reaches a run only where the run's own workflow passes it."""
    passed_by = _passed_by(subject.surroundings.workflows or {})
    for reference in _secrets(subject):
        names = list(written_out(subject.policy, reference.name))
        lacking = {path: [name for name in names if name not in passed] for path, passed in passed_by.items()}
        lacking = {path: missing for path, missing in lacking.items() if missing}
        if lacking:
            missing = list(dict.fromkeys(name for path in lacking for name in lacking[path]))
            who = "No workflow passes" if len(lacking) == len(passed_by) else f"Not passed by {', '.join(lacking)}:"
            listed = f"{', '.join(missing[:4])}{', …' if len(missing) > 4 else ''}"
            message = f"{who} the secret{'s' if len(missing) > 1 else ''} {listed}."
            hint = "`respondby sync --workflows` passes what the policy names."
            yield Finding(reference.path, message, reference.name, hint)


def _passed_by(workflows: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """What each workflow that runs the desk gives all of its runs, by path.

    Where no step is known to run the desk, some step of another kind must: then what any of them passes counts.
    """
    given: dict[str, frozenset[str]] = {}
    for step in steps_of(workflows):
        given[step.path] = given.get(step.path, step.given) & step.given
    texts = "\n".join(workflows.values())
    if given or not texts or re.search(r"toJSON\(\s*secrets\s*\)", texts, re.IGNORECASE):
        return given
    passed = re.findall(r"secrets\.([A-Za-z_][A-Za-z0-9_]*)", texts)
    return {"all": frozenset(name.upper() for name in passed)}


def _place_for_nothing(subject: Subject) -> Iterator[Finding]:
    for reference in _secrets(subject):
        if "{PRODUCT}" in reference.name and not subject.policy.products:
            yield Finding(reference.path, "This policy has no products.", reference.name, "Take {PRODUCT} out.")


def _queue_among_cases(subject: Subject) -> Iterator[Finding]:
    """The label by which the queue's issue is told from cases is on cases, too."""
    policy = subject.policy
    if policy.queue is None:
        return
    verbs = [
        *(verbs for clock in policy.clocks.values() for verbs in all_verbs(clock.ladder)),
        *(rule.verbs for rule in policy.rules),
        *(command.verbs for command in policy.commands.values()),
    ]
    on = {label for one in verbs for label in one.label}
    values = {f"{field.label}{value.id}" for field in policy.fields.values() for value in field.values}
    label = policy.queue.label
    if label.lower() in {name.lower() for name in (*on, *values)}:
        message = "The desk puts this label on cases: the queue's issue could not be told from them by it."
        yield Finding(("queue", "label"), message, label, "Give the queue a label of its own.")


RULES = (
    Rule("never-used", "warning", _never_used),
    Rule("person-unused", "warning", _idle_people),
    Rule("command-idle", "warning", _idle_commands),
    Rule("queue-label", "warning", _queue_among_cases),
    Rule("secret-reserved", "error", _reserved_secrets),
    Rule("secret-not-passed", "error", _unpassed_secrets),
    Rule("secret-without-products", "error", _place_for_nothing),
)
