"""Issues on project boards, each written with the token that the policy's secret holds.

Laws:

- Nothing is left half done in silence: before an issue is put on a board, the board and its date field are looked at,
  and what is wrong with them is the case's failure, in words that say what to do (law 7). The next run tries again.
- A board is read once a run. Putting an issue there, and setting its date, may be repeated (law 5).
"""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.channels.message import Secrets
from respondby.desk.case import Case
from respondby.desk.results import Tracked
from respondby.forge.client import Client
from respondby.forge.errors import BadToken, CaseError, CaseGone, ForgeError, NotGranted, QueryRefused
from respondby.forge.projects import Project, add_issue, find_project, is_on_board, set_date
from respondby.rules.plan import PutOnBoard

_NEEDS = "give it a token with the scope `project` (classic), or one that may read and write the owner's projects"


class NotTracked(CaseError):
    """An issue could not be put on a board as things are; the text says what to do."""


class Boards:
    """The boards of one run."""

    def __init__(self, client: Client, secrets: Secrets) -> None:
        self.client = client
        self.secrets = secrets
        self._clients: dict[str, Client] = {}
        self._projects: dict[tuple[str, str], Project] = {}

    def put(self, action: PutOnBoard, case: Case, now: Instant) -> Tracked:
        """Put the case's issue on the board, or move its date there. Raises NotTracked."""
        token = action.token or ""
        try:
            client = self._client(action)
            project = self._project(client, action)
            field = _date_field(project, action)
            item = action.item
            if not item:
                try:
                    item = add_issue(client, project.id, case.node_id)
                except CaseGone:
                    raise NotTracked(
                        f"the token in {token} sees no issue {case.ref}, so it cannot be put on {action.project}: it"
                        " has to read this repository too"
                    ) from None
            if field and action.day:
                there = not action.item or is_on_board(client, item)
                if not (there and set_date(client, project.id, item, field, action.day)):
                    return Tracked(action.project, item, action.day, now, "gone")
        except (BadToken, NotGranted, QueryRefused) as error:
            why = "GitHub does not know it" if isinstance(error, BadToken) else error.message
            raise NotTracked(
                f"{action.project} cannot be written to with the token in {token} ({why}): {_NEEDS}"
            ) from error
        except ForgeError as error:
            if isinstance(error, CaseError):
                raise
            raise NotTracked(f"{action.project}: {error}") from error
        return Tracked(action.project, item, action.day if field else "", now)

    def _client(self, action: PutOnBoard) -> Client:
        if action.token is None:
            raise NotTracked(
                f"{action.project} is a project board, which no workflow's own token reaches: store another token as a"
                " secret, and name it beside `project` as `token`"
            )
        if action.token not in self._clients:
            value = self.secrets(action.token)
            if value is None or not value.strip():
                raise NotTracked(
                    f"the secret {action.token} has no value, so nothing can be put on {action.project}: {_NEEDS}, and"
                    " run `respondby sync --workflows`"
                )
            self._clients[action.token] = self.client.elsewhere(self.client.repository, value)
        return self._clients[action.token]

    def _project(self, client: Client, action: PutOnBoard) -> Project:
        key = (action.project.lower(), action.token or "")
        if key not in self._projects:
            owner, _, number = action.project.partition("/")
            found = find_project(client, owner, int(number))
            if found is None:
                raise NotTracked(
                    f"there is no project {action.project} that the token in {action.token} may know of: look at its"
                    f" address (…/{owner}/projects/{number}), or {_NEEDS}"
                )
            self._projects[key] = found
        project = self._projects[key]
        if project.closed:
            raise NotTracked(f"the project {action.project} is closed: open it again, or name another one in `track`")
        return project


def _date_field(project: Project, action: PutOnBoard) -> str:
    """The node id of the field that holds the date; empty where none is asked for."""
    if action.field is None:
        return ""
    field = project.field(action.field)
    dates = ", ".join(one.name for one in project.fields if one.type == "DATE")
    have = f"its date fields are {dates}" if dates else "it has no date field"
    if field is None:
        raise NotTracked(f"the project {action.project} has no field “{action.field}”: {have}")
    if field.type != "DATE":
        raise NotTracked(f"the field “{field.name}” of the project {action.project} holds no date: {have}")
    return field.id
