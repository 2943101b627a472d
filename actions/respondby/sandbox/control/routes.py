"""The control API under `/_sandbox/` over HTTP: JSON, without authentication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from respondby.sandbox.control.acts import Control
from respondby.sandbox.serving.limits import GITHUB, Rules
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json

GITHUB_RULES = tuple(item.name for item in fields(Rules))

#: What answers to everything given: the JSON body (a list stands under an empty key), the query and the path's
#: parameters.
Handler = Callable[[Json], Any]


def routes(control: Control) -> list[tuple[str, str, Handler]]:
    """Return the control API's routes: method, path, and what answers."""
    return [(method, path, partial(handler, control)) for method, path, handler in ROUTES]


def need(body: Mapping[str, Any], name: str, kind: type) -> Any:
    """Return a value that the body must hold, of one type; otherwise refuse with 422."""
    value = body.get(name)
    if not isinstance(value, kind):
        raise Problem(422, f"{name} must be given, as {kind.__name__}")
    return value


def _make_user(control: Control, given: Json) -> Json:
    return control.user(need(given, "login", str), given.get("type", "User"))


def _make_repo(control: Control, given: Json) -> Json:
    owner, name = need(given, "owner", str), need(given, "name", str)
    branch = given.get("default_branch", "main")
    return control.repo(owner, name, bool(given.get("private")), branch, given.get("files"))


def _make_files(control: Control, given: Json) -> Json:
    message = given.get("message", "Change files")
    return {"sha": control.files(f"{given['owner']}/{given['repo']}", need(given, "files", dict), message)}


def _make_member(control: Control, given: Json) -> None:
    login, association = need(given, "login", str), need(given, "association", str)
    control.member(f"{given['owner']}/{given['repo']}", login, association, given.get("permission"))


def _open_by_form(control: Control, given: Json) -> Json:
    login, title, body = (need(given, name, str) for name in ("login", "title", "body"))
    name = f"{given['owner']}/{given['repo']}"
    return {"number": control.open_by_form(name, login, title, body, given.get("labels", []))}


def _make_team(control: Control, given: Json) -> Json:
    members = need(given, "members", list)
    return {"slug": control.team(given["org"], need(given, "name", str), [str(login) for login in members])}


def _set_limits(control: Control, given: Json) -> None:
    unknown = given.keys() - GITHUB_RULES
    if unknown or not all(value is None or type(value) is int for value in given.values()):
        raise Problem(422, f"limits are numbers: {', '.join(GITHUB_RULES)}")
    control.limits(replace(GITHUB, **given))


def _make_fork(control: Control, given: Json) -> Json:
    return {"full_name": control.fork(f"{given['owner']}/{given['repo']}", need(given, "login", str))}


def _set_settings(control: Control, given: Json) -> None:
    kinds = dict.fromkeys(("workflows_open_pulls", "archived", "has_issues", "private"), bool)
    wanted = {**kinds, "topics": list, "owner_login": str}
    said = {name: need(given, name, kind) for name, kind in wanted.items() if name in given}
    if not said:
        raise Problem(422, f"say what to set: {', '.join(wanted)}")
    owner = said.pop("owner_login", None)
    control.settings(f"{given['owner']}/{given['repo']}", **said, owner=owner)


def _link(control: Control, given: Json) -> None:
    pull, issue, login = need(given, "pull", int), need(given, "issue", int), need(given, "login", str)
    name = f"{given['owner']}/{given['repo']}"
    control.link(name, pull, issue, login, given.get("connected", True) is True)


def _make_run(control: Control, given: Json) -> Json:
    workflow, at = need(given, "workflow", str), need(given, "at", str)
    event, conclusion = given.get("event", "schedule"), given.get("conclusion", "success")
    return control.run(f"{given['owner']}/{given['repo']}", workflow, at, event, conclusion)


def _finish_run(control: Control, given: Json) -> None:
    name = f"{given['owner']}/{given['repo']}"
    control.finish_run(name, given["run"], need(given, "conclusion", str))


def _set_state(control: Control, given: Json) -> None:
    workflow, state = need(given, "workflow", str), need(given, "state", str)
    control.workflow_state(f"{given['owner']}/{given['repo']}", workflow, state)


def _make_token(control: Control, given: Json) -> Json:
    permissions, repository = given.get("permissions"), given.get("repository")
    scopes = given.get("scopes")
    if scopes is not None and not isinstance(scopes, list):
        raise Problem(422, "scopes must be given as list")
    return {"token": control.token(need(given, "login", str), permissions, repository, scopes)}


def _make_project(control: Control, given: Json) -> Json:
    fields, login = given.get("fields"), given.get("login")
    if fields is not None and not isinstance(fields, dict):
        raise Problem(422, "fields must be given as dict")
    owner, title = given["account"], need(given, "title", str)
    return {"number": control.project(owner, title, fields, login, _flag(given, "public"))}


def _make_cache(control: Control, given: Json) -> Json:
    name, ref = f"{given['owner']}/{given['repo']}", given.get("ref", "refs/heads/main")
    return {"id": control.cache(name, need(given, "key", str), ref, int(given.get("size", 0)))}


def _flag(given: Json, name: str) -> bool:
    return bool(given.get(name))


def _after(given: Json) -> int:
    text = str(given.get("after", "0"))
    if not text.isdecimal():
        raise Problem(422, f"after is a number, not {text!r}")
    return int(text)


ROUTES: list[tuple[str, str, Callable[[Control, Json], Any]]] = [
    ("GET", "/_sandbox/health", lambda *_: {"status": "ok"}),
    ("GET", "/_sandbox/clock", lambda control, _: {"now": control.now()}),
    (
        "POST",
        "/_sandbox/clock",
        lambda control, given: {"now": control.set_clock(given.get("now"), _flag(given, "running"))},
    ),
    ("POST", "/_sandbox/users", _make_user),
    ("DELETE", "/_sandbox/users/{login}", lambda control, given: control.delete_user(given["login"])),
    ("POST", "/_sandbox/repos", _make_repo),
    ("POST", "/_sandbox/repos/{owner}/{repo}/files", _make_files),
    ("POST", "/_sandbox/repos/{owner}/{repo}/members", _make_member),
    ("POST", "/_sandbox/orgs/{org}/teams", _make_team),
    ("POST", "/_sandbox/search-lag", lambda control, given: control.search_lag(need(given, "seconds", int))),
    ("POST", "/_sandbox/limits", _set_limits),
    ("DELETE", "/_sandbox/limits", lambda control, _: control.limits(None)),
    ("POST", "/_sandbox/repos/{owner}/{repo}/forks", _make_fork),
    ("POST", "/_sandbox/repos/{owner}/{repo}/settings", _set_settings),
    ("POST", "/_sandbox/repos/{owner}/{repo}/links", _link),
    ("POST", "/_sandbox/repos/{owner}/{repo}/form-issues", _open_by_form),
    ("POST", "/_sandbox/repos/{owner}/{repo}/runs", _make_run),
    ("POST", "/_sandbox/repos/{owner}/{repo}/runs/{run:int}", _finish_run),
    ("POST", "/_sandbox/repos/{owner}/{repo}/workflow-states", _set_state),
    ("POST", "/_sandbox/repos/{owner}/{repo}/caches", _make_cache),
    ("POST", "/_sandbox/accounts/{account}/projects", _make_project),
    ("POST", "/_sandbox/tokens", _make_token),
    ("GET", "/_sandbox/deliveries", lambda control, given: control.deliveries(_after(given))),
    ("POST", "/_sandbox/faults", lambda control, given: control.faults(need(given, "", list))),
    ("DELETE", "/_sandbox/faults", lambda control, _: control.clear_faults()),
    ("GET", "/_sandbox/requests", lambda control, given: control.requests(_after(given))),
]
