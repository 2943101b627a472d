"""What a repository is like, without its cases: what syncing compares with and what a doctor looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.forge import repository_queries
from respondby.forge.client import Client
from respondby.forge.files import PolicyText, file_text, folder_texts
from respondby.forge.gathering import POLICY
from respondby.forge.nodes import instant_of, nodes

FORMS = ".github/ISSUE_TEMPLATE"
WORKFLOWS = ".github/workflows"

#: Texts of a folder's files by path; None for what is no text.
Texts = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """A repository at an instant of the forge's clock. `labels` is name → (colour, description).

    `viewer` is the token's login; `forms` and `workflows` are of the default branch; `waiting` counts open issues, the
    oldest from `oldest`, without those that the desk's own account opened (its log, duties, the maintainers' issue);
    `touched` is the number of the issue that was touched last.
    """

    now: Instant
    repository: str
    viewer: str
    private: bool
    archived: bool
    has_issues: bool
    pushed_at: Instant | None
    default_branch: str | None
    commit: str | None
    policy: PolicyText
    labels: Mapping[str, tuple[str, str]]
    forms: Texts
    workflows: Texts
    waiting: int
    oldest: Instant | None
    touched: int | None


def read_standing(client: Client, policy: str = POLICY) -> Standing:
    """Read it, in one request and one more for each further hundred labels."""
    variables = {
        **_place(client),
        "policy": f"HEAD:{policy}",
        "forms": f"HEAD:{FORMS}",
        "workflows": f"HEAD:{WORKFLOWS}",
    }
    data, answer = client.graphql(repository_queries.STANDING, variables, doing=f"looking at {client.repository}")
    facts = data["repository"]
    branch = facts["defaultBranchRef"] or {}
    open_, touched = nodes(facts["waiting"]), nodes(facts["touched"])
    desk = ("github-actions", str(data["viewer"]["login"]).removesuffix("[bot]"))
    oldest = [issue for issue in open_ if not _by(issue["author"] or {}, desk)]
    return Standing(
        now=answer.date,
        repository=str(facts["nameWithOwner"]),
        viewer=str(data["viewer"]["login"]),
        private=bool(facts["isPrivate"]),
        archived=bool(facts["isArchived"]),
        has_issues=bool(facts["hasIssuesEnabled"]),
        pushed_at=instant_of(facts["pushedAt"]) if facts["pushedAt"] else None,
        default_branch=branch.get("name"),
        commit=(branch.get("target") or {}).get("oid"),
        policy=file_text(facts["policy"], policy),
        labels=_labels(client, facts["labels"]),
        forms=folder_texts(facts["fileForms"], FORMS),
        workflows=folder_texts(facts["fileWorkflows"], WORKFLOWS),
        waiting=int(facts["waiting"]["totalCount"]) - (len(open_) - len(oldest)),
        oldest=instant_of(oldest[0]["createdAt"]) if oldest else None,
        touched=int(touched[0]["number"]) if touched else None,
    )


def _by(author: Mapping[str, Any], desk: tuple[str, ...]) -> bool:
    """Whether this is one of the desk's accounts: people may use a token of their own for looking."""
    return author.get("__typename") == "Bot" and str(author.get("login")).removesuffix("[bot]") in desk


def _labels(client: Client, connection: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    found = nodes(connection)
    while connection["pageInfo"]["hasNextPage"]:
        variables = {**_place(client), "after": connection["pageInfo"]["endCursor"]}
        doing = f"reading the labels of {client.repository}"
        data, _ = client.graphql(repository_queries.LABELS_MORE, variables, doing=doing)
        connection = data["repository"]["labels"]
        found.extend(nodes(connection))
    return {str(label["name"]): (str(label["color"]), str(label["description"] or "")) for label in found}


def _place(client: Client) -> dict[str, Any]:
    owner, _, name = client.repository.partition("/")
    return {"owner": owner, "name": name}
