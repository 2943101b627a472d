"""What a desk stands on when it is tried: a forge with its repository, and a receiver for every secret that it names.

People of the policy are members with write access. Every person acts with a token of their own, the desk with those of
its runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.channels.message import as_name
from respondby.policy.loading.loader import DEFAULT_PATH, load
from respondby.policy.model.policy import Policy
from respondby.policy.repository.elsewhere import boards_of, other_repositories
from respondby.policy.repository.forms import form_files
from respondby.policy.text.problems import PolicyError
from respondby.rehearsal.boards import date_fields
from respondby.rehearsal.messages import steps_of
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

OWNER, NAME = "acme", "support"
REPOSITORY = f"{OWNER}/{NAME}"
DESK = "github-actions[bot]"

#: Whose tokens the desk uses in other repositories.
INSIDE = "acme-inside"

#: The key with which the desk signs its records, where its workflow passes one on.
SIGNING = "RESPONDBY_KEY"


class Ground:
    """A forge and a receiver that stand. `policy` is the last valid one, `text` what the default branch holds.

    `members` are people beside the policy's own who work there too.
    """

    forge: Sandbox
    receiver: Receiver

    def __init__(self, policy: Policy, text: str, files: Mapping[str, str], members: tuple[str, ...] = ()) -> None:
        self.policy = policy
        self.text, self.files = text, files
        self.members = members
        self.secrets: dict[str, str] = {}
        self.policy_secrets: tuple[str, ...] = ()
        self.tokens: dict[str, str] = {}
        self.others: set[str] = set()

    def settle(self, key: str) -> None:
        """Make the repository with its people, and the addresses; `key` signs the desk's records."""
        self.forge.user(OWNER, "Organization")
        self.forge.repo(OWNER, NAME, files=self._tree(self.text))
        for login in (*self.policy.people, *self.members):
            self.forge.member(REPOSITORY, login, "MEMBER")
        self.secrets = {SIGNING: key}
        self.address()

    def at(self, instant: Instant) -> None:
        """Move the forge's clock."""
        self.forge.clock(iso(instant))
        self.receiver.now = iso(instant)

    def token(self, login: str) -> str:
        """A person's own token."""
        if login not in self.tokens:
            self.tokens[login] = self.forge.token(login)
        return self.tokens[login]

    def call(self, login: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One REST request of a person about the desk's repository, spared all faults."""
        with self.forge.calm():
            return self.forge.direct(method, f"/repos/{REPOSITORY}{path}", self.token(login), body)

    def change_policy(self, text: str) -> None:
        """Commit another policy to the default branch. One that cannot be read leaves `policy` as it is."""
        self.text = text
        try:
            self.policy = load(text, files=self.files)
        except PolicyError:
            pass  # whether the desk copes with it is what is to be seen
        else:
            self.address()
        self.forge.files(REPOSITORY, self._tree(text), "Change the policy")

    def address(self) -> None:
        """Give every secret that the policy names an address at the receiver."""
        named: dict[str, str] = {}
        for channel in self.policy.channels.values():
            for secret in expanded(channel.secret, self.policy):
                named[secret] = self.receiver.address(channel.kind, secret)
                self.receiver.steps |= {secret: steps} if (steps := steps_of(channel, self.files)) else {}
            for secret in expanded(channel.headers or "", self.policy):
                named[secret] = '{"Authorization": "of the rehearsal"}'
            for secret in expanded(channel.token or "", self.policy):
                named[secret] = self.receiver.address("token", secret)
        for other in other_repositories(self.policy):
            self._other(other.repository)
            if other.token is not None:
                named[other.token] = self.token(INSIDE)
        self._boards()
        for track in boards_of(self.policy):
            if track.token is not None:
                named[track.token] = self.token(INSIDE)
        if self.policy.heartbeat is not None:
            named[self.policy.heartbeat] = self.receiver.address("heartbeat", self.policy.heartbeat)
        self.secrets.update(named)
        self.policy_secrets = tuple(named)

    def _tree(self, text: str) -> dict[str, str]:
        return {DEFAULT_PATH: text, **self.files, **form_files(self.policy)}

    def _boards(self) -> None:
        """The project boards that the policy names, with their date fields; who writes to them is of the organisation.

        One that is there already keeps the fields that it was made with.
        """
        for project, fields in date_fields(self.policy).items():
            if project not in self.others:
                owner, _, number = project.partition("/")
                self.forge.user(owner, "Organization")
                self.forge.team(owner, "boards", [INSIDE])
                self.forge.project(owner, "A board", dict.fromkeys(fields, "DATE"), number=int(number))
                self.others.add(project)

    def _other(self, repository: str) -> None:
        """Another repository, which strangers cannot read, and who works there."""
        if repository in self.others or repository == REPOSITORY:
            return
        owner, _, name = repository.partition("/")
        self.forge.repo(owner, name, private=True)
        for login in (INSIDE, *self.policy.people, *self.members):
            self.forge.member(repository, login, "MEMBER")
        self.others.add(repository)


def expanded(secret: str, policy: Policy) -> tuple[str, ...]:
    """The names that a secret with {PERSON} or {PRODUCT} stands for: one for each. None for an empty name."""
    names = [secret] if secret else []
    for hole, values in (("{PERSON}", policy.people), ("{PRODUCT}", policy.products)):
        names = [name.replace(hole, as_name(value)) for name in names for value in (values if hole in name else ("",))]
    return tuple(names)
