"""A new desk as a pull request: a branch with its files, and a text that says what will happen before anything does.

- Nothing of the repository changes but by the merge: files are written on a branch of our own, which must not be there.
- Workflows are written first, since GitHub refuses them to a token that may write everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from respondby.forge import pulls
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError, NotGranted, NotTheForge, RepositoryMissing
from respondby.forge.pulls import Proposal
from respondby.forge.standing import Standing
from respondby.policy.model.policy import Policy
from respondby.policy.repository.workflow_steps import FOLDER as WORKFLOWS
from respondby.setup.costs import INCLUDED, PER_MINUTE, cost
from respondby.setup.starting import POLICY, Start, kept

BRANCH = "respondby/init"
TITLE = "A support desk that keeps its promises"


class NotProposable(ForgeError):
    """The repository is not one in which a desk can be proposed; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The pull request, the files in it, and those of the repository that were left as they are."""

    proposal: Proposal
    files: tuple[str, ...]
    left: tuple[str, ...]


def propose(client: Client, standing: Standing, start: Start) -> Proposed:
    """Open the pull request. Raises NotProposable where there is a desk, a branch of that name, or nothing to branch
    from; ForgeError for what GitHub refuses.
    """
    if standing.policy.text is not None:
        raise NotProposable(f"{standing.repository} has a desk already: {POLICY}. Nothing was written.")
    if standing.commit is None or standing.default_branch is None:
        raise NotProposable(f"{standing.repository} is empty: a pull request needs a first commit to begin from.")
    write, left = kept(start, _paths(client, standing.commit))
    if not pulls.create_branch(client, BRANCH, standing.commit):
        raise NotProposable(
            f"{standing.repository} has a branch {BRANCH} already: look whether its pull request is open, or delete it."
        )
    for path in sorted(write, key=lambda path: (not path.startswith(f"{WORKFLOWS}/"), path)):
        _write(client, path, write[path])
    body = description(start, write, left, standing)
    proposal = pulls.open_proposal(client, TITLE, body, BRANCH, standing.default_branch)
    return Proposed(proposal, tuple(write), left)


def description(start: Start, write: Mapping[str, str], left: Sequence[str], standing: Standing) -> str:
    """The text of the pull request."""
    return "\n".join(_lines(start, write, left, standing)) + "\n"


def _lines(start: Start, write: Mapping[str, str], left: Sequence[str], standing: Standing) -> Iterator[str]:
    yield f"This proposes the support desk **{start.policy.desk}**. Nothing happens until it is merged."
    yield ""
    yield "## When it is merged"
    yield ""
    yield "- The issue chooser offers the forms of this policy, and no blank issues."
    yield (
        "- Each new request gets its labels and a comment, the card, that says by when somebody will answer; commands"
        " in comments are carried out."
    )
    yield "- Labels are created as they are needed, or at once by `respondby sync --labels --apply`."
    if standing.waiting:
        whom = "all get" if start.policy.since is None else "only those that were opened since the policy's `since` get"
        yield f"- Of the {standing.waiting} open issues of today, {whom} a card."
    called = "called" if start.policy.channels else "mentioned on the issue"
    yield f"- Where nobody answers in time, the people whom the policy names are reminded, and {called}."
    yield "- `mode: shadow` in the policy would decide and report all of this, and write nothing."
    yield ""
    yield "## What it costs"
    yield ""
    yield from _costs(start.policy, write, standing)
    yield ""
    yield "## Before you merge"
    yield ""
    for secret in start.secrets:
        yield f"- [ ] Store the secret `{secret}` (Settings, Secrets and variables, Actions)."
    yield "- [ ] Store `RESPONDBY_KEY`, any long random text: it signs the desk's record."
    yield f"- [ ] Read `{POLICY}`: it is what your customers are promised."
    yield ""
    yield "## Files"
    yield ""
    yield from (f"- `{path}`" for path in sorted(write))
    yield from (f"- `{path}` is there already, and was left as it is" for path in left)


def _costs(policy: Policy, write: Mapping[str, str], standing: Standing) -> Iterator[str]:
    if not standing.private:
        yield "Nothing: GitHub's usual runners are free for public repositories."
        return
    month = cost({path: text for path, text in write.items() if path.startswith(f"{WORKFLOWS}/")}, 1, policy)
    watch = "" if policy.watch is None else f", and {policy.watch.at_most // 60:,} at most for a job that stays awake"
    included = ", ".join(f"{plan} {minutes:,}" for plan, minutes in INCLUDED.items())
    yield (
        f"At most {month.sweeping:,} minutes of runners a month for schedules, and about {month.runs} for each"
        f" request{watch}. Your plan includes some ({included}); a further one is ${PER_MINUTE}. The `cron` lines of"
        " `enforce.yml` say how often the desk looks: as often as the policy promises."
    )


def _paths(client: Client, commit: str) -> frozenset[str]:
    doing = f"listing the files of {client.repository}"
    answer = client.rest("GET", f"/git/trees/{commit}?recursive=1", doing=doing, permission="contents: read")
    if not isinstance(answer.json, dict) or answer.json.get("truncated"):
        raise NotTheForge(answer.url, answer.status, answer.text)
    return frozenset(str(one["path"]) for one in answer.json["tree"])


def _write(client: Client, path: str, text: str) -> None:
    try:
        pulls.write_file(client, path, BRANCH, text, f"Add {path}")
    except (NotGranted, RepositoryMissing) as refused:
        if not path.startswith(f"{WORKFLOWS}/"):
            raise
        raise NotProposable(
            f"GitHub does not let this token write workflows ({refused}). Give it `workflows: write` (a classic token:"
            f" the scope `workflow`), delete the branch {BRANCH}, and run this again."
        ) from refused
