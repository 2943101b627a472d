"""The forms in which `Accept` asks for an answer: texts as HTML and plain, a file or a diff as it is."""

import re
from http.client import HTTPConnection

import pytest
from tests.sandbox.desk import REPO, People
from tests.sandbox.pulling import propose

from respondby.sandbox.server import Sandbox


def asked(sandbox: Sandbox, path: str, accept: str) -> tuple[int, str, str]:
    """The status, the content's type and the text of an answer."""
    connection = HTTPConnection(sandbox.url.removeprefix("http://"))
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers["content-type"].partition(";")[0], text


@pytest.mark.parametrize(
    "accept, forms",
    [
        ("application/vnd.github+json", set()),
        ("application/vnd.github.raw+json", set()),
        ("application/vnd.github.html+json", {"body_html"}),
        ("application/vnd.github.text+json", {"body_text"}),
        ("application/vnd.github.full+json", {"body_html", "body_text"}),
        ("application/vnd.github.v3.full+json", {"body_html", "body_text"}),
        ("text/html, application/vnd.github.v3.text+json; q=0.9", {"body_text"}),
    ],
)
@pytest.mark.parametrize("path", ["/issues/1", "/issues", "/issues/1/comments", "/issues/comments", "/pulls/2"])
def test_texts_stand_beside_their_forms(
    accept: str, forms: set[str], path: str, sandbox: Sandbox, people: People
) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "One", "body": "A *b* <c> &"})
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "A *b* <c> &"})
    propose(sandbox, people.ann, "side", {"a.md": "a\n"}, body="A *b* <c> &")
    _, headers, value = sandbox.exchange("GET", REPO + path, people.ann, headers={"Accept": accept})
    shown = value[0] if isinstance(value, list) else value

    assert {key for key in shown if key.startswith("body_")} == forms
    assert shown["body"] == "A *b* <c> &"
    assert shown.get("body_text", "A b <c> &") == "A b <c> &"
    assert shown.get("body_html", "<p>A <em>b</em> &lt;c&gt; &amp;</p>\n") == "<p>A <em>b</em> &lt;c&gt; &amp;</p>\n"
    assert (headers["x-github-media-type"] == "github.v3; format=json") == (not forms and "raw" not in accept)


@pytest.mark.parametrize("param", ["raw", "raw+json", "v3.raw", "v3.raw+json"])
def test_a_file_comes_as_it_is(param: str, sandbox: Sandbox) -> None:
    asking = f"application/vnd.github.{param}"

    assert asked(sandbox, f"{REPO}/contents/README.md", asking) == (200, "application/vnd.github.raw+json", "# Desk\n")
    assert asked(sandbox, f"{REPO}/readme", asking)[2] == "# Desk\n"
    assert asked(sandbox, f"{REPO}/contents/nothing", asking)[0] == 404


def test_a_file_comes_rendered_and_a_folder_as_one_object(sandbox: Sandbox) -> None:
    html = "application/vnd.github.html"

    assert asked(sandbox, f"{REPO}/contents/README.md", html)[2] == "<h1>Desk</h1>\n"
    assert asked(sandbox, f"{REPO}/contents/.github/support.yml", html)[2] == "<pre>version: 1\n</pre>"
    folder = sandbox.exchange("GET", f"{REPO}/contents/.github", headers={"Accept": "application/vnd.github.object"})[2]
    assert (folder["type"], [entry["name"] for entry in folder["entries"]]) == ("dir", ["support.yml", "workflows"])


def test_a_pull_request_comes_as_a_diff_and_as_patches(sandbox: Sandbox, people: People) -> None:
    changes = {"README.md": "# Desk\nOpen\n", "new.md": "new\n"}
    propose(sandbox, people.ann, "side", changes)
    _, kind, diff = asked(sandbox, f"{REPO}/pulls/1", "application/vnd.github.v3.diff")
    patch = asked(sandbox, f"{REPO}/pulls/1", "application/vnd.github.patch")[2]

    assert kind == "application/vnd.github.diff"
    assert diff.startswith("diff --git a/README.md b/README.md\nindex ")
    assert "@@ -1 +1,2 @@\n # Desk\n+Open\n" in diff
    assert re.search(
        r"new file mode 100644\nindex 0{7}\.\.\w{7}\n--- /dev/null\n\+\+\+ b/new.md\n@@ .* @@\n\+new\n", diff
    )
    assert [line for line in patch.splitlines() if line.startswith("Subject:")] == [
        "Subject: [PATCH] Write README.md",
        "Subject: [PATCH] Write new.md",
    ]
