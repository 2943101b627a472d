"""Pull requests: the post-mortem that the desk proposes, what its check says, and what becomes of it."""

from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.serving import Place

ANSWERS = {"priority": "Production down", "reach": "A lot of end-users", "what": "Everything is a 500."}

WRONG = """\
---
incident: x
started: 2026-01-05T09:00:00Z
resolved: 2026-01-05T08:00:00Z
status: final
---

# Everything is down
"""


def test_a_post_mortem_is_proposed_checked_mended_reviewed_and_merged(visitor: Visitor, place: Place) -> None:
    number = visitor.open("Everything is down", **ANSWERS)
    visitor.be("ann")
    visitor.act(number, "comment", comment="On it.\n\n/cause hosting-platform")
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    visitor.act(number, "comment", comment="/resolved")
    visitor.act(number, "close", comment="/close mended")
    assert "Post-mortem of #1: Everything is down #2" in visitor.get(f"{HERE}/pulls").text

    pull = f"{HERE}/pull/2"
    assert "GitHub starts no workflow for what a workflow proposes" in visitor.get(pull).text
    assert "The check found nothing" in visitor.post(pull, {"do": "check"}).text
    path = "docs/incidents/2026-01-05-1-everything-is-down.md"
    edit = f"/play/edit?ref=respondby/post-mortem-1&path={path}&back={pull}/files"
    page = visitor.get(edit)
    sha = page.html.partition('name="sha" value="')[2].partition('"')[0]
    page = visitor.post(edit, {"text": WRONG, "message": "Write it", "sha": sha})
    assert page.path == f"{pull}/files"
    below = page.html.partition("resolved: 2026-01-05T08:00:00Z")[2]
    assert 'class="note error"' in below[: below.index("status: final")]
    assert "The check found problems" in visitor.get(pull).text
    late = visitor.post(edit, {"text": "mine", "message": "Write it", "sha": sha})
    assert (late.status, "Somebody has changed this file" in late.text) == (409, True)
    assert "mine" in late.html

    sha = visitor.get(edit).html.partition('name="sha" value="')[2].partition('"')[0]
    right = WRONG.replace("incident: x", f"incident: {place.url}{HERE}/issues/{number}").replace("T08", "T10")
    visitor.post(edit, {"text": right, "message": "Mend it", "sha": sha})

    visitor.be("tess")
    assert "Say what the review has found." in visitor.post(pull, {"do": "REQUEST_CHANGES", "review": ""}).text
    assert "Not yet" in visitor.post(pull, {"do": "REQUEST_CHANGES", "review": "Not yet"}).text
    assert "approved" in visitor.post(pull, {"do": "APPROVE", "review": "Good."}).text
    merged = visitor.post(pull, {"do": "merge"})
    assert "Merged by tess." in merged.text
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY + 900)})
    assert "met post mortem" in visitor.get(f"{HERE}/issues/{number}").text


def test_a_customer_merges_nothing(visitor: Visitor, place: Place) -> None:
    place.forge.files("acme/support", {"README.md": "Desk\n"})
    head = place.forge.call("GET", "/repos/acme/support/git/ref/heads/main", place.forge.token("ann"))[1]
    ref = {"ref": "refs/heads/new", "sha": head["object"]["sha"]}
    token = place.forge.token("ann")
    place.forge.call("POST", "/repos/acme/support/git/refs", token, ref)
    put = {"message": "Edit", "branch": "new", "content": "SGk=", "sha": None}
    place.forge.call("PUT", "/repos/acme/support/contents/new.md", token, put)
    opened = {"title": "New", "head": "new", "base": "main"}
    assert place.forge.call("POST", "/repos/acme/support/pulls", token, opened)[0] == 201
    refused = visitor.post(f"{HERE}/pull/1", {"do": "merge"})
    assert (refused.status, "GitHub would refuse this to casey (customer)" in refused.text) == (422, True)
