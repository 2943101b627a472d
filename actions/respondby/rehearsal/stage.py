"""What a scenario is played on: the ground of its desk, with everybody who is in the story.

A scenario's `member`s work there as the policy's people do. Customers and strangers belong to nothing, as on a public
repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from respondby.calendars.instants import iso
from respondby.desk import markers
from respondby.desk.case import Mark
from respondby.policy.model.policy import Policy
from respondby.rehearsal.ground import DESK, OWNER, SIGNING, Ground
from respondby.rehearsal.receiver import Receiver
from respondby.rehearsal.story import Scenario
from respondby.sandbox.server import Sandbox


class Stage(Ground, AbstractContextManager["Stage"]):
    """The forge and the receiver of one scenario, from `with` to its end."""

    def __init__(self, scenario: Scenario, policy: Policy, text: str, files: Mapping[str, str]) -> None:
        members = tuple(login for login, part in scenario.people.items() if part == "member")
        super().__init__(policy, text, files, members)
        self.scenario = scenario
        self._id: str | None = None

    def __enter__(self) -> Stage:
        self.forge = Sandbox(now=iso(self.scenario.starts)).__enter__()
        self.receiver = Receiver().__enter__()
        self.receiver.now = iso(self.scenario.starts)
        self.settle("a key of the rehearsal's own")
        for login, part in self.scenario.people.items():
            if part != "member":
                self.forge.user(login)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.receiver.__exit__(kind, error, trace)
        self.forge.__exit__(kind, error, trace)

    def opened_issue(self, name: str) -> int | None:
        """The issue that the desk opened last for a duty (`backup`, or `backup/shop`), an alert (`alert/KEY`), an
        action item (`item/WORDS`).

        Of twins, which two runs at once have opened, it is the one that stays: the older.
        """
        _, issues = self.call(OWNER, "GET", "/issues?state=all&per_page=100")
        found = [(issue["number"], mark) for issue in issues if name in opened_names(mark := self.mark(issue))]
        return min((number for number, mark in found if mark == found[0][1]), default=None)

    def mark(self, issue: Mapping[str, Any]) -> Mark | None:
        """What an issue says that it is, where the desk opened it."""
        if self._id is None:
            self._id = str(self.call(OWNER, "GET", "")[1]["node_id"])
        ours = issue["user"]["login"] == DESK
        return markers.read_mark(issue["body"] or "", self._id, secret=self.secrets[SIGNING].encode()) if ours else None

    def people(self) -> tuple[str, ...]:
        """Everybody who can act or be told, by login."""
        return tuple(dict.fromkeys((*self.policy.people, *self.scenario.people)))


def opened_names(mark: Mark | None) -> tuple[str, ...]:
    """How a scenario names an issue that the desk opened: a duty's by the duty, or where it is for somebody, also by
    both; an incident's by its alert's key, an action item's by its words.
    """
    if mark is not None and mark.kind == "incident":
        return (f"alert/{mark.facts.get('key', '')}",)
    if mark is not None and mark.kind == "item":
        return (f"item/{mark.facts.get('words', '')}",)
    if mark is None or mark.kind != "duty":
        return ()
    duty = mark.facts.get("duty", "")
    about = mark.facts.get("product", mark.facts.get("customer", ""))
    return (f"{duty}/{about}", duty) if about else (duty,)
