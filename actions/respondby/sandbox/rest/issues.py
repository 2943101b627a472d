"""Routes of issues and their assignees."""

from __future__ import annotations

from respondby.sandbox.domain import editing, issues, milestones
from respondby.sandbox.rest.http import OLD, Answer, Call, Routes, page
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.shapes.people import user
from respondby.sandbox.store import access, clock, people
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.problems import invalid, not_found, sign_in
from respondby.sandbox.store.values import Json, Row

_SORTS = {"created": "created_at", "updated": "updated_at", "comments": "comments"}
_BY_LABEL = (
    "EXISTS (SELECT 1 FROM issue_labels x JOIN labels l ON l.id = x.label_id WHERE x.issue_id = i.id AND l.name = ?)"
)


def list_issues(call: Call) -> Answer:
    """List a repository's issues, by state, labels, assignee, creator and since."""
    repo, query = call.repo, call.query
    access.may_read(call.viewer, repo, "issues")
    where, values = ["i.repo_id = ?", "NOT i.deleted"], [repo["id"]]
    state = query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise invalid("Issue", "state", "invalid", value=state)
    if state != "all":
        where.append("i.state = ?")
        values.append(state)
    for name in filter(None, query.get("labels", "").split(",")):
        where.append(_BY_LABEL)
        values.append(name)
    if "since" in query:
        where.append("i.updated_at >= ?")
        values.append(_instant(query["since"]))
    if "creator" in query:
        where.append("i.author_id = (SELECT id FROM users WHERE login = ? AND NOT gone)")
        values.append(query["creator"])
    milestone = query.get("milestone", "")
    if milestone.isdecimal():
        where.append("i.milestone_id = (SELECT id FROM milestones WHERE repo_id = ? AND number = ?)")
        values += [repo["id"], int(milestone)]
    elif milestone:
        where.append(f"i.milestone_id IS {'NOT ' if milestone == '*' else ''}NULL")
    assignee = query.get("assignee", "")
    if assignee == "*":
        where.append("i.id IN (SELECT issue_id FROM assignees)")
    elif assignee == "none":
        where.append("i.id NOT IN (SELECT issue_id FROM assignees)")
    elif assignee:
        where.append(
            "EXISTS (SELECT 1 FROM assignees a JOIN users u ON u.id = a.user_id"
            " WHERE a.issue_id = i.id AND u.login = ?)"
        )
        values.append(assignee)
    column = _SORTS.get(query.get("sort", "created"))
    if column is None:
        raise invalid("Issue", "sort", "invalid", value=query["sort"])
    direction = "ASC" if query.get("direction") == "asc" else "DESC"
    # Every fragment is a literal of this module; what comes from the query is bound.
    sql = (
        "SELECT i.*, (SELECT count(*) FROM comments c WHERE c.issue_id = i.id) AS comments FROM issues i"  # noqa: S608
        f" WHERE {' AND '.join(where)} ORDER BY {column} {direction}, i.id {direction}"
    )
    return page(call, call.world.all(sql, *values), lambda row: issue_shape(call, repo, row))


def _instant(text: str) -> int:
    try:
        return clock.parse(text)
    except ValueError:
        raise invalid("Issue", "since", "invalid", value=text) from None


def issue_shape(call: Call, repo: Row, row: Row) -> Json:
    """Return an issue for the request's API version; the old one also names the first assignee by itself."""
    shape = shapes.issue(call.world, repo, row)
    if call.version == OLD:
        shape["assignee"] = next(iter(shape["assignees"]), None)
    return shape


def issue_of(call: Call) -> tuple[Row, Row]:
    """Return the repository and the issue in the path, readable by the viewer."""
    repo = call.repo
    access.may_read(call.viewer, repo, "issues or pull_requests")
    row = issues.need(call.world, repo, call.params["number"])
    access.may_read(call.viewer, repo, access.scope_of(row))
    return repo, row


def get_issue(call: Call) -> Answer:
    """Return one issue."""
    repo, row = issue_of(call)
    return Answer(200, issue_shape(call, repo, row))


def create_issue(call: Call) -> Answer:
    """Open an issue."""
    repo = call.repo
    viewer = call.writing(repo, "issues", Role.READ)
    title = call.body.get("title")
    row = issues.create(
        call.world,
        repo,
        viewer,
        str(title) if isinstance(title, int | float) else title or "",
        call.body.get("body"),
        call.names("Issue", "labels") or [],
        call.names("Issue", "assignees", "login") or [],
    )
    if call.body.get("milestone") is not None and access.role(call.world, viewer, repo) >= Role.TRIAGE:
        milestones.put(call.world, repo, viewer, row, _milestone(call))
        row = call.world.get("issues", row["id"])
    shape = issue_shape(call, repo, row)
    return Answer(201, shape, {"location": shape["url"]})


def edit_issue(call: Call) -> Answer:
    """Change whatever the body names: title, body, labels, assignees, state.

    The author may change title, body and state; labels and assignees from anybody without the role are dropped.
    """
    repo = call.repo
    viewer = call.viewer
    if viewer is None:
        raise sign_in()
    row = issues.need(call.world, repo, call.params["number"])
    changes: Json = {name: call.body[name] for name in ("title", "body") if name in call.body}
    changes |= {"labels": call.names("Issue", "labels"), "assignees": call.names("Issue", "assignees", "login")}
    if "milestone" in call.body:
        changes["milestone"] = _milestone(call)
    changes |= {name: call.maybe_text("Issue", name) for name in ("state", "state_reason")}
    return Answer(200, issue_shape(call, repo, editing.edit(call.world, repo, viewer, row, changes)))


def _milestone(call: Call) -> int | None:
    number = call.body["milestone"]
    if number is not None and type(number) is not int:
        raise invalid("Issue", "milestone", "invalid", value=str(number))
    return number


def lock_issue(call: Call) -> Answer:
    """Lock the conversation."""
    repo, row = issue_of(call)
    issues.lock(call.world, repo, call.writing_to(repo, row, Role.WRITE), row, call.maybe_text("Issue", "lock_reason"))
    return Answer(204)


def unlock_issue(call: Call) -> Answer:
    """Unlock the conversation."""
    repo, row = issue_of(call)
    issues.unlock(call.world, repo, call.writing_to(repo, row, Role.WRITE), row)
    return Answer(204)


def add_assignees(call: Call) -> Answer:
    """Assign the issue to more people; those who cannot have it are passed over in silence."""
    repo, row = issue_of(call)
    viewer = call.writing_to(repo, row, Role.TRIAGE)
    found = [people.find(call.world, login) for login in call.names("Issue", "assignees", "login") or []]
    fit = [person for person in found if person is not None and access.assignable(call.world, repo, row["id"], person)]
    issues.assign(call.world, repo, viewer, row["id"], fit)
    return Answer(201, issue_shape(call, repo, call.world.get("issues", row["id"])))


def remove_assignees(call: Call) -> Answer:
    """Take the issue from people."""
    repo, row = issue_of(call)
    viewer = call.writing_to(repo, row, Role.TRIAGE)
    found = [people.find(call.world, login) for login in call.names("Issue", "assignees", "login") or []]
    issues.unassign(call.world, repo, viewer, row["id"], [person["id"] for person in found if person is not None])
    return Answer(200, issue_shape(call, repo, call.world.get("issues", row["id"])))


def list_assignees(call: Call) -> Answer:
    """List whom the repository's issues may be assigned to."""
    repo = call.repo
    return page(call, access.assignables(call.world, repo), lambda row: user(call.world, row["id"]))


def check_assignee(call: Call) -> Answer:
    """Answer 204 if an issue may be assigned to somebody, 404 if not."""
    repo = call.repo
    person = people.find(call.world, call.params["login"])
    issue_id = issues.need(call.world, repo, call.params["number"])["id"] if "number" in call.params else None
    if person is None or not access.assignable(call.world, repo, issue_id, person):
        raise not_found()
    return Answer(204)


_ISSUE = "/repos/{owner}/{repo}/issues/{number:int}"
ROUTES: Routes = [
    ("GET", _ISSUE, get_issue),
    ("GET", "/repos/{owner}/{repo}/issues", list_issues),
    ("POST", "/repos/{owner}/{repo}/issues", create_issue),
    ("PATCH", _ISSUE, edit_issue),
    ("PUT", _ISSUE + "/lock", lock_issue),
    ("DELETE", _ISSUE + "/lock", unlock_issue),
    ("POST", _ISSUE + "/assignees", add_assignees),
    ("DELETE", _ISSUE + "/assignees", remove_assignees),
    ("GET", _ISSUE + "/assignees/{login}", check_assignee),
    ("GET", "/repos/{owner}/{repo}/assignees", list_assignees),
    ("GET", "/repos/{owner}/{repo}/assignees/{login}", check_assignee),
]
