"""Law 5 for what is said in another repository: killed runs and runs that meet leave one companion and one comment."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.faults.hooks import Hook, HookedClient, KillAt, Killed
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.forge.answers import Answer
from respondby.forge.client import Client
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

INTERNAL = """
internal: { repository: acme/inside-%s, token: INSIDE }
"""
_serial = itertools.count(1)


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


class Told(Trial):
    """A case whose breach is told on the case, inside, and through a pager."""

    inside: str
    token: str

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
        open_ones = {number: told for number, told in talk.items() if told[0] == "open" or told[1]}
        return {**self.outcome(), "inside": list(open_ones.values())}


def begun(sandbox: Sandbox, pager: Receiver) -> Told:
    serial = next(_serial)
    trial = fire.begin(sandbox, pager)
    sandbox.repo("acme", f"inside-{serial}", private=True)
    for login in ("ann", "bob", "tess", "acme-inside"):
        sandbox.member(f"acme/inside-{serial}", login, "MEMBER")
    policy = fire.POLICY.replace("page: [first, lead], via: pager, comment", "notify: [author, first], comment")
    assert policy != fire.POLICY
    sandbox.files(trial.repository, {".github/support.yml": policy + INTERNAL % serial})
    told = Told(sandbox, pager, trial.repository, trial.bot, trial.staff, trial.first_post)
    told.inside, told.token = f"acme/inside-{serial}", sandbox.token("acme-inside")
    return told


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Sandbox, Receiver]]:
    with Sandbox() as sandbox, fire.receiver() as pager:
        yield sandbox, pager


def overdue(trial: Told) -> None:
    """The first run has been; half of the time is told inside together with the breach."""
    trial.act(0)
    trial.run(0)
    trial.act(2)


@pytest.fixture(scope="module")
def expected(stage: tuple[Sandbox, Receiver]) -> dict[str, object]:
    trial = begun(*stage)
    overdue(trial)
    assert trial.run(2).failed == []
    stands = trial.stands()
    assert len(stands["inside"]) == 1
    assert stands["comments"] == ["card", "say"]
    return stands


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_killed_at_any_request_is_made_good_by_the_next(
    stage: tuple[Sandbox, Receiver], expected: dict[str, object], when: str
) -> None:
    for request in range(30):
        trial = begun(*stage)
        overdue(trial)
        try:
            trial.run(2, KillAt(request, when))
        except Killed:
            assert trial.run(2).failed == []
            assert trial.stands() == expected, f"killed {when} request {request}"
        else:
            assert request > 8, "no run was killed where it speaks"
            return
    pytest.fail("the run has more requests than were tried")


@pytest.mark.parametrize("seed", range(6))
def test_two_runs_that_meet_leave_what_one_leaves(
    stage: tuple[Sandbox, Receiver], expected: dict[str, object], seed: int
) -> None:
    order = random.Random(seed)
    trial = begun(*stage)
    overdue(trial)
    trial.meet(2, [order.randrange(2) for _ in range(80)])
    assert trial.run(2).failed == []
    assert trial.stands() == expected
