"""Web pages show what the sandbox holds, and nothing that somebody wrote is run."""

from urllib.request import urlopen

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox


def test_a_page_shows_an_issue_with_its_texts_rendered_and_harmless(sandbox: Sandbox, people: People) -> None:
    sandbox.call(
        "POST", f"{REPO}/issues", people.carla, {"title": "A <b>title</b>", "body": "<script>alert(1)</script>"}
    )
    card = (
        "<!-- hidden -->\n**Due** <img src=x onerror=alert(1)>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n@ann"
    )
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": card})
    with urlopen(f"{sandbox.url}/acme/desk/issues/1") as response:
        page = response.read().decode()
    with urlopen(f"{sandbox.url}/acme/desk/issues") as response:
        listing = response.read().decode()

    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert "A &lt;b&gt;title&lt;/b&gt;" in listing
    assert "<script" not in page
    assert "<img" not in page
    assert "hidden" not in page.partition("<body>")[2]
    for piece in (
        "<strong>Due</strong>",
        "<td>1</td>",
        'type="checkbox" disabled checked',
        '<b class="mention">@ann</b>',
    ):
        assert piece in page


def test_words_stay_whole_in_the_cells_of_a_narrow_page(sandbox: Sandbox, people: People) -> None:
    """`anywhere` would let a table's columns shrink to a letter; a table that is too wide is scrolled instead."""
    sandbox.call("POST", f"{REPO}/issues", people.carla, {"title": "T", "body": "| expectation |\n|---|\n| due |"})
    with urlopen(f"{sandbox.url}/acme/desk/issues/1") as response:
        page = response.read().decode()
    assert "overflow-wrap: anywhere" not in page
    assert "padding: 6px 13px; overflow-wrap: normal }" in page
    assert ".markdown table { border-collapse: collapse; display: block; overflow: auto }" in page


@pytest.mark.parametrize("path", ["/acme/desk/issues/9", "/acme/nothing/issues", "/acme/desk/blob/main/nothing"])
def test_a_page_that_is_not_there_is_a_404(path: str, sandbox: Sandbox) -> None:
    assert sandbox.call("GET", path)[0] == 404


def test_a_page_tells_each_event_in_words(sandbox: Sandbox, people: People) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "Old", "labels": ["late"], "assignees": ["ann"]})
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "Two", "body": "#1"})
    comment = sandbox.call("POST", f"{REPO}/issues/1/comments", people.carla, {"body": "x"})[1]["id"]
    sandbox.call("DELETE", f"{REPO}/issues/comments/{comment}", people.carla)
    change = {"title": "New", "labels": [], "assignees": [], "state": "closed", "state_reason": "not_planned"}
    sandbox.call("PATCH", f"{REPO}/issues/1", people.ann, change)
    sandbox.call("PUT", f"{REPO}/issues/1/lock", people.ann, {})
    with urlopen(f"{sandbox.url}/acme/desk/issues/1") as response:
        page = response.read().decode()

    for words in (
        "<b>ann</b> added the label late",
        "<b>ann</b> assigned ann",
        "<b>ann</b> mentioned this in acme/desk#2",
        "<b>carla</b> deleted a comment",
        "<b>ann</b> changed the title from “Old” to “New”",
        "<b>ann</b> removed the label late",
        "<b>ann</b> closed this as not planned",
        "<b>ann</b> locked this",
    ):
        assert words in page


@pytest.mark.parametrize(
    "path, piece", [("README.md", "<h1>Desk</h1>"), (".github/support.yml", "<pre><code>version: 1\n</code></pre>")]
)
def test_a_page_shows_a_file(path: str, piece: str, sandbox: Sandbox) -> None:
    with urlopen(f"{sandbox.url}/acme/desk/blob/main/{path}") as response:
        assert piece in response.read().decode()


def test_a_branch_with_a_slash_in_its_name_shows_its_files(sandbox: Sandbox, people: People) -> None:
    head = sandbox.call("GET", f"{REPO}/git/ref/heads/main", people.ann)[1]["object"]["sha"]
    sandbox.call("POST", f"{REPO}/git/refs", people.ann, {"ref": "refs/heads/draft/of-ann", "sha": head})
    with urlopen(f"{sandbox.url}/acme/desk/blob/draft/of-ann/README.md") as response:
        assert "<h1>Desk</h1>" in response.read().decode()
