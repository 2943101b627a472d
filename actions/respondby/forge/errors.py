"""Everything that can go wrong between us and the forge, each with what to do next.

Two families, for law 7: a `CaseError` concerns one case, and the sweep goes on with the next; every other `ForgeError`
would meet the next case as well, so the run ends with it. No message holds a token or a header that carries one.
"""

from __future__ import annotations


class ForgeError(Exception):
    """The forge cannot be used as things are. The message says what to do."""


class CaseError(ForgeError):
    """One case could not be read or changed; others are not concerned."""


class Uncertain(CaseError):
    """A write was sent and no answer came, or a 5xx: it may have been done. Read before doing it again (law 5)."""

    def __init__(self, doing: str, why: str) -> None:
        super().__init__(
            f"{doing}: {why}, so nobody knows whether it was done; the next run reads again and goes on from there"
        )


class CaseGone(CaseError):
    """The issue was deleted, was transferred, or never was."""

    def __init__(self, doing: str) -> None:
        super().__init__(
            f"{doing}: it is not there (deleted, transferred, or a pull request); nothing is owed on it any more"
        )


class CommentTooLong(CaseError):
    """A comment that GitHub would refuse, kept from being sent."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"the comment has {length} characters and GitHub takes {limit}: shorten the policy's own texts (`say`,"
            " `comment`)"
        )


class Refused(CaseError):
    """GitHub understood and said no (a 4xx that has no error of its own here)."""

    def __init__(self, doing: str, status: int, message: str) -> None:
        super().__init__(f"{doing}: GitHub refused with {status}: {message}")
        self.status = status
        self.message = message


class Unreadable(CaseError):
    """A record of ours that is there and cannot be read. `log` says that it is the desk's log, or may be."""

    def __init__(self, why: str, *, log: bool = False) -> None:
        super().__init__(why)
        self.log = log


class FileUnreadable(ForgeError):
    """A file that is there and is no text."""


class BadToken(ForgeError):
    """401."""

    def __init__(self) -> None:
        super().__init__(
            "GitHub does not know this token (401): in a workflow pass GITHUB_TOKEN: ${{ github.token }} by env;"
            " elsewhere make a new token, the old one has expired or been revoked"
        )


class KeyReturned(ForgeError):
    """The key in use is one that this desk has replaced before."""

    def __init__(self) -> None:
        super().__init__(
            "RESPONDBY_KEY is a key that this desk has replaced before: what was signed since would not count, and"
            " people would be called again. Nothing was done. Store a new key (`openssl rand -hex 32`), and those"
            " before it, one a line, as RESPONDBY_KEY_OLD"
        )


class NotGranted(ForgeError):
    """403: the token is good and lacks a permission. `permission` is as a workflow's `permissions:` would say it."""

    def __init__(self, doing: str, permission: str, message: str) -> None:
        super().__init__(
            f"{doing}: this token may not (403, “{message}”): give the job `permissions: {permission}`,"
            f" or the token that permission"
        )
        self.permission = permission
        self.message = message


class RepositoryMissing(ForgeError):
    """404: GitHub says the same of a repository that does not exist and of one that the token must not see."""

    def __init__(self, repository: str) -> None:
        super().__init__(
            f"{repository} is not there, or this token may not know that it is: check GITHUB_REPOSITORY (owner/name),"
            " and that the token was made for this repository"
        )


class RepositoryMoved(ForgeError):
    """307 or 308: the repository got another name while this run was at work; what was sent was not done."""

    def __init__(self, repository: str, status: int) -> None:
        super().__init__(
            f"{repository} has been renamed or transferred ({status}): the next run reads its new name and goes on;"
            " where GITHUB_REPOSITORY is set by hand, write the new name there"
        )


class RepositoryBlocked(ForgeError):
    """451, or a 403 that says so: GitHub has taken the repository away, for a notice or its terms."""

    def __init__(self, repository: str, message: str, notice: str) -> None:
        super().__init__(
            f"GitHub has blocked {repository} (“{message}”): nothing can be read or written there until its owner has"
            f" settled that with GitHub{f'; the notice is {notice}' if notice else ''}"
        )


class LimitReached(ForgeError):
    """A rate limit that asks for a longer wait than a job should make. `seconds` is how long."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(
            f"{what} asks for a wait of {seconds:.0f} seconds, more than this run may wait: the next run goes on where"
            " this one stops; if it happens often, sweep less often or use a GitHub App's token"
        )
        self.seconds = seconds


class ForgeDown(ForgeError):
    """GitHub does not answer, or answers 5xx, and went on doing so."""

    def __init__(self, doing: str, why: str, tries: int) -> None:
        super().__init__(f"{doing}: {why}, {tries} times: see githubstatus.com; the next run tries again")


class NotTheForge(ForgeError):
    """The answer is not JSON: a proxy's or a login page, or an address that is no API."""

    def __init__(self, url: str, status: int, text: str) -> None:
        start = " ".join(text.split())[:60]
        super().__init__(
            f"{url} answered {status} with something else than JSON ({start!r}): is GITHUB_API_URL right"
            " (https://api.github.com, or https://HOST/api/v3), and is there a proxy between?"
        )


class BadCertificate(ForgeError):
    """The server's certificate is not trusted here."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"the certificate of {host} is not trusted: where a proxy or a GitHub Enterprise Server uses a certificate"
            " authority of its own, set REQUESTS_CA_BUNDLE to a file that holds it"
        )


class WrongAddress(ForgeError):
    """GITHUB_API_URL is unusable, or GITHUB_GRAPHQL_URL disagrees with it."""


class WrongPace(ForgeError):
    """RESPONDBY_PACE says something that is no pace."""

    def __init__(self, part: str) -> None:
        super().__init__(
            f"RESPONDBY_PACE says {part!r}: write `off`, or any of `burst=10 seconds=1 minute=80 hour=500`, each more"
            " than nothing"
        )


class NoDate(ForgeError):
    """An answer without a `Date` header: the desk has no other clock."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} sent no Date header, and the forge's clock is the only clock: does a proxy strip it?")


class QueryRefused(ForgeError):
    """GraphQL did not take the query at all."""

    def __init__(self, doing: str, message: str) -> None:
        super().__init__(
            f"{doing}: GitHub did not take the query: {message}; on GitHub Enterprise Server, update the server or use"
            " an older respondby"
        )
        self.message = message


class PartialAnswer(ForgeError):
    """GraphQL answered in part. Deciding on a part would be wrong, so nothing was decided."""

    def __init__(self, doing: str, missing: str) -> None:
        super().__init__(
            f"{doing}: GitHub answered only in part, without {missing}; nothing was done, the next run tries again"
        )


class TooHeavy(ForgeError):
    """GitHub gave up on a query (502, 504, or its GraphQL words for it): whoever pages reads a smaller page."""

    def __init__(self, doing: str, why: str) -> None:
        super().__init__(
            f"{doing}: {why}, with the smallest page as well: see githubstatus.com; the next run tries again"
        )
