"""The sandbox's own figures: python tests/bench/sandbox.py [--runs N]

Small GETs a second over one kept connection; the page of 100 issues with 20 items each; 10,000 issues swept by pages
of 100 over HTTP; and from starting a process to the first answer. Each is the best of N runs, since other work on the
machine only ever adds. It ends with 1 if a figure misses its target.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection

from respondby.sandbox.server import Sandbox

PAGE = """query($after: String) { repository(owner: "acme", name: "desk") {
  issues(first: 100, after: $after, states: [OPEN]) { pageInfo { hasNextPage endCursor } nodes {
    id number title body createdAt updatedAt author { login } authorAssociation viewerDidAuthor
    labels(first: 20) { nodes { name } } assignees(first: 10) { nodes { login } }
    timelineItems(first: 20) { nodes { __typename ... on IssueComment { id body createdAt author { login }
      userContentEdits(first: 5) { nodes { editedAt diff } } }
      ... on LabeledEvent { createdAt label { name } } } } } } } }"""
SMALL = "/repos/acme/desk/labels/late"
GETS, ISSUES, ITEMS, WHOLE = 2000, 100, 20, 10_000


class Client:
    """One kept connection, as the desk keeps one."""

    def __init__(self, sandbox: Sandbox, token: str) -> None:
        self.connection = HTTPConnection(sandbox.url.removeprefix("http://"))
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: str | None = None) -> bytes:
        """Send one request and return the body of its answer."""
        self.connection.request(method, path, body, self.headers)
        response = self.connection.getresponse()
        content = response.read()
        assert response.status < 300, content
        return content

    def ask(self, query: str, **variables: object) -> dict[str, object]:
        """Send one query and return its data."""
        answer = json.loads(self.send("POST", "/graphql", json.dumps({"query": query, "variables": variables})))
        assert "errors" not in answer, answer["errors"]
        data: dict[str, object] = answer["data"]
        return data


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _desk(sandbox: Sandbox) -> str:
    sandbox.user("ann")
    sandbox.repo("acme", "desk")
    sandbox.member("acme/desk", "ann", "MEMBER")
    token = sandbox.token("ann")
    sandbox.call("POST", "/repos/acme/desk/labels", token, {"name": "late"})
    return token


def gets_and_page(runs: int) -> tuple[float, float]:
    """Return how many small GETs a second, and the seconds of the page of 100 issues."""
    with Sandbox() as sandbox:
        token = _desk(sandbox)
        client = Client(sandbox, token)
        for number in range(1, ISSUES + 1):
            sandbox.open_by_form("acme/desk", "ann", f"Issue {number}", "What is wrong\n" * 10, ["late"])
            for item in range(ITEMS - 1):
                body = json.dumps({"body": f"Comment {item} " * 10})
                client.send("POST", f"/repos/acme/desk/issues/{number}/comments", body)
        client.ask(PAGE)
        small = min(_seconds(lambda: [client.send("GET", SMALL) for _ in range(GETS)]) for _ in range(runs))
        page = min(_seconds(lambda: client.ask(PAGE)) for _ in range(runs * 3))
    return GETS / small, page


def sweep(runs: int) -> float:
    """Return the seconds in which 10,000 open issues are read page by page, as the desk's own sweep asks for them."""
    with Sandbox() as sandbox:
        token = _desk(sandbox)
        for number in range(WHOLE):
            sandbox.open_by_form("acme/desk", "ann", f"Issue {number}", "What is wrong\n" * 10)
        client = Client(sandbox, token)

        def whole() -> None:
            after, more = None, True
            while more:
                data = client.ask(PAGE, after=after)
                issues = data["repository"]["issues"]  # type: ignore[index]
                after, more = issues["pageInfo"]["endCursor"], issues["pageInfo"]["hasNextPage"]

        return min(_seconds(whole) for _ in range(max(1, runs // 3)))


def start(runs: int) -> tuple[float, float]:
    """Return the median seconds from starting `respondby sandbox` to its first answer, and those of the processor."""
    found, before = [], _of_children()
    for _ in range(max(3, runs)):
        begun = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "respondby", "sandbox", "--port", "0"], stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            line = process.stderr.readline()
            address = next(word for word in line.split() if word.startswith("http://"))
            connection = HTTPConnection(address.removeprefix("http://").rstrip("/."))
            connection.request("GET", "/meta")
            assert connection.getresponse().status == 200
            found.append(time.perf_counter() - begun)
            process.terminate()
    return statistics.median(found), (_of_children() - before) / len(found)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Measure, print, and say whether every target was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    gets, page = gets_and_page(runs)
    swept = sweep(runs)
    started, worked = start(runs)
    rows = [
        ("small GETs a second", f"{gets:,.0f}", "at least 1,000", gets >= 1000),
        ("page of 100 issues × 20 items", f"{page * 1000:.0f} ms", "at most 150 ms", page <= 0.150),
        ("10,000 issues swept over HTTP", f"{swept:.1f} s", "at most 20 s", swept <= 20),
        ("start to the first answer", f"{started:.2f} s", f"under 0.5 s ({worked:.2f} s of one core)", started < 0.5),
    ]
    for what, seen, asked, met in rows:
        print(f"{what:32} {seen:>10}   {asked}{'' if met else '   MISSED'}")
    return int(not all(met for *_, met in rows))


if __name__ == "__main__":
    sys.exit(main())
