"""What only the sandbox can do, and GitHub cannot: clock, people, repositories, tokens, deliveries, faults, the log of
requests. For callers in this process; `routes` is the same over HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from respondby.sandbox.domain import caches, deliveries, issues, moves, projects, pulls, repositories, runs, teams
from respondby.sandbox.serving.faults import Faults, read
from respondby.sandbox.serving.front import Front
from respondby.sandbox.serving.limits import GITHUB, Limits, Rules
from respondby.sandbox.store import clock, people
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json
from respondby.sandbox.store.world import World


class Control:
    """Everything that the control API does. Texts of time are ISO 8601; Problem is raised for what is refused."""

    def __init__(self, world: World, faults: Faults, limits: Limits, front: Front) -> None:
        self._world = world
        self._faults = faults
        self._limits = limits
        self._front = front

    def now(self) -> str:
        """Return the clock's instant."""
        return clock.iso(self._world.clock.now())

    def set_clock(self, now: object, running: bool = False) -> str:
        """Move the clock, which stands still there unless it is to run; returns the instant."""
        self._world.clock.set(_instant(now), running)
        return self.now()

    def user(self, login: str, kind: str = "User") -> Json:
        """Create a person, bot or organisation; one that exists is left as it is."""
        with self._world.transaction():
            row = people.create(self._world, login, kind)
            return {"id": row["id"], "login": row["login"], "type": row["type"]}

    def delete_user(self, login: str) -> None:
        """Delete an account; what it wrote stays, by ghost."""
        with self._world.transaction():
            people.delete(self._world, login)

    def repo(
        self,
        owner: str,
        name: str,
        private: bool = False,
        default_branch: str = "main",
        files: Mapping[str, str] | None = None,
    ) -> Json:
        """Create a repository whose first commit holds these files; an unknown owner becomes an organisation."""
        with self._world.transaction():
            row = repositories.create(self._world, owner, name, private, default_branch, files or {})
            return {"id": row["id"], "full_name": f"{owner}/{name}"}

    def files(self, repository: str, files: Mapping[str, str | None], message: str = "Change files") -> str:
        """Commit files to the default branch as the repository's owner (None removes one); returns the hash."""
        with self._world.transaction():
            repo = repositories.find(self._world, repository)
            owner = people.without_token(self._world.get("users", repo["owner_id"]))
            changes = {path: None if text is None else text.encode() for path, text in files.items()}
            return repositories.commit(self._world, repo, owner, repo["default_branch"], message, changes)

    def fork(self, repository: str, login: str) -> str:
        """Fork a repository for somebody, who is created if unknown; returns the fork's `owner/name`."""
        with self._world.transaction():
            owner = people.create(self._world, login)
            made = repositories.fork(self._world, repositories.find(self._world, repository), owner)
            return f"{owner['login']}/{made['name']}"

    def settings(
        self,
        repository: str,
        *,
        workflows_open_pulls: bool | None = None,
        archived: bool | None = None,
        has_issues: bool | None = None,
        private: bool | None = None,
        topics: Sequence[str] | None = None,
        owner: str | None = None,
    ) -> None:
        """Change a repository's settings, those that are given: whether GitHub Actions may open and approve pull
        requests, whether it is archived, has issues and is private, its topics; `owner` is whom it is transferred to.
        """
        with self._world.transaction():
            repo = repositories.find(self._world, repository)
            flags = {
                "workflows_open_pulls": workflows_open_pulls,
                "archived": archived,
                "has_issues": has_issues,
                "private": private,
            }
            for name, flag in flags.items():
                if flag is not None:
                    sql = f"UPDATE repos SET {name} = ? WHERE id = ?"  # noqa: S608 - one of the four names above
                    self._world.run(sql, int(flag), repo["id"])
            if topics is not None:
                self._world.run("UPDATE repos SET topics = ? WHERE id = ?", json.dumps(list(topics)), repo["id"])
            if owner is not None:
                moves.hand_over(self._world, repo, owner)

    def link(self, repository: str, pull: int, issue: int, login: str, connected: bool = True) -> None:
        """Link a pull request and an issue as somebody does in the sidebar, or take that link away."""
        with self._world.transaction():
            repo = repositories.find(self._world, repository)
            actor = people.without_token(people.need(self._world, login))
            source, _ = pulls.need(self._world, repo, pull)
            pulls.link(self._world, actor, source, issues.need(self._world, repo, issue), connected)

    def member(self, repository: str, login: str, association: str, permission: str | None = None) -> None:
        """Give a person, who is created if unknown, their place in a repository."""
        with self._world.transaction():
            people.create(self._world, login)
            repo = repositories.find(self._world, repository)
            people.set_member(self._world, repo, login, association, permission)

    def team(self, organization: str, name: str, members: Sequence[str]) -> str:
        """Give an organisation a team of exactly these people, who are created if unknown; returns its slug."""
        with self._world.transaction():
            org = teams.organization(self._world, organization)
            return str(teams.set_team(self._world, org, name, members)["slug"])

    def search_lag(self, seconds: int) -> None:
        """Let searches know nothing of what changed in the last so many seconds; 0: they are up to date."""
        self._world.search_lag = seconds

    def limits(self, rules: Rules | None = GITHUB) -> None:
        """Refuse what is beyond these limits, by default GitHub's, and a token's hourly one; None refuses nobody."""
        self._limits.enforce(rules)

    def open_by_form(self, repository: str, login: str, title: str, body: str, labels: Sequence[str] = ()) -> int:
        """Open an issue as somebody who fills in a form on the web page, and return its number.

        The form's labels are put on it whatever the person's role; those that the repository lacks are left out.
        """
        with self._world.transaction():
            repo = repositories.find(self._world, repository)
            actor = people.without_token(people.need(self._world, login))
            row = issues.create(self._world, repo, actor, title, body, with_labels=labels, by_form=True)
            return int(row["number"])

    def token(
        self,
        login: str,
        permissions: Mapping[str, str] | None = None,
        repository: str | None = None,
        scopes: Sequence[str] | None = None,
    ) -> str:
        """Return a new token of an account; with permissions it is held to them, in that repository only.

        A classic token has scopes instead; those of projects (`project`, `read:project`) are held to here.
        """
        with self._world.transaction():
            repo = None if repository is None else repositories.find(self._world, repository)
            return people.make_token(self._world, login, permissions, repo, scopes)

    def project(
        self,
        owner: str,
        title: str,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        login: str | None = None,
        public: bool = False,
        number: int | None = None,
    ) -> int:
        """Give an organisation or a person a project and return its number: the next one, unless one is given.

        A field is TEXT, NUMBER, DATE, or the list of its options. It is created by `login`, else by its owner.
        """
        with self._world.transaction():
            account = people.need(self._world, owner)
            creator = account if login is None else people.need(self._world, login)
            return int(projects.create(self._world, account, creator, title, fields or {}, public, number)["number"])

    def cache(self, repository: str, key: str, ref: str = "refs/heads/main", size: int = 0) -> int:
        """Record a cache as if actions/cache had stored it now, and return its id."""
        with self._world.transaction():
            return int(caches.store(self._world, repositories.find(self._world, repository), key, ref, size)["id"])

    def run(
        self,
        repository: str,
        workflow: str,
        at: str,
        event: str = "schedule",
        conclusion: str | None = "success",
        login: str = people.WORKFLOW_BOT,
    ) -> Json:
        """Record a run of a workflow's file as if Actions had run it; without a conclusion it is in progress."""
        with self._world.transaction():
            repo = repositories.find(self._world, repository)
            actor = people.need(self._world, login)
            row = runs.record(self._world, repo, workflow, actor, _instant(at), event, conclusion)
            return {"id": row["id"], "number": row["number"]}

    def finish_run(self, repository: str, run: int, conclusion: str) -> None:
        """End a run that is in progress, such as one that was dispatched."""
        with self._world.transaction():
            runs.finish(self._world, repositories.find(self._world, repository), run, conclusion)

    def workflow_state(self, repository: str, workflow: str, state: str) -> None:
        """Enable a workflow, or have it disabled as GitHub does after sixty quiet days."""
        with self._world.transaction():
            runs.set_state(self._world, repositories.find(self._world, repository), workflow, state)

    def deliveries(self, after: int = 0) -> list[Json]:
        """Return what would have been delivered after the delivery with this id, oldest first."""
        with self._world.lock:
            return deliveries.listing(self._world, after)

    def faults(self, plans: Sequence[Mapping[str, Any]]) -> None:
        """Put fault plans into force, beside those that are."""
        self._faults.plans += [read(plan) for plan in plans]

    def clear_faults(self) -> None:
        """Take all fault plans out of force."""
        self._faults.plans.clear()

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Hold all faults back for a while; their counts stand still."""
        set_aside, self._faults.plans = self._faults.plans, []
        try:
            yield
        finally:
            self._faults.plans = set_aside

    def requests(self, after: int = 0) -> list[Json]:
        """Return the log of API requests after the one with this id."""
        return self._front.requests(after)


def _instant(text: object) -> int:
    try:
        return clock.parse(str(text))
    except ValueError:
        raise Problem(422, f"an instant is written in ISO 8601, not {text!r}") from None
