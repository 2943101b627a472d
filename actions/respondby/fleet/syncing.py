"""Bring the repositories of a fleet into step: policy, forms and workflows by pull request, labels at once.

- What is to be done follows from what stands there, so that a run which a limit has cut off is simply made again: who
  is in step costs a request or two, and what was half done is gone on with. A branch is named for what it proposes: the
  same proposal is the same branch and the same pull request, whoever makes it, and one that somebody closed stays so.
- Only what says of itself that it was made from the policy is ever replaced; nothing is removed. Files that a policy
  names are brought where there are none: a rota's swaps are the repository's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field

from respondby.dataclass import dataclass
from respondby.fleet.basis import Base
from respondby.fleet.document import Fleet
from respondby.fleet.inheriting import is_inherited
from respondby.forge import pulls
from respondby.forge.client import Client
from respondby.forge.files import read_named
from respondby.forge.standing import Standing, read_standing
from respondby.policy.loading.loader import examine, named_files
from respondby.policy.repository.workflow_secrets import secrets_of
from respondby.policy.repository.workflow_steps import FOLDER as WORKFLOWS
from respondby.policy.text.problems import PolicyError
from respondby.setup.choices import Source
from respondby.setup.files import plan_forms, plan_workflows
from respondby.setup.labels import LabelPlan, apply_labels, labels_of, plan_labels
from respondby.setup.starting import POLICY, workflow_text

BRANCH = "respondby/fleet"
TITLE = "The desk's policy, forms and workflows, as the fleet has them"
#: What answers in a repository whose sweeps the fleet makes.
_EVENTS = ("triage", "comment")


@dataclass(slots=True)
class InStep:
    """What one repository lacks (`files` by path, `labels` as lines), what was done about it, and what is remarked."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    url: str | None = None


def sync(client: Client, fleet: Fleet, base: Base | None, source: Source | None, *, apply: bool) -> InStep:
    """Look at the repository of this client, and with `apply` do what it lacks. Raises ForgeErrors."""
    standing = read_standing(client)
    found = InStep(client.repository)
    if standing.commit is None or standing.default_branch is None:
        found.failed.append("it is empty: a pull request needs a first commit to begin from")
        return found
    labels = _plan(client, standing, fleet, base, source, found)
    if not apply or found.failed:
        return found
    if found.files:
        _propose(client, standing, fleet, found)
    if labels is not None and labels.changes:
        applied = apply_labels(client, labels)
        found.done.extend(f"label {change.after.name}" for change in applied.done)
        found.failed.extend(applied.failed)
    return found


def _plan(
    client: Client, standing: Standing, fleet: Fleet, base: Base | None, source: Source | None, found: InStep
) -> LabelPlan | None:
    own = standing.policy.text
    mine = base is not None and (own is None or is_inherited(own))
    wanted = None if base is None else base.policy_of(fleet, client.repository).text
    text = wanted if mine else own
    if text is None:
        found.failed.append(f"there is no {POLICY}, and the fleet inherits none: write `extends:` into {fleet.path}")
        return None
    if wanted is not None and not mine:
        first = wanted.splitlines()[0]
        found.remarks.append(f"{POLICY} is its own and was left; to inherit, make its first line `{first}`")
    try:
        names = named_files(text)
        there = read_named(client, names, str(standing.commit)) if names else {}
    except PolicyError as error:
        found.failed.append(str(error))
        return None
    inherited = dict(base.files) if base is not None and mine else {}
    files = {**inherited, **there}
    reading = examine(text, path=POLICY, files=files)
    if reading.policy is None:
        found.failed.extend(str(problem) for problem in reading.problems[:3])
        return None
    policy = reading.policy
    if text != own:
        found.files[POLICY] = text
    found.files |= {path: said for path, said in inherited.items() if path not in there}
    forms = plan_forms(policy, standing.forms, source=POLICY)
    secrets = secrets_of(policy, reading.references)
    workflows = plan_workflows(policy, secrets, _texts(standing.workflows), ())
    for change in (*forms.changes, *workflows.changes):
        if change.after is None:
            found.remarks.append(f"{change.path} is no longer of the policy: remove it")
        else:
            found.files[change.path] = change.after
    found.remarks.extend(problem.message for problem in forms.problems)
    for name in _EVENTS:
        path = f"{WORKFLOWS}/{name}.yml"
        if path not in standing.workflows and source is not None:
            found.files[path] = workflow_text(name, source, secrets)
    labels = plan_labels(policy, labels_of(standing.labels))
    found.labels.extend(f"{change.what} {change.after.name}" for change in labels.changes)
    found.remarks.extend(labels.problems)
    return labels


def _texts(folder: Mapping[str, str | None]) -> dict[str, str | None]:
    return {path: text for path, text in folder.items() if path.endswith((".yml", ".yaml"))}


def branch_of(files: Mapping[str, str]) -> str:
    """The branch on which exactly these files are proposed."""
    said = "".join(f"{path}\0{text}\0" for path, text in sorted(files.items()))
    return f"{BRANCH}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _propose(client: Client, standing: Standing, fleet: Fleet, found: InStep) -> None:
    branch = branch_of(found.files)
    proposals = pulls.proposals_from(client, branch)
    if proposals:
        found.url = proposals[0].url
        if proposals[0].state == "closed":
            found.remarks.append(f"somebody has closed {found.url}: it was left so")
            return
    fresh = pulls.create_branch(client, branch, str(standing.commit))
    # Workflows first: GitHub refuses them to a token that may write everything else.
    for path in sorted(found.files, key=lambda path: (not path.startswith(f"{WORKFLOWS}/"), path)):
        there = pulls.file_on(client, path, branch)
        if not fresh and there is not None and there.text == found.files[path]:
            continue
        pulls.write_file(client, path, branch, found.files[path], f"Write {path}", there.sha if there else None)
        found.done.append(f"write {path}")
    if not proposals:
        made = pulls.open_proposal(client, TITLE, _body(fleet, found), branch, str(standing.default_branch))
        found.url = made.url
        found.done.append("open a pull request")


def _body(fleet: Fleet, found: InStep) -> str:
    lines = [f"As `{fleet.path}` of the fleet has it" + (f", whose policy is `{fleet.pin}`'s." if fleet.pin else ".")]
    lines += ["", *(f"- `{path}`" for path in sorted(found.files))]
    lines += ["", "Nothing changes before this is merged; labels are created and updated at once, and none is deleted."]
    return "\n".join(lines) + "\n"
