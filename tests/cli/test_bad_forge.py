"""What a person sees when the forge is not as it should be: the command itself, its words and its exit code.

Each row is `respondby enforce` in a process of its own, as a workflow starts it, against an address that
misbehaves. What is wrong with single answers is in tests/forge.
"""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.rehearsal.forking import forks
from respondby.rehearsal.running import Start
from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]

PROXY = "<html><head><title>Sign in</title></head><body>Who are you?</body></html>"


def certificate(folder: Path) -> ssl.SSLContext:
    """What a server shows that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not installed; `.ci/run` installs it")
    key, shown = folder / "key.pem", folder / "cert.pem"
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=forge")
    made = (*made, "-addext", "subjectAltName=IP:127.0.0.1")
    subprocess.run(
        ["openssl", "req", "-x509", *made, "-keyout", str(key), "-out", str(shown)], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    return context


@contextmanager
def answering(
    status: int, body: str, headers: Mapping[str, str] = {}, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything alike: its address, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body.encode())), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def handle(self) -> None:
            with suppress(OSError):  # a client that does not like our certificate hangs up
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", autouse=True)
def started() -> Iterator[None]:
    """A process that has imported the command, of which each command is a fork: that comes to the same, and sooner."""
    with forks(Path("/no/checkout")) as start:
        started_by.append(start)
        yield
        started_by.clear()


started_by: list[Start] = []


def command(api: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of the command in a process of its own."""
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "actions"),
        "GITHUB_API_URL": api,
        "GITHUB_REPOSITORY": "acme/desk",
        "GITHUB_TOKEN": "ghs_planted_0123456789",
        "GITHUB_WORKSPACE": str(ROOT),
        "RESPONDBY_PACE": "off",
    }
    code, output, errors = started_by[0](list(arguments or ("enforce",)), {**given, **environment})
    assert "Traceback" not in errors, errors
    assert given["GITHUB_TOKEN"] not in output + errors
    return code, output, errors


DATE = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}


@pytest.mark.parametrize(
    "status, body, says",
    [
        (200, "fine, thank you", "something else than JSON ('fine, thank you'): is GITHUB_API_URL right"),
        (200, '{"data": ', "something else than JSON"),
        (200, PROXY, "is there a proxy between?"),
        (403, PROXY, "is there a proxy between?"),
        (404, '{"message": "Not Found"}', "GITHUB_API_URL must be https://api.github.com or https://HOST/api/v3"),
        (401, '{"message": "Bad credentials"}', "pass GITHUB_TOKEN: ${{ github.token }}"),
        (451, '{"message": "Repository access blocked"}', "GitHub has blocked acme/desk"),
        (
            200,
            '{"data": null, "errors": [{"type": "INSUFFICIENT_SCOPES", "message": "Your token has no scope"}]}',
            "give the job `permissions: issues: read`",
        ),
    ],
    ids=["text", "half of it", "a page", "a page that refuses", "no API there", "a bad token", "blocked", "no scope"],
)
def test_an_address_that_is_no_forge_is_told_with_what_to_do(status: int, body: str, says: str) -> None:
    with answering(status, body, DATE) as (api, _):
        code, output, errors = command(api)
    assert (code, output) == (1, "")
    assert errors.startswith("respondby: ")
    assert says in errors
    assert errors.count("\n") == 1


def test_a_certificate_that_nobody_vouches_for_is_told_with_what_to_do(tmp_path: Path) -> None:
    with answering(200, "{}", tls=certificate(tmp_path)) as (api, asked):
        code, _, errors = command(api)
    assert (code, asked) == (1, [])
    assert "is not trusted" in errors
    assert "set REQUESTS_CA_BUNDLE to a file that holds it" in errors


def test_a_certificate_that_the_bundle_holds_is_fine(tmp_path: Path) -> None:
    """What the error says to do helps: the server is heard, whatever it says."""
    with answering(401, '{"message": "Bad credentials"}', DATE, tls=certificate(tmp_path)) as (api, asked):
        code, _, errors = command(api, REQUESTS_CA_BUNDLE=str(tmp_path / "cert.pem"))
    assert (code, asked) == (1, ["/graphql"])
    assert "does not know this token" in errors


def test_an_enterprise_server_is_asked_at_its_own_addresses() -> None:
    with answering(401, '{"message": "Bad credentials"}', DATE) as (base, asked):
        code, _, errors = command(f"{base}/api/v3")
    assert (code, asked) == (1, ["/api/graphql"])
    assert "does not know this token" in errors


def test_an_enterprise_server_whose_two_addresses_disagree_is_asked_nothing() -> None:
    with answering(200, "{}") as (base, asked):
        code, _, errors = command(f"{base}/api/v3", GITHUB_GRAPHQL_URL="https://api.github.com/graphql")
    assert (code, asked) == (2, [])
    assert f"to which {base}/api/graphql belongs" in errors
    assert "Set both, or only GITHUB_API_URL" in errors


@pytest.mark.parametrize("pace, says", [("brisk", "RESPONDBY_PACE says 'brisk': write `off`")])
def test_a_pace_that_is_none_is_wrong_usage(pace: str, says: str) -> None:
    code, _, errors = command("http://127.0.0.1:9", RESPONDBY_PACE=pace)
    assert code == 2
    assert says in errors


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def enforce(repository: Repository, token: str | None = None, name: str | None = None) -> tuple[int, str, str]:
    return command(
        repository.sandbox.url,
        GITHUB_REPOSITORY=name or repository.name,
        GITHUB_TOKEN=token or repository.bot,
        LOG="log",
    )


def test_a_repository_that_is_not_there_is_told_with_what_to_check(sandbox: Sandbox) -> None:
    code, _, errors = enforce(Repository.make(sandbox), name="acme/nowhere")
    assert code == 1
    assert "acme/nowhere is not there, or this token may not know that it is: check GITHUB_REPOSITORY" in errors


def test_a_token_without_a_permission_names_it_and_says_nothing_twice(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    repository.opens()
    token = sandbox.workflow_token(repository.name, {"contents": "read"})
    for _ in range(2):
        code, output, errors = enforce(repository, token)
        assert code == 1
        assert "give the job `permissions: issues: write`" in " ".join((output + errors).split())
    assert repository.comments() == []


def test_a_repository_without_a_policy_is_told_with_what_to_write(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    sandbox.files(repository.name, {".github/support.yml": None})
    code, _, errors = enforce(repository)
    assert code == 2
    assert ".github/support.yml does not exist on the default branch" in errors


def many_comments(repository: Repository, count: int) -> None:
    """Written at one go: nobody waits for three thousand requests."""
    world = repository.sandbox._world
    with world.transaction():
        issue = world.one("SELECT * FROM issues ORDER BY id DESC LIMIT 1")
        author = world.one("SELECT id FROM users WHERE login = 'carla'")
        assert issue is not None
        assert author is not None
        now = world.clock.now()
        for number in range(count):
            values = {"body": f"and {number}", "created_at": now, "updated_at": now}
            world.insert("comments", issue_id=issue["id"], author_id=author["id"], **values)


def test_an_issue_with_three_thousand_comments_is_read_to_its_end(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox)
    repository.opens()
    many_comments(repository, 3_000)
    repository.says("ann", "We are on it.")
    code, output, errors = enforce(repository)
    assert code == 0, errors
    code, output, errors = command(
        sandbox.url, "explain", "1", "--json", GITHUB_REPOSITORY=repository.name, GITHUB_TOKEN=repository.bot
    )
    assert [clock["state"] for clock in json.loads(output)["clocks"]] == ["met"]


def test_a_repository_with_250_labels_has_each_of_them_once(sandbox: Sandbox) -> None:
    repository = Repository.make(sandbox, POLICY)
    for number in range(250):
        repository.act("ann", "POST", "/labels", {"name": f"a label {number:03}"})
    for name in ("zz/late", "type/question", "priority/normal"):
        repository.act("ann", "POST", "/labels", {"name": name, "color": "123456"})
    repository.opens()
    before = len(sandbox.requests())
    assert enforce(repository)[0] == 0
    made = [one for one in sandbox.requests(before) if (one["method"], one["path"][-7:]) == ("POST", "/labels")]
    assert made == []
    assert repository.labels() == ["priority/normal", "type/question"]
