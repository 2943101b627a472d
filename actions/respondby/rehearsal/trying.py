"""What if this request came: one case that nobody answers, through the whole desk, and who is told what and when.

- It is a rehearsal of one step, so what is told here is what the desk would do: nothing is worked out a second time.
- A policy in shadow, or one that is switched off, is tried as if it were live. What is asked and was not answered is
  filled in: a question that has to be answered keeps nobody from trying.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from respondby.calendars.instants import DAY, Instant, iso
from respondby.dataclass import dataclass
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Form
from respondby.policy.text.problems import PolicyError, nearest
from respondby.rehearsal.delivering import House
from respondby.rehearsal.filling import FormProblem
from respondby.rehearsal.observing import Happening
from respondby.rehearsal.play import play
from respondby.rehearsal.refusals import ActProblem
from respondby.rehearsal.sense import read_policy
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Expect, Opens, Scenario, Step

#: How long nobody answers.
DAYS = 31
#: Who opens the request where nobody is named.
SOMEBODY = "a-customer"

_MODE = re.compile(r"^mode: *[a-z]+", re.MULTILINE)
#: Duties go on whether or not this request comes, and so do groups that follow a rota.
_DUTIES = re.compile(r"^duties:.*?(?=^[^\s#]|\Z)", re.MULTILINE | re.DOTALL)
_GROUP = "is set to "
_QUESTION = "–"


class NotTried(ValueError):
    """A request that this desk's forms cannot make; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to try: its title, form (None: the first that the chooser offers), answers and author."""

    title: str
    form: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: the form that was meant, who opened it, and all that happened about it, in order."""

    policy: Policy
    request: Request
    at: Instant
    happened: tuple[Happening, ...]
    failed: int

    def to_json(self) -> dict[str, Any]:
        """For machines; instants in UTC, lengths in seconds."""
        return {
            "title": self.request.title,
            "form": self.request.form,
            "with": dict(self.request.answers),
            "author": self.request.author,
            "at": iso(self.at),
            "happens": [
                {"at": iso(one.at), "after": one.at - self.at, "kind": one.kind, "who": one.who, "text": one.text}
                for one in self.happened
            ],
        }


def wanted(policy: Policy, request: Request) -> Request:
    """The request as it can be opened: its form, author and all of the answers that the form needs."""
    form = _form(policy, request.form)
    asked = {question.id: question for question in form.ask} if form is not None else {}
    choices = form.choose if form is not None else ()
    given = dict(request.answers)
    for id in given:
        if id not in asked and id not in choices and id not in _weighed(policy, choices):
            known = [*choices, *asked]
            meant = nearest(id, known)
            hint = f"did you mean `{meant}`?" if meant else f"it asks {', '.join(f'`{one}`' for one in known)}"
            raise NotTried(f"the form `{form.id if form else ''}` does not ask `{id}`; {hint}")
    for id, question in asked.items():
        if id not in given and not question.optional:
            given[id] = question.options[0] if question.options else _QUESTION
    customers = [login for customer in policy.customers.values() for login in customer.members]
    author = request.author or next(iter(customers), SOMEBODY)
    return replace(request, form=form.id if form else None, answers=tuple(given.items()), author=author)


def tried(path: Path, request: Request, at: Instant, house: House) -> Tried:
    """Play it. PolicyError for a policy that does not load, NotTried for a request that no form makes."""
    policy, text, files = read_policy(path)
    request = wanted(policy, request)
    assert request.author is not None, "`wanted` names somebody"
    policy, text = _for_one(text, path, files)
    known = {*policy.people}
    scenario = Scenario(
        name=request.title,
        file=str(path),
        policy=path,
        timezone=policy.timezone,
        starts=at,
        people={} if request.author in known else {request.author: "customer"},
        story=(
            Step(at, 0, Opens(request.author, request.form, request.title, request.answers)),
            Step(at + DAYS * DAY, 0, Expect()),
        ),
    )
    try:
        with Stage(scenario, policy, text, files) as stage:
            played = play(scenario, stage, house)
    except (ActProblem, FormProblem) as problem:
        raise NotTried(str(problem)) from None
    story = [one for one in played.story if isinstance(one, Happening)]
    ours = next((one.case for one in story if one.kind == "act"), None)
    about = tuple(
        one
        for one in story
        if one.kind in ("desk", "told", "run") and one.case in (ours, None) and not one.text.startswith(_GROUP)
    )
    return Tried(policy, request, at, about, played.failed)


def _for_one(text: str, path: Path, files: Mapping[str, str]) -> tuple[Policy, str]:
    """The policy that one request is tried with: live, and where nothing else asks for them, without its duties."""
    live = _MODE.sub("mode: live", text)
    alone = _DUTIES.sub("", live)
    try:
        return load(alone, path=str(path), files=files), alone
    except PolicyError:
        return load(live, path=str(path), files=files), live


def _form(policy: Policy, name: str | None) -> Form | None:
    offered = {id: form for id, form in policy.forms.items() if form.name is not None}
    if name is None:
        return next(iter(offered.values()), None)
    if name not in offered:
        meant = nearest(name, offered)
        hint = f"did you mean `{meant}`?" if meant else f"there are {', '.join(f'`{one}`' for one in offered)}"
        raise NotTried(f"there is no form `{name}`; {hint}")
    return offered[name]


def _weighed(policy: Policy, choices: tuple[str, ...]) -> Mapping[str, object]:
    """The questions that weigh a field's value, where the form chooses them."""
    fields = [policy.fields[name.partition(".")[0]] for name in choices if "." in name]
    return {question.id: None for field in fields if field.propose for question, _ in field.propose.questions}
