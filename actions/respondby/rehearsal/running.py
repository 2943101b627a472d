"""One run of a job, as a runner does it: its environment, its files, and what it hands on.

A job goes through `actions/run.sh` as a process of its own that sees only what GitHub gives a job. Three other ways
have the same shape, and are proved equal by tests: `rehearsal.forking`, where each run is a fork of one process (what
a rehearsal does unless told otherwise); `in_process`, for tests; and `through_act`, the workflow file in a real Actions
runner. Where there is no checkout (a wheel), this interpreter runs the same package.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from respondby.dataclass import dataclass
from respondby.rehearsal.workflows import Job, Workflow

#: A run that takes longer than this hangs.
SECONDS = 300
#: No run starts a watch, which would sleep for real: sweeps come as often as one looks (see NOT_PLAYED).
NO_WATCH = {"RESPONDBY_WATCH": "off"}


class RunProblem(Exception):
    """A run could not be started or did not end; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a runner knows of one job to run: which, for what event, under which token, with which secrets.

    `forge` is the base of the REST API; `secrets` are the repository's, `policy_secrets` those of them that the policy
    in force names, which a job gets whether or not this checkout's workflow passes them on.
    """

    workflow: Workflow
    job: Job
    event: str
    payload: Mapping[str, Any]
    forge: str
    repository: str
    token: str
    actor: str
    number: int
    secrets: Mapping[str, str]
    policy_secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of it: the exit code (0: fine), the outputs of the last step, the log, and the step summary."""

    exit_code: int
    outputs: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""


Runner = Callable[[Request, Path], Ran]

#: Starts the command line: arguments and environment → exit code, standard output, standard error.
Start = Callable[[list[str], Mapping[str, str]], tuple[int, str, str]]


def context(request: Request, kept: Path | None = None) -> dict[str, Any]:
    """What the workflow's expressions can look at. `kept` is the folder that the runner's cache brings back."""
    github = {
        "token": request.token,
        "event": request.payload,
        "event_name": request.event,
        "actor": request.actor,
        "repository": request.repository,
        "run_id": request.number,
    }
    return {
        "github": github,
        "runner": {"temp": str(kept or "")},
        "inputs": request.payload.get("inputs") or {},
        "secrets": request.secrets,
    }


def by_steps(start: Start) -> Runner:
    """A runner that performs a job's steps one by one, each started by `start`, in what `workspace` holds already."""

    def run(request: Request, folder: Path) -> Ran:
        folder.mkdir(parents=True, exist_ok=True)
        event = folder / "event.json"
        event.write_text(json.dumps(request.payload), encoding="utf-8")
        ran = Ran(0)
        for use in request.job.uses:
            given = use.environment(context(request, folder.parent / "kept"))
            secrets = {name: request.secrets[name] for name in request.policy_secrets}
            code, output, errors = start([use.verb], {**_surroundings(request, folder), **secrets, **given})
            outputs, summary = _outputs(folder / "output"), _text(folder / "summary")
            ran = Ran(code, outputs, ran.log + output + errors, summary)
            if code:
                break
        return ran

    return run


def subprocesses(root: Traversable) -> Start:
    """A process a run: `actions/run.sh VERB`, or where there is no checkout this interpreter's own package."""
    script = script_of(root)
    if script is not None:
        make_environment(script)
        command = ["sh", str(script)]
    else:
        command = [sys.executable, "-m", "respondby"]

    def start(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        try:
            done = subprocess.run(
                [*command, *arguments],
                env=environment,
                cwd=environment["GITHUB_WORKSPACE"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RunProblem(f"`{arguments[0]}` had not ended after {SECONDS} seconds") from error
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    return start


def in_process(main: Callable[[list[str]], object]) -> Start:
    """A faster way: `main` (the command line's; it ends in SystemExit) in this process under a job's environment."""

    def start(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        output, errors, code = io.StringIO(), io.StringIO(), 0
        with _environment(environment), redirect_stdout(output), redirect_stderr(errors):
            try:
                main(arguments)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return code, output.getvalue(), errors.getvalue()

    return start


def explain(start: Start, request: Request, number: int, folder: Path) -> list[dict[str, Any]] | str:
    """The runs of all clocks of one case, as `respondby explain N --json` tells them, or why it did not."""
    folder.mkdir(parents=True)
    (folder / "event.json").write_text(json.dumps(request.payload), encoding="utf-8")
    surroundings = {**_surroundings(request, folder), "GITHUB_TOKEN": request.token, **request.secrets}
    code, output, errors = start(["explain", str(number), "--json"], surroundings)
    if code:
        said = errors.strip().splitlines()
        return f"`respondby explain {number}` ended with {code}: {said[-1] if said else 'it said nothing'}"
    clocks: list[dict[str, Any]] = json.loads(output)["clocks"]
    return clocks


def through_act(root: Path) -> Runner:
    """The workflow file itself in a real Actions runner, from a copy with named substitutions (`rehearsal.act`)."""
    from respondby.rehearsal.act import ActProblem, run_workflow  # with it comes what only this way needs

    def run(request: Request, folder: Path) -> Ran:
        urls = {"GITHUB_API_URL": request.forge, "GITHUB_GRAPHQL_URL": f"{request.forge}/graphql", **NO_WATCH}
        # act numbers every run 1; on GitHub each has a number of its own, by which a dispatch is known again.
        env = {**urls, "GITHUB_REPOSITORY": request.repository, "GITHUB_RUN_ID": str(request.number)}
        secrets = {**request.secrets, "GITHUB_TOKEN": request.token}
        scratch = folder.parent / "act"
        scratch.mkdir(parents=True, exist_ok=True)
        about = (request.workflow.file, request.event, request.payload)
        try:
            done = run_workflow(root, *about, env, secrets, scratch, actor=request.actor)
        except ActProblem as error:
            raise RunProblem(str(error)) from error
        return Ran(done.exit_code, done.outputs, done.log, "\n".join(done.summaries))

    return run


@contextmanager
def _environment(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def script_of(root: Traversable) -> Path | None:
    """`actions/run.sh` of a checkout; None for an installation, which has none."""
    script = root / "actions" / "run.sh"
    return script if isinstance(script, Path) and script.is_file() else None


def make_environment(script: Path) -> str:
    """Have `run.sh` make its environment now, with this process's own surroundings: a job sees no proxy settings.

    The path of its interpreter. RunProblem where it cannot be made.
    """
    done = subprocess.run(["sh", str(script), "--python", "runtime"], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise RunProblem(f"{script} could not make its environment (see above)")
    return done.stdout.decode().rstrip("\n")


def _surroundings(request: Request, folder: Path) -> dict[str, str]:
    """The variables that GitHub and its runner set, and nothing of this machine's own but PATH and HOME."""
    workspace = folder / "workspace"
    workspace.mkdir(exist_ok=True)
    home = os.environ.get("HOME") or str(Path.home())
    cache = os.environ.get("RUNNER_TOOL_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path(home) / ".cache")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": home,
        "CI": "true",
        **NO_WATCH,
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTOR": request.actor,
        "GITHUB_API_URL": request.forge,
        "GITHUB_GRAPHQL_URL": f"{request.forge}/graphql",
        "GITHUB_SERVER_URL": request.forge,
        "GITHUB_REPOSITORY": request.repository,
        "GITHUB_REPOSITORY_OWNER": request.repository.split("/")[0],
        "GITHUB_EVENT_NAME": request.event,
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_WORKFLOW": request.workflow.file.rsplit(".", 1)[0],
        "GITHUB_JOB": request.job.name,
        "GITHUB_RUN_ID": str(request.number),
        "GITHUB_RUN_NUMBER": str(request.number),
        "GITHUB_RUN_ATTEMPT": "1",
        "RUNNER_OS": "Linux",
        "RUNNER_TEMP": str(folder),
        "RUNNER_TOOL_CACHE": cache,
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _outputs(path: Path) -> dict[str, str]:
    """What a step wrote to GITHUB_OUTPUT: `name=value` lines, and values fenced by a delimiter of their own."""
    found: dict[str, str] = {}
    lines = iter(_text(path).splitlines())
    for line in lines:
        name, sign, rest = line.partition("=")
        if "<<" in name or not sign:
            name, _, fence = line.partition("<<")
            found[name] = "\n".join(iter(lambda fence=fence: next(lines, fence), fence))  # type: ignore[misc]
        else:
            found[name] = rest
    return found
