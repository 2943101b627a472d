"""What GitHub tells a job through its environment, checked once and then passed on as a value.

`GITHUB_API_URL` decides which forge is meant; `GITHUB_GRAPHQL_URL` must agree with it. Everything else that looks at
the environment asks here, so that a policy can never make the desk read the workflow's own token as one of its secrets.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from respondby.dataclass import dataclass

DEFAULT_API_URL = "https://api.github.com"

# GitHub's own names; an owner may hold an underscore where an enterprise manages its users.
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}")
SECRET = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NOT_SECRETS = ("GITHUB_", "ACTIONS_", "RUNNER_", "INPUT_")


class EnvironmentProblem(Exception):
    """The environment lacks something or contradicts itself; the text says what to set. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Environment:
    """One job's surroundings.

    URLs have no slash at their end. Paths are None outside a runner; then there is nothing to write to.
    """

    api_url: str
    graphql_url: str
    repository: str
    """`owner/name`"""
    token: str = field(repr=False)
    event_name: str
    event_path: Path | None
    output_path: Path | None
    summary_path: Path | None
    run_id: str
    run_url: str
    """The page of this run; empty outside a runner."""
    is_actions: bool
    variables: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Environment":
        """The environment of this job; raises EnvironmentProblem."""
        api_url = _url(environ, "GITHUB_API_URL", DEFAULT_API_URL)
        repository = environ.get("GITHUB_REPOSITORY", "")
        if not REPOSITORY.fullmatch(repository):
            raise EnvironmentProblem(f"GITHUB_REPOSITORY must be owner/name, not {repository!r}.")
        server_url, run_id = _url(environ, "GITHUB_SERVER_URL", "https://github.com"), environ.get("GITHUB_RUN_ID", "")
        return cls(
            api_url=api_url,
            graphql_url=_agreed_graphql_url(environ, api_url),
            repository=repository,
            token=_token(environ),
            event_name=environ.get("GITHUB_EVENT_NAME", ""),
            event_path=_path(environ, "GITHUB_EVENT_PATH"),
            output_path=_path(environ, "GITHUB_OUTPUT"),
            summary_path=_path(environ, "GITHUB_STEP_SUMMARY"),
            run_id=run_id,
            run_url=f"{server_url}/{repository}/actions/runs/{run_id}" if run_id else "",
            is_actions=environ.get("GITHUB_ACTIONS") == "true",
            variables=dict(environ),
        )

    def secret(self, name: str) -> str | None:
        """The value of a secret that the policy names, None where it is unset or empty; raises EnvironmentProblem.

        The names that GitHub and its runner use are refused: a policy must not be able to send the workflow's token
        to an address of its choice.
        """
        if not SECRET.fullmatch(name) or name.upper().startswith(NOT_SECRETS):
            raise EnvironmentProblem(f"{name!r} cannot be the name of a secret: choose one such as CHAT_URL.")
        return self.variables.get(name) or None


def graphql_url_of(api_url: str) -> str:
    """The GraphQL address that belongs to a REST address (GitHub Enterprise Server has its own pattern)."""
    if api_url.endswith("/api/v3"):
        return api_url.removesuffix("/v3") + "/graphql"
    return api_url + "/graphql"


def _agreed_graphql_url(environ: Mapping[str, str], api_url: str) -> str:
    expected = graphql_url_of(api_url)
    given = _url(environ, "GITHUB_GRAPHQL_URL", expected)
    if given != expected:
        raise EnvironmentProblem(
            f"GITHUB_GRAPHQL_URL is {given}, but GITHUB_API_URL is {api_url}, to which {expected} belongs: "
            "two forges would be read as one. Set both, or only GITHUB_API_URL."
        )
    return expected


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    text = (environ.get(name) or default).rstrip("/")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an address that is no URL at all: "http://[", a port that is no number
        sound = False
    if not sound or parts.username or parts.password or parts.query or parts.fragment or not text.isprintable():
        raise EnvironmentProblem(f"{name} must be an http or https address without user, query or fragment.")
    return text


def _token(environ: Mapping[str, str]) -> str:
    token = environ.get("GITHUB_TOKEN", "")
    if not token:
        raise EnvironmentProblem(
            "GITHUB_TOKEN is not set: in a workflow, pass `token` to the action (its default does)."
        )
    if not re.fullmatch(r"[!-~]+", token):
        raise EnvironmentProblem("GITHUB_TOKEN holds a space, a line break or another character that no token has.")
    return token


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None
