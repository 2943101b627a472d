"""Our issues in other repositories: companions in the `internal` one, and those that `open` asks for.

Laws:

- An issue is opened at most once: looked for by its marker before, and once more after it was made; of two that two
  runs have made at once the lowest number counts, and the other one is closed.
- A companion stands where strangers cannot read it, or not at all.
- What fails here fails the case (law 7), and is never said on the issue instead: whoever reads it may not know of it.
"""

from __future__ import annotations

from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.case import Case
from respondby.desk.history import History
from respondby.desk.known import Companion
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.records import Elsewhere
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.elsewhere import Made, made_for
from respondby.forge.errors import BadToken, CaseError, CaseGone, ForgeError, NotGranted, RepositoryMissing
from respondby.forge.gathering import Identity, gather_issue
from respondby.letters.elsewhere import Answers, render_elsewhere, title_elsewhere
from respondby.letters.messages import Messages
from respondby.policy.model.policy import Policy
from respondby.rules.card_facts import CardFacts
from respondby.rules.elsewhere import companion_key
from respondby.rules.plan import OpenElsewhere


class NotThere(CaseError):
    """Another repository cannot be used as things are; the text says what to do."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An issue of ours: where, with which secret's token, for which purpose, and how the ledger remembers it."""

    repository: str
    token: str | None
    key: str

    def found(self, made: Made) -> Ledger:
        return Ledger(elsewhere={self.key: Elsewhere(made.number, self.repository, made.url, self.key)})


class OtherRepositories:
    """What one run does in other repositories, each reached with the secret that the policy names for it."""

    def __init__(
        self,
        client: Client,
        policy: Policy,
        secrets: Secrets,
        identity: Identity,
        messages: Messages,
    ) -> None:
        self.client = client
        self.policy = policy
        self.secrets = secrets
        self.identity = identity
        self.messages = messages
        self._clients: dict[tuple[str, str | None], Client] = {}

    # -- the companion ------------------------------------------------------------------------------------------------

    def companion_of(self, case: Case, ledger: Ledger) -> tuple[Companion, Ledger]:
        """The companion as it is now, and what the case's ledger gains by it. What keeps us from looking is its
        `problem`.
        """
        wanted = self._companion()
        try:
            made = self._made(wanted, case)
            if made:
                return self._read(wanted, made[0].number, twins=made[1:]), wanted.found(made[0])
            known = ledger.elsewhere.get(wanted.key)
            if known is not None:
                return self._read(wanted, known.number), EMPTY
        except CaseGone:
            pass  # somebody deleted it: the next one is made when there is something to say
        except CaseError as error:
            return Companion(problem=str(error)), EMPTY
        return Companion(), EMPTY

    def companion(self, history: History, facts: CardFacts) -> tuple[Client, int, str, Ledger]:
        """Where to say something inside: the connection, the issue's number and node id, and what the ledger gains."""
        companion = history.known.companion
        assert companion is not None, "it has been looked for"
        if companion.problem:
            raise NotThere(companion.problem)
        wanted = self._companion()
        client = self._client(wanted)
        if companion.number:
            return client, companion.number, companion.node_id, EMPTY
        made = self._open(wanted, history.case, facts, inside=True)
        return client, made.number, made.node_id, wanted.found(made)

    def turn(self, number: int, *, open: bool) -> None:
        """Close an issue of the `internal` repository, or open it again."""
        wanted = self._companion()
        with _Explained(wanted):
            if open:
                writing.reopen(self._client(wanted), number)
            else:
                writing.close(self._client(wanted), number)

    def drop(self, comment: int) -> None:
        """Delete a comment of ours in the `internal` repository."""
        wanted = self._companion()
        with _Explained(wanted):
            writing.delete_comment(self._client(wanted), comment)

    def comment(self, client: Client, number: int, body: str) -> None:
        """Comment on the companion."""
        with _Explained(self._companion()):
            writing.create_comment(client, number, body)

    # -- what `open` asks for -----------------------------------------------------------------------------------------

    def open(self, action: OpenElsewhere, case: Case, facts: CardFacts) -> tuple[str, Ledger]:
        """Open the issue that the policy asks for, if it has not been; its name, and what the ledger gains."""
        wanted = _Wanted(action.where, action.token, f"open {action.record}")
        made = next(iter(self._made(wanted, case)), None)
        if made is None:
            form = self.policy.forms.get(action.form) if action.form is not None else None
            given = dict(action.answers)
            answers = [(question.ask, given.get(question.id, "")) for question in form.ask] if form else []
            made = self._open(wanted, case, facts, inside=False, answers=answers)
        return f"{wanted.repository}#{made.number}", wanted.found(made)

    # -- both ---------------------------------------------------------------------------------------------------------

    def _companion(self) -> _Wanted:
        assert self.policy.internal is not None, "nothing is said inside without it"
        return _Wanted(self.policy.internal, self.policy.internal_token, companion_key(self.policy.internal))

    def _client(self, wanted: _Wanted) -> Client:
        key = (wanted.repository.lower(), wanted.token)
        if key not in self._clients:
            self._clients[key] = self._connected(wanted)
        return self._clients[key]

    def _connected(self, wanted: _Wanted) -> Client:
        if wanted.token is None:
            if wanted.repository.lower() != self.client.repository.lower():
                raise NotThere(
                    f"an issue in {wanted.repository} needs a token of its own: store one that may write issues there"
                    " as a secret, and name it beside `in` as `token`"
                )
            return self.client
        token = self.secrets(wanted.token)
        if token is None or not token.strip():
            raise NotThere(
                f"the secret {wanted.token} has no value, so nothing can be written in {wanted.repository}: store a"
                " token that may read and write issues there, and run `respondby sync --workflows`"
            )
        return self.client.elsewhere(wanted.repository, token)

    def _made(self, wanted: _Wanted, case: Case) -> tuple[Made, ...]:
        """What we have made for this purpose, lowest number first."""
        client = self._client(wanted)
        with _Explained(wanted):
            found = made_for(client, case.node_id, case.created, self.identity)
        if wanted == self._inside and not found.private:
            raise NotThere(
                f"everybody can read {wanted.repository}, which `internal` names, so nothing is said there: make it"
                " private, or name another one"
            )
        return tuple(made for made in found.made if made.key == wanted.key)

    @property
    def _inside(self) -> _Wanted | None:
        return self._companion() if self.policy.internal is not None else None

    def _read(self, wanted: _Wanted, number: int, twins: tuple[Made, ...] = ()) -> Companion:
        client = self._client(wanted)
        with _Explained(wanted):
            issue = gather_issue(client, number, self.identity)
        doubled = tuple(twin.number for twin in twins if twin.open)
        return Companion(number, issue.node_id, issue.open, issue.own, doubled)

    def _open(self, wanted: _Wanted, case: Case, facts: CardFacts, *, inside: bool, answers: Answers = ()) -> Made:
        """Open it, and look whether another run has done so too: the lowest number counts."""
        client = self._client(wanted)
        marker = markers.write("elsewhere", case.node_id, "", EMPTY, secret=self.identity.secret, key=wanted.key)
        body = render_elsewhere(case, facts, marker, inside=inside, answers=answers, messages=self.messages)
        with _Explained(wanted):
            try:
                ours = writing.open_issue(client, title_elsewhere(case), body)
            except CaseGone:
                raise NotThere(f"issues are turned off in {wanted.repository}: Settings → Features → Issues") from None
            made = self._made(wanted, case)
            for twin in made[1:]:
                if twin.number == ours.number:
                    writing.close(client, twin.number, "not_planned")
        return made[0] if made else Made(ours.number, ours.node_id, ours.url, True, wanted.key)


class _Explained:
    """What another repository's token meets is this case's failure, and says whose token it was."""

    def __init__(self, wanted: _Wanted) -> None:
        self.wanted = wanted

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadToken | NotGranted | RepositoryMissing):
            secret = f"the token in {self.wanted.token}" if self.wanted.token else "this run's token"
            raise NotThere(
                f"{self.wanted.repository} cannot be used with {secret} ({_short(error)}): give it a token that may"
                " read and write issues of that repository"
            ) from error
        if isinstance(error, ForgeError) and not isinstance(error, CaseError):
            raise NotThere(f"{self.wanted.repository}: {error}") from error


def _short(error: ForgeError) -> str:
    match error:
        case BadToken():
            return "GitHub does not know it"
        case NotGranted():
            return f"it lacks {error.permission}"
        case _:
            return "GitHub answers that there is no such repository, or that it may not know of it"
