"""Which run of a workflow came before this one: what it has kept is what this one begins with."""

from __future__ import annotations

import re
from urllib.parse import quote

from respondby.forge.client import Client

_FILE = re.compile(r"[^/]+/[^/]+/\.github/workflows/([^/@]+\.ya?ml)@.+")


def last_run(client: Client, workflow_ref: str, branch: str) -> int | str | None:
    """The id of the last run that has ended of the workflow of `GITHUB_WORKFLOW_REF` on a branch; None where there is
    none, why that could not be seen in words.
    """
    found = _FILE.fullmatch(workflow_ref)
    if found is None:
        return None
    path = f"/repos/{client.repository}/actions/workflows/{found[1]}/runs?status=completed&per_page=1"
    path += f"&branch={quote(branch)}" if branch else ""
    answer = client.ask("GET", path, doing=f"reading the runs of {found[1]}")
    if answer.status != 200:
        return f"what the last run has kept could not be seen (GitHub answered {answer.status}): give `actions: read`"
    runs = answer.json["workflow_runs"]
    return int(runs[0]["id"]) if runs else None
