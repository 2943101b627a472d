"""The examination: reach the repository, read what it holds, then every family of checks. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.doctor import connection, elsewhere, people, promises, queue, schedule, secrets, workflows
from respondby.doctor.findings import Examined, Family, Finding, Place
from respondby.forge.client import Client
from respondby.forge.errors import BadToken, ForgeError, NotGranted
from respondby.forge.files import read_files, read_named
from respondby.forge.gathering import POLICY
from respondby.forge.standing import Standing, read_standing
from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check
from respondby.policy.loading.loader import examine as examine_policy
from respondby.policy.loading.loader import named_files
from respondby.policy.repository.workflow_actions import local_folders
from respondby.policy.repository.workflow_secrets import secrets_of
from respondby.policy.text.problems import PolicyError

#: What is looked at once the repository can be read, with the name under which a failure to look is told.
FAMILIES: tuple[tuple[str, Family], ...] = (
    ("token", connection.token),
    ("repository", connection.repository),
    ("permissions", connection.permissions),
    ("policy", promises.policy),
    ("working copy", promises.working_copy),
    ("mode", promises.mode),
    ("forms", promises.forms),
    ("labels", promises.labels),
    ("queue", queue.queue),
    ("people", people.people),
    ("@words", people.words),
    ("workflows", workflows.workflows),
    ("schedule", schedule.schedule),
    ("secrets", secrets.secrets),
    ("signing key", secrets.signing_key),
    ("elsewhere", elsewhere.elsewhere),
)


@dataclass(slots=True)
class Health:
    """What was found in which repository, at which instant of the forge's clock (None: it was never reached)."""

    repository: str
    now: Instant | None = None
    findings: list[Finding] = field(default_factory=list)
    requests: int = 0
    timezone: str = "UTC"

    def count(self, level: str) -> int:
        """How many findings are of a level."""
        return sum(finding.level == level for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The machine's form, in the order in which things were looked at."""
        return {
            "repository": self.repository,
            "now": iso(self.now) if self.now is not None else None,
            "timezone": self.timezone,
            "errors": self.count("error"),
            "warnings": self.count("warning"),
            "requests": self.requests,
            "findings": [
                {"level": item.level, "check": item.check, "message": item.message, "fix": item.fix}
                for item in self.findings
            ],
        }


def examine(place: Place) -> Health:
    """Look at everything. What cannot be looked at is told, and the rest is looked at all the same."""
    health = Health(place.client.repository)
    try:
        _reach(place, health)
        if not health.count("error"):
            _examine(place, health)
    except NotGranted as error:
        fix = "In a workflow: `permissions: { contents: read, issues: write }`. Else give the token that permission."
        health.findings.append(Finding("error", "permissions", str(error), fix))
    except ForgeError as error:
        fix = "Mend this first: nothing else could be looked at."
        health.findings.append(Finding("error", "connection", str(error), fix))
    health.requests = place.client.requests
    return health


def _reach(place: Place, health: Health) -> None:
    """The first answer tells of clocks and limits. With no requests left, all others would have to wait."""
    before = place.clock()
    answer = place.client.ask("GET", "/rate_limit", doing="asking what the token has left")
    after = place.clock()
    if answer.status == 401:
        raise BadToken
    health.now = answer.date
    health.findings.extend(connection.clocks(answer, before, after))
    health.findings.extend(connection.limits(answer))


def _examine(place: Place, health: Health) -> None:
    standing = read_standing(place.client)
    health.repository = standing.repository
    examined = _examined(place, standing)
    health.timezone = examined.timezone
    for name, family in FAMILIES:
        health.findings.extend(_findings(name, family, examined))


def _examined(place: Place, standing: Standing) -> Examined:
    """The policy of the default branch with the files that it names, judged beside its forms and workflows."""
    text = standing.policy.text
    if text is None or standing.commit is None:
        return Examined(place, standing, None, ())
    try:
        files = read_named(place.client, named_files(text), standing.commit)
    except PolicyError as error:
        return Examined(place, standing, None, error.problems)
    workflows = _yaml(standing.workflows)
    actions = _actions(place.client, local_folders(workflows), standing.commit)
    surroundings = Surroundings(standing.now, workflows, _yaml(standing.forms), actions)
    problems = check(text, surroundings, path=POLICY, files=files)
    reading = examine_policy(text, path=POLICY, files=files)
    if reading.policy is None:
        return Examined(place, standing, None, problems)
    return Examined(place, standing, reading.policy, problems, secrets_of(reading.policy, reading.references))


def _actions(client: Client, folders: Sequence[str], commit: str) -> frozenset[str]:
    """Of these folders, those that hold an action at the commit."""
    paths = [f"{folder}/{name}" for folder in folders for name in ("action.yml", "action.yaml")]
    found = read_files(client, paths, commit)
    return frozenset(path.rpartition("/")[0] for path, text in found.items() if text is not None)


def _yaml(texts: Any) -> dict[str, str]:
    return {path: text for path, text in texts.items() if text is not None and path.endswith((".yml", ".yaml"))}


def _findings(name: str, family: Family, examined: Examined) -> Iterator[Finding]:
    try:
        yield from family(examined)
    except ForgeError as error:
        yield Finding("warning", name, f"Could not be looked at: {error}", "Try again.")
