"""People act: every deed of a person is the REST requests that GitHub's page would make, by their own token.

What the forge refuses (a stranger who labels) is a `Refused`, which a scenario can expect; what a scenario asks for in
vain (a comment that nobody wrote) is an `ActProblem`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from respondby.channels.message import as_name
from respondby.policy.model.requests import Form
from respondby.policy.repository.forms import form_data
from respondby.rehearsal.filling import FormProblem, fill_in, in_names
from respondby.rehearsal.ground import REPOSITORY
from respondby.rehearsal.refusals import ActProblem, Refused
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import (
    AnswersPage,
    Assigns,
    Closes,
    Deletes,
    Dispatches,
    Edits,
    Labels,
    Merges,
    Opens,
    Reopens,
    Says,
    Ticks,
    Writes,
)
from respondby.sandbox.store.problems import Problem

Act = (
    Opens
    | Says
    | Edits
    | Ticks
    | Labels
    | Assigns
    | Closes
    | Reopens
    | Deletes
    | Merges
    | Writes
    | AnswersPage
    | Dispatches
)


class Actors:
    """Performs deeds on a stage and remembers what people need to act again: cases, their answers, last comments."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.cases: list[int] = []
        self._opened: dict[int, Opens] = {}
        self._comments: dict[tuple[int, str], int] = {}

    def number(self, case: int | str | None) -> int | None:
        """The issue's number of a case, counted as the story opens them; without one, of the last; of a duty, of the
        issue that the desk opened last. None where there is none yet.
        """
        if isinstance(case, str):
            return self.stage.opened_issue(case)
        return self.cases[-1 if case is None else case - 1] if self.cases else None

    def perform(self, act: Act, case: int | str | None) -> None:
        """Let the person do it. Raises Refused and ActProblem."""
        if act.who not in self.stage.people():
            raise ActProblem(f"nobody is called `{act.who}`: name them under `people`")
        if isinstance(act, Opens):
            self._open(act)
            return
        if isinstance(act, Dispatches):
            sent = {"event_type": act.name, "client_payload": dict(act.payload)}
            self._send(act.who, "POST", "/dispatches", sent)
            return
        number = self.number(case)
        if number is None:
            raise ActProblem(f"the desk has opened no issue for `{case}`" if case else "no case has been opened")
        self._act_on(act, number)

    def _act_on(self, act: Act, number: int) -> None:
        issue = f"/issues/{number}"
        match act:
            case AnswersPage(who, change):
                self._answer_page(who, change, number)
            case Says():
                made = self._send(act.who, "POST", f"{issue}/comments", {"body": act.text})
                self._comments[number, act.who] = made["id"]
            case Edits() if act.text is not None:
                self._send(act.who, "PATCH", self._last_comment(act.who, number), {"body": act.text})
            case Edits():
                self._send(act.who, "PATCH", issue, self._edited(act, number))
            case Ticks(who, boxes):
                body = self._send(who, "GET", issue)["body"] or ""
                self._send(who, "PATCH", issue, {"body": _ticked(body, boxes)})
            case Labels():
                if act.add:
                    self._send(act.who, "POST", f"{issue}/labels", {"labels": list(act.add)})
                for name in act.remove:
                    self._send(act.who, "DELETE", f"{issue}/labels/{quote(name, safe='')}")
            case Assigns():
                self._send(act.who, "POST", f"{issue}/assignees", {"assignees": list(act.people)})
            case Closes():
                self._send(act.who, "PATCH", issue, {"state": "closed", "state_reason": act.reason})
            case Reopens():
                self._send(act.who, "PATCH", issue, {"state": "open"})
            case Merges():
                from respondby.rehearsal.merging import merge  # with it comes what only post-mortems need

                merge(self.stage, act, number)
            case Writes():
                from respondby.rehearsal.merging import write

                write(self.stage, act, number)
            case Deletes(what="comment"):
                self._send(act.who, "DELETE", self._last_comment(act.who, number))
                del self._comments[number, act.who]
            case _:
                self._delete_case(act.who, number)

    def _open(self, act: Opens) -> None:
        number = self._open_blank(act) if act.form is None else self._open_by(self._form(act.form), act)
        self.cases.append(number)
        self._opened[number] = act

    def _open_blank(self, act: Opens) -> int:
        return int(self._send(act.who, "POST", "/issues", {"title": act.title, "body": act.body})["number"])

    def _open_by(self, form: Form, act: Opens) -> int:
        """By the form's page: its labels come with the case, but GitHub makes none that the repository lacks."""
        labels = form_data(self.stage.policy, form).get("labels", ())
        try:
            return self.stage.forge.open_by_form(REPOSITORY, act.who, act.title, self._body(form, act), labels)
        except Problem as problem:
            raise Refused(problem.status, problem.message) from problem

    def _form(self, id: str) -> Form:
        forms = {form.id: form for form in self.stage.policy.forms.values() if form.name}
        if id not in forms:
            raise ActProblem(f"there is no form `{id}`; the policy has {', '.join(f'`{known}`' for known in forms)}")
        return forms[id]

    def _body(self, form: Form, act: Opens) -> str:
        policy = self.stage.policy
        try:
            return fill_in(form_data(policy, form), in_names(policy, form, act.answers))
        except FormProblem as error:
            raise ActProblem(str(error)) from error

    def _edited(self, act: Edits, number: int) -> dict[str, str]:
        changes: dict[str, str] = {} if act.title is None else {"title": act.title}
        if act.answers:
            opened = self._opened[number]
            if opened.form is None:
                raise ActProblem("this case was opened without a form: it has no answers to edit")
            now = replace(opened, answers=tuple({**dict(opened.answers), **dict(act.answers)}.items()))
            self._opened[number] = now
            changes["body"] = self._body(self._form(opened.form), now)
        return changes

    def _last_comment(self, who: str, number: int) -> str:
        if (number, who) not in self._comments:
            raise ActProblem(f"`{who}` has not commented on this case")
        return f"/issues/comments/{self._comments[number, who]}"

    def _answer_page(self, who: str, change: str, number: int) -> None:
        """In the pager, as the user that the policy says they are there; else as one whom it does not know."""
        person = self.stage.policy.people.get(who)
        id = (person.pager if person else None) or f"P{as_name(who)}"
        receiver = self.stage.receiver
        if not receiver.pager.answer(who, id, f"{REPOSITORY}#{number}", change, receiver.now):
            raise ActProblem(f"no page to `{who}` stands open at a pager; only a pagerduty channel can be answered")

    def _delete_case(self, who: str, number: int) -> None:
        issue = self._send(who, "GET", f"/issues/{number}")
        query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
        sent = {"query": query, "variables": {"id": issue["node_id"]}}
        with self.stage.forge.calm():
            _, answer = self.stage.forge.direct("POST", "/graphql", self.stage.token(who), sent)
        if answer.get("errors"):
            raise Refused(403, str(answer["errors"][0]["message"]))

    def _send(self, who: str, method: str, path: str, body: Any = None) -> Any:
        status, answer = self.stage.call(who, method, path, body)
        if status >= 400:
            raise Refused(status, str((answer or {}).get("message", "refused")))
        return answer


def _ticked(body: str, boxes: tuple[str, ...]) -> str:
    """The text with these boxes ticked. Raises ActProblem for one that it does not have."""
    missing = [box for box in boxes if f"- [ ] {box}" not in body]
    if missing:
        raise ActProblem(f"the issue has no open box “{missing[0]}”")
    for box in boxes or ("",):
        body = body.replace(f"- [ ] {box}", f"- [x] {box}")
    return body
