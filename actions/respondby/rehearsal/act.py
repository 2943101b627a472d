"""`--runner act`: the workflow files in a real Actions runner on this machine, without containers.

act reads a copy of the workflows and actions that differs in named substitutions, `SUBSTITUTIONS` and `WITHOUT_CACHE`:

- `$/actions/x`, the action of the running commit, which act cannot read yet, becomes an action of a repository that
  act maps to the copy.
- `queue:`, which act refuses, is dropped: a rehearsal runs one happening at a time anyway.
- Steps that hand a page to GitHub Pages do nothing: there is no Pages on this machine.
- Steps of an action that restore or save GitHub's cache or artifacts are left out, for act would fetch them: what they
  would bring back stands in one folder of the rehearsal, where the runner's own temporary folder would be a new one.

Laws: the working folder of a job is an empty repository, as it is on GitHub where nothing is checked out; a job
sees no variable of this machine but those that programs and package clients need; a run ends within its bound.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from respondby.dataclass import dataclass
from respondby.runner.commands import Annotation

LOCAL = "respondby/running-commit"

SUBSTITUTIONS = (
    ("`$/` names a local repository", re.compile(r"(?m)^(\s*(?:- )?uses: )\$/(\S+)"), rf"\g<1>{LOCAL}/\g<2>@copy"),
    ("`queue:` is dropped", re.compile(r"(?m)^ *queue: \w+\n"), ""),
    (
        "nothing is handed to Pages",
        re.compile(
            r"(?m)^( +)uses: actions/(?:configure-pages|upload-pages-artifact|deploy-pages)@[^\n]*\n"
            r"(?:\1with:\n(?:\1 +[^\n]*\n)+)?"
        ),
        r'\g<1>run: ":"\n',
    ),
)

WITHOUT_CACHE = re.compile(
    r"(?m)^    - name: [^\n]*\n(?:      (?:if|continue-on-error): [^\n]*\n)*"
    r"      uses: actions/(?:cache(?:/\w+)?|(?:up|down)load-artifact)@[^\n]*\n(?:      [^\n]*\n)*"
    r"|^    - id: packages\n(?:      [^\n]*\n)*"
)

# What a composite action of ours needs of the checkout beside the actions themselves.
NEEDED = ("docs/processes", "locks", "schemas")

# How programs, certificates, proxies and package clients are found; everything else stays outside.
PASSED_ON = re.compile(
    r"PATH|HOME|LANG|LC_ALL|TMPDIR|XDG_(CACHE|CONFIG)_HOME|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|(PIP|UV)_\w+"
    r"|(https?|HTTPS?|no|NO|all|ALL)_(proxy|PROXY)"
)


class ActProblem(Exception):
    """act is not there, did not end, or said nothing that can be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Completed:
    """One workflow run: act's exit code (0: every job succeeded), what people would see of it, and its last outputs."""

    exit_code: int
    log: str
    summaries: tuple[str, ...]
    annotations: tuple[Annotation, ...]
    outputs: Mapping[str, str]


def run_workflow(
    checkout: Path,
    workflow: str,
    event: str,
    payload: Mapping[str, Any],
    env: Mapping[str, str],
    secrets: Mapping[str, str],
    scratch: Path,
    *,
    actor: str = "github-actions[bot]",
    workspace: Path | None = None,
    seconds: float = 300,
) -> Completed:
    """Runs `.github/workflows/<workflow>` of the checkout for an event; raises ActProblem.

    `env` holds what the runner would set (`GITHUB_API_URL`, `GITHUB_GRAPHQL_URL`, `GITHUB_REPOSITORY`), `secrets` the
    repository's secrets and the `GITHUB_TOKEN` of the run. `scratch` keeps the copy, made at its first use, and what
    act writes; use one for a whole rehearsal. One run at a time in it. `workspace` is a repository that
    `actions/checkout` finds checked out already; without one the working folder is empty.
    """
    copy = _copy_of(checkout, scratch)
    folder = workspace or _empty_repository(scratch)
    event_file = scratch / "event.json"
    event_file.write_text(json.dumps(payload), encoding="utf-8")
    command = [
        *(_act(), event, "--json", "--rm", "--no-cache-server", "--platform", "ubuntu-latest=-self-hosted"),
        *("--directory", str(folder), "--workflows", str(copy / ".github/workflows" / workflow)),
        *("--local-repository", f"{LOCAL}@copy={copy}", "--action-cache-path", str(_cache(scratch))),
        *("--eventpath", str(event_file), "--actor", actor),
        *(part for name, value in env.items() for part in ("--env", f"{name}={value}")),
        # Only named here: their values travel in the environment, for a command line is everybody's to read.
        *(part for name in secrets for part in ("--secret", name)),
    ]
    machine = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    with subprocess.Popen(
        command,
        env={**machine, **secrets},
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)  # act, and what its steps started
            raise ActProblem(f"act had not finished {workflow} after {seconds:g} seconds") from error
    return _completed(process.returncode, output.decode("utf-8", "replace"))


def substituted(workflow: str) -> str:
    """The text of a workflow file as act gets it."""
    for _name, pattern, replacement in SUBSTITUTIONS:
        workflow = pattern.sub(replacement, workflow)
    return workflow


def without_cache(action: str, scratch: Path) -> str:
    """The text of an action as act gets it."""
    return WITHOUT_CACHE.sub("", action).replace("${{ runner.temp }}", str(scratch / "kept"))


def _act() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "act"
    found = str(beside) if beside.is_file() else shutil.which("act")
    if found is None:
        raise ActProblem("act is not installed: it comes with `pip install 'respondby[sandbox]'`")
    return found


def _copy_of(checkout: Path, scratch: Path) -> Path:
    copy = scratch / "copy"
    if copy.is_dir():
        return copy
    # act copies all that stands here twice a run, which took it longer than the run: so the package is a link.
    for name in NEEDED:
        if (checkout / name).is_dir():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).symlink_to((checkout / name).resolve(), target_is_directory=True)
    for entry in sorted((checkout / "actions").iterdir()):
        here = copy / "actions" / entry.name
        here.parent.mkdir(parents=True, exist_ok=True)
        if (entry / "action.yml").is_file():
            here.mkdir()
            action = (entry / "action.yml").read_text(encoding="utf-8")
            (here / "action.yml").write_text(without_cache(action, scratch), encoding="utf-8")
        elif entry.is_dir():
            here.symlink_to(entry.resolve(), target_is_directory=True)
        else:
            shutil.copy2(entry, here)
    workflows = copy / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for file in sorted((checkout / ".github" / "workflows").glob("*.yml")):
        (workflows / file.name).write_text(substituted(file.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


def _empty_repository(scratch: Path) -> Path:
    folder = scratch / "workspace"
    if not folder.is_dir():
        who = ("-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
        commit = ("commit", "--quiet", "--allow-empty", "--message", "Nothing is checked out")
        subprocess.run(["git", "-C", str(folder), *who, *commit], check=True)
    return folder


def _cache(scratch: Path) -> Path:
    """act's own folder; in it the runner's tool cache is this machine's, so that environments are made once."""
    folder = scratch / "act"
    tools = folder / "tool_cache"
    if not tools.is_symlink():
        folder.mkdir(parents=True, exist_ok=True)
        cache = os.environ.get("RUNNER_TOOL_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        Path(cache).mkdir(parents=True, exist_ok=True)
        tools.symlink_to(cache, target_is_directory=True)
    return folder


def _completed(exit_code: int, output: str) -> Completed:
    entries = list(_entries(output))
    if not entries:
        raise ActProblem(f"act ended with {exit_code} and said nothing that can be read: {output.strip() or 'nothing'}")
    # A composite action's step is reported twice, from within and from without: the outer one has a path of one.
    outer = [entry for entry in entries if len(entry.get("stepID", [])) == 1]
    return Completed(
        exit_code=exit_code,
        log="\n".join(str(entry.get("msg", "")).rstrip("\n") for entry in entries),
        summaries=tuple(entry["content"] for entry in outer if entry.get("command") == "summary"),
        annotations=tuple(
            _annotation(entry) for entry in entries if entry.get("command") in ("error", "warning", "notice")
        ),
        outputs={entry["name"]: entry["arg"] for entry in outer if entry.get("command") == "set-output"},
    )


def _entries(output: str) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = {"msg": line}  # act itself speaks plainly when it cannot start
        if isinstance(entry, dict):
            yield entry


def _annotation(entry: Mapping[str, Any]) -> Annotation:
    pairs = entry.get("kvPairs") or {}
    line, column = (int(pairs[key]) if str(pairs.get(key, "")).isdigit() else None for key in ("line", "col"))
    return Annotation(entry["command"], entry["arg"], pairs.get("file"), line, column, pairs.get("title"))
