"""Routes of the API's root, accounts, repositories, collaborators and dispatches."""

from __future__ import annotations

import json

from respondby.sandbox.domain import moves, repositories, runs
from respondby.sandbox.rest.http import OLD, Answer, Call, Routes
from respondby.sandbox.shapes import people as shapes
from respondby.sandbox.shapes.repositories import api_url, full_repository, permissions, web_url
from respondby.sandbox.store import access, people
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.problems import Problem, invalid, no_access_for_integration, sign_in

MOST_PROPERTIES, LARGEST_PAYLOAD, LONGEST_EVENT_TYPE = 10, 65_535, 100
"""Of a `repository_dispatch`: keys of its payload, its bytes as JSON, characters of its type."""
_LEGACY = {Role.NONE: "none", Role.READ: "read", Role.TRIAGE: "read", Role.WRITE: "write", Role.MAINTAIN: "write"}


def root(call: Call) -> Answer:
    """Return the API's table of addresses."""
    url = call.world.api
    repo = url + "/repos/{owner}/{repo}"
    search = "?q={query}{&page,per_page,sort,order}"
    return Answer(
        200,
        {
            "current_user_url": f"{url}/user",
            "current_user_authorizations_html_url": f"{url}/settings/connections/applications{{/client_id}}",
            "code_search_url": f"{url}/search/code{search}",
            "commit_search_url": f"{url}/search/commits{search}",
            "emails_url": f"{url}/user/emails",
            "emojis_url": f"{url}/emojis",
            "events_url": f"{url}/events",
            "feeds_url": f"{url}/feeds",
            "followers_url": f"{url}/user/followers",
            "following_url": f"{url}/user/following{{/target}}",
            "gists_url": f"{url}/gists{{/gist_id}}",
            "issue_search_url": f"{url}/search/issues{search}",
            "issues_url": f"{url}/issues",
            "keys_url": f"{url}/user/keys",
            "label_search_url": f"{url}/search/labels?q={{query}}&repository_id={{repository_id}}{{&page,per_page}}",
            "notifications_url": f"{url}/notifications",
            "organization_url": f"{url}/orgs/{{org}}",
            "organization_repositories_url": f"{url}/orgs/{{org}}/repos{{?type,page,per_page,sort}}",
            "organization_teams_url": f"{url}/orgs/{{org}}/teams",
            "public_gists_url": f"{url}/gists/public",
            "rate_limit_url": f"{url}/rate_limit",
            "repository_url": repo,
            "repository_search_url": f"{url}/search/repositories{search}",
            "current_user_repositories_url": f"{url}/user/repos{{?type,page,per_page,sort}}",
            "starred_url": f"{url}/user/starred{{/owner}}{{/repo}}",
            "starred_gists_url": f"{url}/gists/starred",
            "topic_search_url": f"{url}/search/topics?q={{query}}{{&page,per_page}}",
            "user_url": f"{url}/users/{{user}}",
            "user_organizations_url": f"{url}/user/orgs",
            "user_repositories_url": f"{url}/users/{{user}}/repos{{?type,page,per_page,sort}}",
            "user_search_url": f"{url}/search/users{search}",
        },
    )


def meta(_call: Call) -> Answer:
    """Return what GitHub tells about itself."""
    return Answer(200, {"verifiable_password_authentication": False})


def get_viewer(call: Call) -> Answer:
    """Return the account of the token; an app's token has none."""
    if call.viewer is None:
        raise sign_in()
    if call.viewer.is_bot:
        raise no_access_for_integration()
    return Answer(200, shapes.private_user(call.world, call.world.get("users", call.viewer.id)))


def get_user(call: Call) -> Answer:
    """Return an account's public profile."""
    return Answer(200, shapes.public_user(call.world, people.need(call.world, call.params["login"])))


def get_repository(call: Call) -> Answer:
    """Return a repository."""
    repo = call.repo
    role = access.role(call.world, call.viewer, repo, "contents")
    shape = full_repository(call.world, repo, role)
    return Answer(200, shape | {"has_downloads": True} if call.version == OLD else shape)


def get_permission(call: Call) -> Answer:
    """Return what somebody may do in the repository; only staff may ask."""
    repo, viewer = call.repo, call.viewer
    if viewer is None:
        raise sign_in()
    if viewer.permissions is not None and viewer.repo_id != repo["id"]:
        raise access.refusal(viewer, "metadata", "read")
    if not viewer.is_bot and access.role(call.world, viewer, repo, "metadata") < Role.WRITE:
        raise Problem(403, "Must have push access to view collaborator permission.")
    person = people.need(call.world, call.params["login"])
    role = access.role_of(call.world, repo, person["id"])
    shape = {
        **shapes.user(call.world, person["id"]),
        "permissions": permissions(role),
        "role_name": role.name.lower(),
    }
    return Answer(200, {"permission": _LEGACY.get(role, "admin"), "user": shape, "role_name": role.name.lower()})


def check_collaborator(call: Call) -> Answer:
    """Answer 204 if somebody is a collaborator, 404 if not."""
    repo = call.repo
    person = people.need(call.world, call.params["login"])
    if people.association(call.world, repo, person["id"]) not in ("OWNER", "MEMBER", "COLLABORATOR"):
        raise Problem(404, "Not Found")
    return Answer(204)


def dispatch(call: Call) -> Answer:
    """Accept a `repository_dispatch`."""
    repo = call.repo
    viewer = call.writing(repo, "contents", Role.WRITE)
    payload = call.body.get("client_payload") or {}
    event_type = call.text("RepositoryDispatch", "event_type")
    if not 0 < len(event_type) <= LONGEST_EVENT_TYPE:
        why = f"event_type has 1 to {LONGEST_EVENT_TYPE} characters"
        raise invalid("RepositoryDispatch", "event_type", "invalid", why, event_type)
    if not isinstance(payload, dict):
        raise Problem(
            422, f"Invalid request.\n\nFor 'properties/client_payload', {json.dumps(payload)} is not an object."
        )
    if len(payload) > MOST_PROPERTIES:
        what = f"No more than {MOST_PROPERTIES} properties are allowed; {len(payload)} were supplied."
        raise Problem(422, f"Invalid request.\n\n{what}")
    if len(json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()) > LARGEST_PAYLOAD:
        raise Problem(422, "client_payload is too large.")
    repositories.dispatch(call.world, repo, viewer, event_type, payload)
    return Answer(204)


def dispatch_workflow(call: Call) -> Answer:
    """Accept a `workflow_dispatch`; since the newer API version the answer names the run."""
    repo = call.repo
    viewer = call.writing(repo, "actions", Role.WRITE)
    inputs = call.body.get("inputs") or {}
    ref = call.text("WorkflowDispatch", "ref")
    run_id = runs.dispatch(call.world, repo, viewer, call.params["workflow"], ref, inputs)
    if call.version == OLD and not call.body.get("return_run_details"):
        return Answer(204)
    run = f"actions/runs/{run_id}"
    return Answer(
        200,
        {
            "workflow_run_id": run_id,
            "run_url": f"{api_url(call.world, repo)}/{run}",
            "html_url": f"{web_url(call.world, repo)}/{run}",
        },
    )


def edit_repository(call: Call) -> Answer:
    """Rename a repository."""
    repo = call.repo
    viewer = call.writing(repo, "administration", Role.ADMIN)
    repo = moves.rename(call.world, repo, viewer, call.maybe_text("Repository", "name") or repo["name"])
    return Answer(200, full_repository(call.world, repo, Role.ADMIN))


def fork(call: Call) -> Answer:
    """Fork a repository for the viewer, or for an organisation."""
    repo = call.repo
    if call.viewer is None:
        raise sign_in()
    name = call.maybe_text("Repository", "organization") or call.viewer.login
    made = repositories.fork(call.world, repo, people.need(call.world, name))
    return Answer(202, full_repository(call.world, made, access.role(call.world, call.viewer, made, "contents")))


_REPO = "/repos/{owner}/{repo}"
ROUTES: Routes = [
    ("GET", "/", root),
    ("GET", "/meta", meta),
    ("GET", "/user", get_viewer),
    ("GET", "/users/{login}", get_user),
    ("GET", _REPO, get_repository),
    ("PATCH", _REPO, edit_repository),
    ("POST", _REPO + "/forks", fork),
    ("GET", _REPO + "/collaborators/{login}", check_collaborator),
    ("GET", _REPO + "/collaborators/{login}/permission", get_permission),
    ("POST", _REPO + "/dispatches", dispatch),
    ("POST", _REPO + "/actions/workflows/{workflow}/dispatches", dispatch_workflow),
]
