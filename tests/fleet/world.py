"""An organisation of the sandbox whose repositories have one desk, for tests of fleets."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from tests.jobs.desk import BODY, OPENED
from tests.jobs.desk import POLICY as SMALL

from respondby.cli import main as cli
from respondby.sandbox.server import Sandbox

_serial = itertools.count(1)
BOT = "fleet[bot]"
#: The small policy, which knows both accounts that write in its repository.
POLICY = SMALL.replace("first: ann }", f'first: ann, bots: {{ people: ["github-actions[bot]", "{BOT}"] }} }}')


@dataclass
class World:
    """An organisation with repositories; the fleet's own one is `desk`."""

    sandbox: Sandbox
    folder: Path
    owner: str
    names: list[str] = field(default_factory=list)

    @classmethod
    def make(cls, sandbox: Sandbox, folder: Path) -> World:
        """An organisation of its own, with the repository of the fleet; the clock stands at `OPENED`."""
        sandbox.clock(OPENED)
        world = cls(sandbox, folder, f"org-{next(_serial)}")
        sandbox.user("carla")
        sandbox.user(BOT, "Bot")
        world.repository("desk", files={})
        return world

    def repository(self, short: str, files: dict[str, str] | None = None, *, private: bool = False) -> str:
        """A repository with the small policy, or these files; its name."""
        name = f"{self.owner}/{short}"
        self.sandbox.repo(self.owner, short, private, files={".github/support.yml": POLICY} if files is None else files)
        for login in ("ann", "bob"):
            self.sandbox.member(name, login, "MEMBER")
        self.sandbox.member(name, BOT, "COLLABORATOR", "write")
        self.names.append(name)
        return name

    def several(self, count: int) -> list[str]:
        """So many repositories with the small policy."""
        return [self.repository(f"r{number}") for number in range(1, count + 1)]

    def opens(self, name: str, title: str = "Help") -> int:
        """Somebody asks for help; the issue's number."""
        return int(self.act("carla", "POST", f"/repos/{name}/issues", {"title": title, "body": BODY})["number"])

    def act(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """A person's own request."""
        status, answer = self.sandbox.call(method, path, self.sandbox.token(who), body)
        assert status < 300, (status, answer)
        return answer

    def labels(self, name: str, number: int = 1) -> list[str]:
        """The issue's labels."""
        return sorted(label["name"] for label in self.act("ann", "GET", f"/repos/{name}/issues/{number}")["labels"])

    def comments(self, name: str, number: int = 1) -> list[str]:
        """The bodies of an issue's comments."""
        return [one["body"] for one in self.act("ann", "GET", f"/repos/{name}/issues/{number}/comments")]

    def at(self, time: str) -> None:
        """Move the clock to a time of the opening's day."""
        self.sandbox.clock(f"2026-01-05T{time}Z")

    def fleet(self, text: str) -> None:
        """Write the fleet's file."""
        (self.folder / ".github").mkdir(exist_ok=True)
        (self.folder / ".github" / "fleet.yml").write_text(text, encoding="utf-8")

    def fleet_of(self, *names: str, **more: Any) -> None:
        """The same, of these repositories."""
        self.fleet(json.dumps({"version": 1, "repositories": list(names), **more}))

    def environment(self) -> dict[str, str]:
        """A job's variables."""
        return {
            "GITHUB_API_URL": self.sandbox.url,
            "GITHUB_REPOSITORY": f"{self.owner}/desk",
            "GITHUB_TOKEN": self.sandbox.token(BOT),
            "RESPONDBY_PACE": "off",
            "LOG": "log",
        }

    def run(self, *arguments: str) -> Result:
        """A command of the fleet."""
        return CliRunner().invoke(cli.main, ["fleet", *arguments])

    def told(self, *arguments: str, code: int = 0) -> Any:
        """What it says in JSON; it ends with this code."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == code, (result.output, result.exception)
        return json.loads(result.stdout)

    def requests(self) -> int:
        """How many requests the sandbox has seen."""
        return len(self.sandbox.requests(0))
