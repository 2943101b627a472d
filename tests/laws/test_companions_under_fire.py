"""Law 5 for what is said in another repository: killed runs and runs that meet leave one companion and one comment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Self

import pytest
from tests.faults.hooks import Hook, HookedClient
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.forge.answers import Answer
from respondby.forge.client import Client
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

POLICY = fire.POLICY.replace("page: [first, lead], via: pager, comment", "notify: [author, first], comment")
INTERNAL = "\ninternal: { repository: %s, token: INSIDE }\n"


class BothHooked(HookedClient):
    """A client whose other repositories are under fire as well."""

    def elsewhere(self, repository: str, token: str) -> Client:
        other = super().elsewhere(repository, token)
        assert isinstance(other, HookedClient)
        other.hook = self.hook
        return other


class InOrder:
    """Tells a hook of the requests of both connections as of one sequence."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._number = -1

    def body(self, number: int, body: Any) -> Any:
        return self._hook.body(self._number + 1, body)

    def before(self, number: int, send: Callable[[], Answer], verb: str, url: str) -> None:
        self._number += 1
        self._hook.before(self._number, send, verb, url)

    def after(self, number: int) -> None:
        self._hook.after(self._number)


class Inside(Trial):
    """A case whose breach is told on the case, inside, and through a pager; half of the time together with it."""

    ACTS = ("09:00:00", "10:05:00")
    inside: str
    token: str

    @classmethod
    def begin(cls, sandbox: Sandbox, pager: Receiver) -> Self:
        trial = super().begin(sandbox, pager)
        trial.inside = f"{trial.repository}-inside"
        sandbox.repo("acme", trial.inside.removeprefix("acme/"), private=True)
        for login in ("ann", "bob", "tess", "acme-inside"):
            sandbox.member(trial.inside, login, "MEMBER")
        trial.token = sandbox.token("acme-inside")
        sandbox.files(trial.repository, {".github/support.yml": POLICY + INTERNAL % trial.inside})
        return trial

    def run(self, number: int, hook: Hook | None = None) -> Report:
        client = BothHooked(
            self.sandbox.url, self.bot, self.repository, pace=None, patience=fire.PATIENCE, sleep=lambda _: None
        )
        client.hook = None if hook is None else InOrder(hook)
        return sweep(Desk(client, {"PAGER": self.pager.url, "INSIDE": self.token}.get))

    def stands(self) -> dict[str, Any]:
        """What stands in both repositories."""
        path = f"/repos/{self.inside}/issues"
        _, issues = self.sandbox.call("GET", f"{path}?state=all&direction=asc", self.token)
        talk = {}
        for issue in issues:
            _, said = self.sandbox.call("GET", f"{path}/{issue['number']}/comments", self.token)
            talk[issue["number"]] = (issue["state"], [one["body"].partition("<!--")[0].strip() for one in said])
        open_ones = {number: found for number, found in talk.items() if found[0] == "open" or found[1]}
        return {**super().stands(), "inside": list(open_ones.values())}


@pytest.fixture(scope="module")
def expected(stage: tuple[Sandbox, Receiver]) -> dict[str, Any]:
    return Inside.begin(*stage).play().stands()


def test_an_undisturbed_desk_has_one_companion_and_one_comment(expected: dict[str, Any]) -> None:
    assert POLICY != fire.POLICY
    assert len(expected["inside"]) == 1
    assert expected["comments"] == ["card", "say"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_killed_at_any_request_is_made_good_by_the_next(
    stage: tuple[Sandbox, Receiver], expected: dict[str, Any], when: str
) -> None:
    assert fire.kill_everywhere(partial(Inside.begin, *stage), expected, 1, when) > 8


@pytest.mark.parametrize("seed", range(6))
def test_two_runs_that_meet_leave_what_one_leaves(
    stage: tuple[Sandbox, Receiver], expected: dict[str, Any], seed: int
) -> None:
    trial = Inside.begin(*stage)
    fire.let_two_meet(trial, 1, seed)
    assert trial.stands() == expected
