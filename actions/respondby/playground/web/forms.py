"""A new issue as customers open it: the forms to choose from, and one of them to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from respondby.playground.web.serving import Asked, Handler, Reply, Wrong, go
from respondby.playground.web.site import HERE, Site
from respondby.policy.model.requests import Form
from respondby.policy.repository.forms import form_data
from respondby.rehearsal.filling import FormProblem, fill_in
from respondby.rehearsal.ground import REPOSITORY
from respondby.sandbox.store.problems import Problem

#: GitHub takes no longer title.
_LONGEST = 256


def routes(site: Site) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def choose(asked: Asked) -> Reply:
        policy = site.home.policy
        forms = [form for form in policy.forms.values() if form.name]
        return site.page("choose.html", asked, title="New issue", tab="issues", forms=forms, contacts=policy.contacts)

    def show(asked: Asked) -> Reply:
        form = _form(site, asked)
        return go(f"{HERE}/issues/new/choose") if form is None else _page(site, asked, form)

    def create(asked: Asked) -> Reply:
        form = _form(site, asked)
        if form is None:
            raise Wrong(404, "There is no such form.")
        data = form_data(site.home.policy, form)
        try:
            title, body = _filled(asked, data)
        except FormProblem as problem:
            return _page(site, asked, form, status=422, problem=str(problem))
        home, who = site.home, site.who(asked)
        try:
            number = home.forge.open_by_form(REPOSITORY, who.login, title, body, data.get("labels", ()))
        except Problem as problem:
            return _page(site, asked, form, status=422, problem=f"GitHub would refuse this: {problem.message}.")
        site.game.settle()
        return go(f"{HERE}/issues/{number}")

    yield "GET", HERE + "/issues/new/choose", choose
    yield "GET", HERE + "/issues/new", show
    yield "POST", HERE + "/issues/new", create


def _form(site: Site, asked: Asked) -> Form | None:
    id = asked.query.get("template", "").removesuffix(".yml")
    form = site.home.policy.forms.get(id)
    return form if form is not None and form.name else None


def _page(site: Site, asked: Asked, form: Form, *, status: int = 200, problem: str = "") -> Reply:
    data = form_data(site.home.policy, form)
    given: dict[str, Any] = {name: values for name, values in asked.fields.items() if name.startswith("answer-")}
    for place, item in enumerate(data["body"], 1):
        given.setdefault(f"answer-{item.get('id') or place}", [])
    given["title"] = asked.field("title")
    return site.page(
        "form.html", asked, status=status, title=form.name, tab="issues", form=data, file=f"{form.id}.yml",
        given=given, problem=problem,
    )  # fmt: skip


def _filled(asked: Asked, data: dict[str, Any]) -> tuple[str, str]:
    """The title and body that the form's page makes. FormProblem for what it would not send."""
    title = " ".join(asked.field("title").split())
    if not title or len(title) > _LONGEST:
        raise FormProblem(f"The title has one to {_LONGEST} characters.")
    answers = {}
    for question in data["body"]:
        id = str(question.get("id", ""))
        values = [value.replace("\r\n", "\n") for value in asked.fields.get(f"answer-{id}", [])]
        answer = tuple(value for value in values if value.strip())
        if question.get("validations", {}).get("required") and not answer and "default" not in question["attributes"]:
            raise FormProblem(f"“{question['attributes']['label']}” needs an answer.")
        if answer:
            answers[id] = answer if question["type"] in ("dropdown", "checkboxes") else "\n".join(answer)
    return title, fill_in(data, answers)
