"""The ground of a desk that is played: it stands in a file, so it can be built, and found again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.desk.keys import Secret
from respondby.playground.choices import Choice
from respondby.playground.kept import Kept
from respondby.playground.people import Actor, cast
from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import PolicyError, Problem
from respondby.rehearsal.ground import OWNER, REPOSITORY, SIGNING, Ground
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox
from respondby.sandbox.store.world import OldFile
from respondby.setup.labels import declared_labels

#: What the desk may do when it is only asked how its cases stand.
READING = {"contents": "read", "issues": "write", "pull-requests": "read"}


class Home(Ground):
    """A desk's repository at a forge that outlives it. `title` is the desk's name, `id` the choice that it came of."""

    def __init__(
        self, forge: Sandbox, receiver: Receiver, policy: Policy, text: str, files: Mapping[str, str], id: str
    ) -> None:
        super().__init__(policy, text, files)
        self.forge, self.receiver, self.id = forge, receiver, id
        self.cast = cast(policy)
        self.reading = ""

    @classmethod
    def build(cls, forge: Sandbox, receiver: Receiver, kept: Kept, choice: Choice, now: Instant) -> Home:
        """Start over with that desk, at an instant."""
        assert choice.policy is not None, "what cannot be read cannot be played"
        kept.start_over()
        home = cls(forge, receiver, choice.policy, choice.text, choice.files, choice.id)
        key = secrets.token_urlsafe(24)
        home.at(now)
        home.settle(key)
        for actor in home.cast:
            if actor.part == "maintainer":
                forge.member(REPOSITORY, actor.login, "OWNER")
            forge.user(actor.login)
        home.reading = forge.workflow_token(REPOSITORY, READING)
        home.make_labels()
        kept.put(
            id=choice.id, text=choice.text, valid=choice.text, files=choice.files, key=key, now=iso(now),
            others=sorted(home.others), reading=home.reading, delivery=0,
        )  # fmt: skip
        return home

    @classmethod
    def find(cls, forge: Sandbox, receiver: Receiver, kept: Kept) -> Home | None:
        """The desk that was played when the file was left; None in a new one. Raises OldFile."""
        id, valid, files = kept.get("id"), kept.get("valid"), kept.get("files", {})
        if id is None:
            return None
        try:
            policy = load(valid, files=files)
        except PolicyError as error:
            words = f"the policy of this game can no longer be read ({error.problems[0].message}); name a new file"
            raise OldFile(words) from error
        home = cls(forge, receiver, policy, kept.get("text"), files, id)
        home.secrets = {SIGNING: kept.get("key")}
        home.others = set(kept.get("others", []))
        home.reading = kept.get("reading")
        forge.set_clock(kept.get("now"))
        receiver.now = kept.get("now")
        home.address()
        return home

    @property
    def signing(self) -> Secret:
        """The key that signs the desk's records."""
        return self.secrets[SIGNING].encode()

    def actor(self, login: str) -> Actor | None:
        """Whom one can be, by login."""
        return next((actor for actor in self.cast if actor.login == login), None)

    def make_labels(self) -> None:
        """Make the policy's labels, as `sync --labels --apply` does."""
        for label in declared_labels(self.policy).values():
            sent = {"name": label.name, "color": label.colour, "description": label.description}
            self.call(OWNER, "POST", "/labels", sent)

    def problems_of(self, text: str, now: Instant) -> tuple[Problem, ...]:
        """What `respondby check` would say of another text of the policy, errors first."""
        return check(text, Surroundings(now), files=self.files)

    def _can_serve(self, text: str) -> bool:
        try:
            load(text, files=self.files)
        except PolicyError:
            return False
        return True

    def adopt(self, kept: Kept, text: str) -> None:
        """Commit another text of the policy, a broken one as well: then the last valid one serves, as on GitHub."""
        self.change_policy(text)
        valid = {"valid": text} if self._can_serve(text) else {}
        self.make_labels()
        known = {actor.login.casefold() for actor in self.cast}
        for login in self.policy.people:
            self.forge.member(REPOSITORY, login, "MEMBER")
        self.cast = cast(self.policy)
        for actor in self.cast:
            if actor.login.casefold() not in known:
                self.forge.user(actor.login)
        kept.put(text=text, others=sorted(self.others), **valid)

    def ask(self, login: str, method: str, path: str, body: Any = None, media: str = "") -> tuple[int, Any]:
        """One REST request of somebody, spared all faults; with `media` full, texts come as HTML as well."""
        headers = {"Accept": f"application/vnd.github.{media}+json"} if media else {}
        with self.forge.calm():
            status, _, value = self.forge.exchange(method, path, self.token(login), body, headers)
        return status, value
