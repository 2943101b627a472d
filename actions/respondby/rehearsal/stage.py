"""What a scenario is played on: a forge with the desk's repository and its people, and a receiver for every secret.

People of the policy are members with write access; so are a scenario's `member`s. Customers and strangers belong to
nothing, as on a public repository. Every person acts with a token of their own, the desk with those of its runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.channels.message import as_name
from respondby.desk import markers
from respondby.desk.case import Mark
from respondby.policy.loading.loader import DEFAULT_PATH, load
from respondby.policy.model.policy import Policy
from respondby.policy.repository.elsewhere import other_repositories
from respondby.policy.repository.forms import form_files
from respondby.policy.text.problems import PolicyError
from respondby.rehearsal.receiver import Receiver
from respondby.rehearsal.story import Scenario
from respondby.sandbox.server import Sandbox

OWNER, NAME = "acme", "support"
REPOSITORY = f"{OWNER}/{NAME}"
DESK = "github-actions[bot]"

#: Whose tokens the desk uses in other repositories.
INSIDE = "acme-inside"

#: The key with which the desk signs its records, where its workflow passes one on.
SIGNING = "RESPONDBY_KEY"


class Forge(Sandbox):
    """The sandbox, with what only the rehearsal's own hands may do."""

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Hold all faults back: they are for the desk. Their counts stand still."""
        held, self._faults.plans = self._faults.plans, []
        try:
            yield
        finally:
            self._faults.plans = held


class Stage(AbstractContextManager["Stage"]):
    """The forge and the receiver of one scenario, from `with` to its end. `policy` is the last valid one."""

    forge: Forge
    receiver: Receiver

    def __init__(self, scenario: Scenario, policy: Policy, text: str, files: Mapping[str, str]) -> None:
        self.scenario = scenario
        self.policy = policy
        self.text, self.files = text, files
        self.secrets: dict[str, str] = {}
        self.policy_secrets: tuple[str, ...] = ()
        self.tokens: dict[str, str] = {}
        self._id: str | None = None
        self.others: set[str] = set()

    def __enter__(self) -> Stage:
        self.forge = Forge(now=iso(self.scenario.starts)).__enter__()
        self.receiver = Receiver().__enter__()
        self.receiver.now = iso(self.scenario.starts)
        self.forge.user(OWNER, "Organization")
        self.forge.repo(OWNER, NAME, files=self._tree(self.text))
        for login in self.policy.people:
            self.forge.member(REPOSITORY, login, "MEMBER")
        for login, part in self.scenario.people.items():
            if part == "member":
                self.forge.member(REPOSITORY, login, "MEMBER")
            else:
                self.forge.user(login)
        self.secrets = {SIGNING: "a key of the rehearsal's own"}
        self._address()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.receiver.__exit__(kind, error, trace)
        self.forge.__exit__(kind, error, trace)

    def opened_issue(self, name: str) -> int | None:
        """The issue that the desk opened last for a duty (`backup`, or `backup/shop`) or an alert (`alert/KEY`).

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

    def at(self, instant: Instant) -> None:
        """Move the forge's clock."""
        self.forge.clock(iso(instant))
        self.receiver.now = iso(instant)

    def people(self) -> tuple[str, ...]:
        """Everybody who can act or be told, by login."""
        return tuple(dict.fromkeys((*self.policy.people, *self.scenario.people)))

    def token(self, login: str) -> str:
        """A person's own token."""
        if login not in self.tokens:
            self.tokens[login] = self.forge.token(login)
        return self.tokens[login]

    def call(self, login: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One REST request of a person about the desk's repository, spared all faults."""
        with self.forge.calm():
            return self.forge.call(method, f"/repos/{REPOSITORY}{path}", self.token(login), body)

    def change_policy(self, text: str) -> None:
        """Commit another policy to the default branch. One that cannot be read leaves `policy` as it is."""
        self.text = text
        try:
            self.policy = load(text, files=self.files)
        except PolicyError:
            pass  # whether the desk copes with it is what the scenario wants to know
        else:
            self._address()
        self.forge.files(REPOSITORY, self._tree(text), "Change the policy")

    def _tree(self, text: str) -> dict[str, str]:
        return {DEFAULT_PATH: text, **self.files, **form_files(self.policy)}

    def _address(self) -> None:
        """Give every secret that the policy names an address at the receiver."""
        named: dict[str, str] = {}
        for channel in self.policy.channels.values():
            for secret in expanded(channel.secret, self.policy):
                named[secret] = self.receiver.address(channel.kind, secret)
            for secret in expanded(channel.headers or "", self.policy):
                named[secret] = '{"Authorization": "of the rehearsal"}'
            for secret in expanded(channel.token or "", self.policy):
                named[secret] = self.receiver.address("token", secret)
        for other in other_repositories(self.policy):
            self._other(other.repository)
            if other.token is not None:
                named[other.token] = self.token(INSIDE)
        if self.policy.heartbeat is not None:
            named[self.policy.heartbeat] = self.receiver.address("heartbeat", self.policy.heartbeat)
        self.secrets.update(named)
        self.policy_secrets = tuple(named)

    def _other(self, repository: str) -> None:
        """Another repository, which strangers cannot read, and who works there."""
        if repository in self.others or repository == REPOSITORY:
            return
        owner, _, name = repository.partition("/")
        self.forge.repo(owner, name, private=True)
        members = [login for login, part in self.scenario.people.items() if part == "member"]
        for login in (INSIDE, *self.policy.people, *members):
            self.forge.member(repository, login, "MEMBER")
        self.others.add(repository)


def expanded(secret: str, policy: Policy) -> tuple[str, ...]:
    """The names that a secret with {PERSON} or {PRODUCT} stands for: one for each. None for an empty name."""
    names = [secret] if secret else []
    for hole, values in (("{PERSON}", policy.people), ("{PRODUCT}", policy.products)):
        names = [name.replace(hole, as_name(value)) for name in names for value in (values if hole in name else ("",))]
    return tuple(names)


def opened_names(mark: Mark | None) -> tuple[str, ...]:
    """How a scenario names an issue that the desk opened: a duty's by the duty, or where it is for somebody, also by
    both; an incident's by its alert's key.
    """
    if mark is not None and mark.kind == "incident":
        return (f"alert/{mark.facts.get('key', '')}",)
    if mark is None or mark.kind != "duty":
        return ()
    duty = mark.facts.get("duty", "")
    about = mark.facts.get("product", mark.facts.get("customer", ""))
    return (f"{duty}/{about}", duty) if about else (duty,)
