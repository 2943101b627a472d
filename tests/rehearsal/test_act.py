"""The project's own workflow files in a real Actions runner, with a probe in the place of `run.sh`."""

import difflib
import http.server
import json
import shutil
import threading
from pathlib import Path

import pytest

from respondby.rehearsal.act import LOCAL, ActProblem, run_workflow, substituted
from respondby.runner.commands import Annotation

CHECKOUT = Path(__file__).parents[2]
WORKFLOWS = CHECKOUT / ".github" / "workflows"

# Tells the server what the step sees, then says something in every way a step can.
PROBE = """\
set -eu
python3 - "$1" <<'END'
import json, os, sys, urllib.request
seen = {"verb": sys.argv[1], "cwd": sorted(os.listdir(".")), "env": dict(os.environ),
        "event": json.load(open(os.environ["GITHUB_EVENT_PATH"]))}
urllib.request.urlopen(os.environ["GITHUB_API_URL"] + "/probe", json.dumps(seen).encode())
END
printf '%s\\n' '## Swept' '' 'one | two' >>"$GITHUB_STEP_SUMMARY"
printf '%s\\n' 'performed=3' >>"$GITHUB_OUTPUT"
echo '::warning file=.github/support.yml,line=3,col=5::never fires'
exit "$(cat "$GITHUB_ACTION_PATH/../exit-code")"
"""


@pytest.fixture
def forge():
    """An HTTP server that keeps what the probe tells it: (its address, the list)."""
    told = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", told
        server.shutdown()
        thread.join()


@pytest.fixture
def checkout(tmp_path):
    """This project's workflows and actions, with the probe for `run.sh`."""
    folder = tmp_path / "checkout"
    shutil.copytree(WORKFLOWS, folder / ".github" / "workflows")
    for action in (CHECKOUT / "actions").glob("*/action.yml"):
        (folder / "actions" / action.parent.name).mkdir(parents=True)
        shutil.copy(action, folder / "actions" / action.parent.name)
    (folder / "actions" / "run.sh").write_text(PROBE)
    (folder / "actions" / "exit-code").write_text("0")
    return folder


def run(checkout, address, workflow, event, payload, **more):
    scratch = checkout.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    env = {"GITHUB_API_URL": address, "GITHUB_GRAPHQL_URL": f"{address}/graphql", "GITHUB_REPOSITORY": "acme/desk"}
    secrets = {"GITHUB_TOKEN": "ghs_probe_token", "CHAT_URL": "http://127.0.0.1/chat/probe"}
    return run_workflow(checkout, workflow, event, payload, env, secrets, scratch, **more)


def test_a_step_sees_the_given_forge_token_secrets_and_event_and_nothing_else(checkout, forge, monkeypatch):
    monkeypatch.setenv("PAGERDUTY_ROUTING_KEY", "somebody's real key")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "the outer job's")
    monkeypatch.setenv("RESPONDBY_PRIVATE", "of this machine")
    address, told = forge
    payload = {"action": "opened", "issue": {"number": 7, "title": 'x" $(touch y)\n::add-mask::z'}}
    completed = run(checkout, address, "triage.yml", "issues", payload, actor="carla")
    assert completed.exit_code == 0, completed.log
    [seen] = told
    assert seen["verb"] == "triage"
    assert seen["cwd"] == []
    assert seen["event"] == payload
    expected = {
        "GITHUB_ACTOR": "carla",
        "GITHUB_API_URL": address,
        "GITHUB_GRAPHQL_URL": f"{address}/graphql",
        "GITHUB_EVENT_NAME": "issues",
        "GITHUB_REPOSITORY": "acme/desk",
        "GITHUB_TOKEN": "ghs_probe_token",
        "CHAT_URL": "http://127.0.0.1/chat/probe",
        "PAGERDUTY_ROUTING_KEY": "",
        "RESPONDBY_KEY": "",
    }
    assert {name: seen["env"].get(name) for name in expected} == expected
    assert "RESPONDBY_PRIVATE" not in seen["env"]


def test_what_the_step_said_comes_back(checkout, forge):
    completed = run(checkout, forge[0], "triage.yml", "issues", {"action": "opened", "issue": {"number": 7}})
    assert completed.summaries == ("## Swept\n\none | two\n",)
    assert completed.annotations == (Annotation("warning", "never fires", ".github/support.yml", 3, 5),)
    assert completed.outputs == {"performed": "3", "failed": "", "next": ""}
    assert "Job succeeded" in completed.log


@pytest.mark.parametrize(
    "workflow, event, payload, verb, inputs",
    [
        (
            "comment.yml",
            "issue_comment",
            {"action": "created", "issue": {"number": 7}, "comment": {"id": 1}},
            "comment",
            {},
        ),
        ("enforce.yml", "schedule", {"schedule": "2-59/5 * * * *"}, "enforce", {"RESPONDBY_DRY_RUN": "false"}),
        (
            "enforce.yml",
            "workflow_dispatch",
            {"inputs": {"dry-run": "true", "issue": "7"}},
            "enforce",
            {"RESPONDBY_DRY_RUN": "true", "RESPONDBY_ISSUE": "7"},
        ),
    ],
)
def test_each_workflow_starts_its_verb_with_its_inputs(checkout, forge, workflow, event, payload, verb, inputs):
    completed = run(checkout, forge[0], workflow, event, payload)
    assert completed.exit_code == 0, completed.log
    [seen] = forge[1]
    assert seen["verb"] == verb
    assert {name: seen["env"][name] for name in inputs} == inputs


def test_a_comment_on_a_pull_request_starts_nothing(checkout, forge):
    payload = {"action": "created", "issue": {"number": 7, "pull_request": {"url": "u"}}, "comment": {"id": 1}}
    assert run(checkout, forge[0], "comment.yml", "issue_comment", payload).exit_code == 0
    assert forge[1] == []


def test_a_step_that_fails_fails_the_run_and_is_still_heard(checkout, forge):
    (checkout / "actions" / "exit-code").write_text("1")
    completed = run(checkout, forge[0], "enforce.yml", "schedule", {})
    assert completed.exit_code == 1
    assert completed.annotations
    assert completed.summaries


def test_a_run_that_does_not_end_is_ended(checkout, forge):
    (checkout / "actions" / "run.sh").write_text("exec tail -f /dev/null\n")
    with pytest.raises(ActProblem, match=r"had not finished enforce.yml after 2 seconds"):
        run(checkout, forge[0], "enforce.yml", "schedule", {}, seconds=2)


@pytest.mark.parametrize("file", sorted(WORKFLOWS.glob("*.yml")), ids=lambda file: file.name)
def test_the_copy_differs_in_the_named_substitutions_only(file):
    text = file.read_text()
    changed = [line for line in difflib.ndiff(text.splitlines(), substituted(text).splitlines()) if line[0] in "+-"]
    known = ["queue: max", "uses: $/actions/", f"uses: {LOCAL}/actions/"]
    if file.name == "publish.yml":  # there is no Pages on this machine
        known += ["-pages", 'run: ":"', "with:", "path: ${{ steps.page.outputs.folder }}"]
    assert all(any(part in line for part in known) for line in changed)
    assert "$/" not in substituted(text)
    assert "queue:" not in substituted(text)
