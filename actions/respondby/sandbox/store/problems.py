"""What the sandbox refuses, in GitHub's words and JSON shape."""

from __future__ import annotations

from collections.abc import Sequence

from respondby.sandbox.store.values import Json

DOCS = "https://docs.github.com/rest"


class Problem(Exception):
    """A refusal: an HTTP status, a message and, for a 422, the errors field by field; perhaps headers of its own."""

    def __init__(self, status: int, message: str, errors: Sequence[Json | str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.docs = DOCS
        self.headers: dict[str, str] = {}

    def body(self) -> Json:
        """Return the JSON body that GitHub answers with."""
        body: Json = {"message": self.message}
        if self.errors:
            body["errors"] = self.errors
        return {**body, "documentation_url": self.docs, "status": str(self.status)}


class Moved(Problem):
    """Something is at another address now: a redirect there."""

    def __init__(self, location: str) -> None:
        super().__init__(301, "Moved Permanently")
        self.location = location
        self.headers = {"location": location}

    def body(self) -> Json:
        """Return the JSON body that GitHub answers with."""
        return {"message": self.message, "url": self.location, "documentation_url": self.docs}


def not_found() -> Problem:
    """Something does not exist, or the viewer may not know that it does."""
    return Problem(404, "Not Found")


def invalid(resource: str, field: str, code: str, message: str = "", value: str | None = None) -> Problem:
    """One field of a request breaks a rule; `code` is GitHub's: missing_field, invalid, already_exists, custom."""
    error: Json = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    if value is not None:
        error["value"] = value
    return Problem(422, "Validation Failed", [error])


def unprocessable(resource: str, message: str) -> Problem:
    """A request as a whole breaks a rule that no field stands for."""
    return Problem(422, "Validation Failed", [{"resource": resource, "code": "custom", "message": message}])


def no_access_for_integration() -> Problem:
    """A bot's token lacks the permission."""
    return Problem(403, "Resource not accessible by integration")


def no_access_for_token() -> Problem:
    """A person's fine-grained token lacks the permission."""
    return Problem(403, "Resource not accessible by personal access token")


def no_rights() -> Problem:
    """A person's role in the repository is not enough."""
    return Problem(403, "Must have admin rights to Repository.")


def sign_in() -> Problem:
    """A write, or a GraphQL request, came without a token."""
    return Problem(401, "Requires authentication")
