"""One connection to GitHub, with the rules of repeating.

Laws (5 and 7 of the desk):

- A read is repeated after a 5xx or a cut connection, with growing pauses, a few times. A GraphQL 502 or 504 is not
  repeated but raised as `TooHeavy`: whoever pages asks for a smaller page.
- A POST or PATCH is repeated only where it certainly was not performed: no connection came about, or a limit answered.
  After a 5xx or a cut connection it is `Uncertain`. A DELETE may be repeated: gone is gone.
- A limit (403, 429, GraphQL's RATE_LIMITED) is waited for as long as it asks, counted on the forge's own clock; all
  waits of one client together never exceed `longest_wait`.

PyGithub is the transport. Its own repeating and pacing are off: it repeats a POST after a 502, sends a GraphQL 502
eleven times, and paces reads as if they were writes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.deadlines import TooLate, within
from respondby.forge import answers
from respondby.forge.answers import Answer, PartError
from respondby.forge.errors import (
    BadCertificate,
    CaseGone,
    ForgeDown,
    ForgeError,
    LimitReached,
    RepositoryMissing,
    TooHeavy,
    Uncertain,
    WrongAddress,
)
from respondby.forge.headers import Allowance, ForgeClock
from respondby.forge.pace import Pace, Pacer
from respondby.forge.progress import NOBODY
from respondby.later import run_later

# PyGithub imports a class for all that GitHub has, and what signs an App's requests; of these a run uses none.
with run_later("github", "jwt"):
    from github import Auth, Github

#: The version of GitHub's API that we speak.
API_VERSION = "2026-03-10"

#: No header beside those of every request.
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Patience:
    """How much a client puts up with: seconds for each piece of an answer and for a whole one, tries for one request,
    seconds of waiting in all.
    """

    answer: int = 20
    whole: float = 60.0
    tries: int = 4
    longest_wait: float = 600.0


class _Unsent(Exception):
    """No connection came about, so nothing was sent."""


class _Cut(Exception):
    """The connection broke, or no answer came in time: what was sent may have been performed."""


class Client:
    """A repository at a forge, as one token sees it. `requests` counts what was sent, repetitions included, also by
    what `elsewhere` made.

    `api_url` is GITHUB_API_URL and decides; `graphql_url`, where given, must agree with it. `pace` None writes as fast
    as it can. Sleeping and the clock that pacing counts on are injected; no decision of the desk ever sees that clock.
    """

    def __init__(
        self,
        api_url: str,
        token: str,
        repository: str,
        *,
        graphql_url: str | None = None,
        pace: Pace | None = Pace(),  # noqa: B008 - frozen
        patience: Patience = Patience(),  # noqa: B008 - frozen
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(api_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WrongAddress(f"GITHUB_API_URL is {api_url!r}: write https://api.github.com, or https://HOST/api/v3")
        if not _REPOSITORY.fullmatch(repository):
            raise WrongAddress(f"GITHUB_REPOSITORY is {repository!r}: write owner/name")
        if not token.strip():
            raise WrongAddress("there is no token: set GITHUB_TOKEN (in a workflow, ${{ github.token }})")
        self.repository = repository
        self._sent = 0
        #: Who hears how far its reads are.
        self.progress = NOBODY
        #: The forge's clock at the last answer that told it; 0 before.
        self.clock: Instant = 0
        self._running = ForgeClock()
        self._others: list[Client] = []
        self._patience = patience
        self._sleep = sleep
        self._token = token
        #: What this token may still do, as far as answers have told.
        self.allowance = Allowance()
        self._pacer = Pacer(pace, monotonic, sleep, patience.longest_wait)
        self._pace, self._monotonic = pace, monotonic
        github = Github(
            auth=Auth.Token(token.strip()),
            base_url=api_url.rstrip("/"),
            api_version=API_VERSION,
            user_agent="respondby",
            timeout=patience.answer,
            lazy=True,
            retry=0,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        self._requester = github.requester
        self._api_url = api_url
        if graphql_url is not None and graphql_url.rstrip("/") != self._requester.graphql_url:
            raise WrongAddress(
                f"GITHUB_GRAPHQL_URL is {graphql_url!r}, and GITHUB_API_URL ({api_url}) says"
                f" {self._requester.graphql_url!r}: unset the former, the latter decides"
            )

    def __repr__(self) -> str:
        return f"Client({self.repository!r} at {self._requester.base_url!r})"

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._sent + sum(other.requests for other in self._others)

    @property
    def writes_left(self) -> int | None:
        """How many writes may still go out in this hour at our pace; None for any number."""
        return self._pacer.left()

    def may_wait(self, seconds: float) -> bool:
        """Whether this run has the patience for such a wait, with what it has waited so far."""
        return self.allowance.waited + seconds <= self._patience.longest_wait

    def elsewhere(self, repository: str, token: str) -> Client:
        """Another repository at the same forge, as another token sees it. It has limits, and so a pace, of its own."""
        other = type(self)(
            self._api_url,
            token,
            repository,
            pace=self._pace,
            patience=self._patience,
            sleep=self._sleep,
            monotonic=self._monotonic,
        )
        self._others.append(other)
        return other

    def beside(self, repository: str) -> Client:
        """Another repository, as the same token sees it: the limits and the pace are the token's, and so one's own."""
        other = self.elsewhere(repository, self._token)
        other._requester, other._pacer, other.allowance = self._requester, self._pacer, self.allowance
        other.progress = self.progress
        return other

    def graphql(
        self, query: str, variables: Mapping[str, Any], *, doing: str, missing_ok: bool = False
    ) -> tuple[Any, Answer]:
        """The `data` that a query brings, and the answer that brought it. `doing` names the errand in errors.

        With `missing_ok` a node that does not exist is None. Raises TooHeavy where a smaller page may help.
        """
        answer = self._ask_graphql(query, variables, doing, "issues: read")
        return answers.graphql_data(answer, self.repository, doing, missing_ok=missing_ok), answer

    def graphql_parts(
        self, query: str, variables: Mapping[str, Any], *, doing: str
    ) -> tuple[Mapping[str, Any], Mapping[str, PartError]]:
        """The parts of a query of which each stands for itself, and why others were refused, by their names in it."""
        return answers.parts(self._ask_graphql(query, variables, doing, "metadata: read"), doing)

    def mutate(self, document: str, variables: Mapping[str, Any], *, doing: str) -> Mapping[str, PartError]:
        """Perform a mutation; the parts of it that were refused, by their names in it. It is a write like another.

        Raises Uncertain where nobody knows which parts were performed, QueryRefused where none was.
        """
        answer = self._ask_graphql(document, variables, doing, "issues: write", reading=False)
        return answers.refused_parts(answer, doing)

    def _ask_graphql(
        self, query: str, variables: Mapping[str, Any], doing: str, permission: str, *, reading: bool = True
    ) -> Answer:
        """The answer to a document; raises what it was refused for as a whole."""
        url = self._requester.graphql_url
        answer = self._send("POST", url, {"query": query, "variables": dict(variables)}, doing=doing, reading=reading)
        missing = WrongAddress(
            f"{url} is not there: GITHUB_API_URL must be https://api.github.com or https://HOST/api/v3"
        )
        error = answers.refusal(answer, self.repository, doing, permission, missing)
        if error is not None:
            raise error
        return answer

    def rest(
        self,
        verb: Verb,
        path: str,
        body: Any = None,
        *,
        doing: str,
        permission: str = "issues: write",
        gone_is_fine: bool = False,
    ) -> Answer:
        """One REST request below this repository; `path` starts with a slash.

        `permission` is what a 403 asks for. With `gone_is_fine` a 404 or 410 is an answer like another.
        """
        answer = self._send(verb, f"/repos/{self.repository}{path}", body, doing=doing, reading=verb == "GET")
        of_case = path.startswith(("/issues/", "/labels/"))
        missing: ForgeError = CaseGone(doing) if of_case else RepositoryMissing(self.repository)
        error = answers.refusal(answer, self.repository, doing, permission, missing)
        if error is not None and not (gone_is_fine and isinstance(error, CaseGone)):
            raise error
        return answer

    def ask(self, verb: Verb, path: str, body: Any = None, *, doing: str, unless: str = "") -> Answer:
        """One REST request below the API's address, whatever it answers: a refusal is an answer too. `unless` is an
        ETag: where nothing has changed since, the answer is a 304, which GitHub counts against no limit.
        """
        headers = {"If-None-Match": unless} if unless else {}
        return self._send(verb, path, body, doing=doing, reading=verb == "GET", headers=headers)

    def time(self) -> float:
        """The forge's clock now, to a fraction of a second and never ahead of it; 0 before an answer has come."""
        return self._running.now(self._monotonic())

    def _send(
        self, verb: Verb, url: str, body: Any, *, doing: str, reading: bool, headers: Mapping[str, str] = NO_HEADERS
    ) -> Answer:
        """Send until there is an answer below 500 that is no limit, by the rules of repeating above."""
        tries = limits = 0
        if reading:
            self.progress.asks(doing)
        while True:
            if not reading:
                try:
                    self._pacer.wait()
                except LimitReached as limit:
                    self._ended_by(limit)
            repeatable = reading or verb == "DELETE"
            try:
                answer = self._once(verb, url, body, headers)
            except _Unsent as unsent:
                repeatable, why = True, str(unsent)
            except _Cut as cut:
                why = str(cut)
            else:
                pause = answers.limit_pause(answer, limits) if answer.status in (200, 403, 429) else None
                if pause is not None:
                    limits += 1
                    self._wait("GitHub's rate limit", pause)
                    continue
                if answer.status < 500:
                    return answer
                why = f"GitHub answered {answer.status}"
                if reading and verb == "POST" and answer.status in (502, 504):
                    raise TooHeavy(doing, why)
            if not repeatable:
                raise Uncertain(doing, why)
            tries += 1
            if tries == self._patience.tries:
                raise ForgeDown(doing, why, tries)
            self._wait(why, 2.0 ** (tries - 1))

    def _once(self, verb: Verb, url: str, body: Any, own: Mapping[str, str]) -> Answer:
        self._sent += 1
        try:
            status, headers, text = within(
                self._patience.whole, lambda: self._requester.requestJson(verb, url, headers=dict(own), input=body)
            )
        except TooLate as error:
            raise _Cut(f"no whole answer came within {self._patience.whole:.0f} seconds") from error
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise BadCertificate(self._requester.hostname_and_port) from error
            raise _Cut("the encrypted connection broke") from error
        except requests.exceptions.ConnectionError as error:
            reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
            if isinstance(reason, NewConnectionError | ConnectTimeoutError | ProxyError):
                raise _Unsent(f"no connection to {self._requester.hostname_and_port} came about") from error
            raise _Cut("the connection was cut") from error
        except requests.exceptions.Timeout as error:
            raise _Cut(f"no answer came within {self._patience.answer} seconds") from error
        except requests.exceptions.ChunkedEncodingError as error:
            raise _Cut("the connection was cut within the answer") from error
        except RuntimeError as error:  # PyGithub's word for a redirection to another host or protocol
            raise WrongAddress(f"GITHUB_API_URL is {self._requester.base_url!r}, but {error}") from error
        answer = Answer(url, status, headers, text)
        self.allowance.tell(headers)
        self.clock = max(self.clock, answer.server_date or 0)
        if answer.server_date is not None:
            self._running.tell(answer.server_date, self._monotonic())
        return answer

    def _ended_by(self, limit: LimitReached) -> NoReturn:
        """Note what no other client of this token can get past either."""
        self.allowance.limited = str(limit)
        raise limit

    def _wait(self, what: str, seconds: float) -> None:
        if self.allowance.waited + seconds > self._patience.longest_wait:
            self._ended_by(LimitReached(what, seconds))
        self.allowance.waited += seconds
        self.progress.waits(what, seconds)
        self._sleep(seconds)
