"""Every page, and everything that one can do on it."""

from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.serving import Place

ANSWERS = {"priority": "Urgent", "reach": "Some end-users", "what": "It hangs."}

#: Each page, and something that only it says.
PAGES = [
    ("/", "Play a support desk"),
    (f"{HERE}/issues", "Payments"),
    (f"{HERE}/issues?state=all&label=type%2Fproblem", "with the label type/problem Show all"),
    (f"{HERE}/issues/1", "If nothing happens"),
    (f"{HERE}/issues/new/choose", "Guidance & usage support"),
    (f"{HERE}/issues/new?template=problem.yml", "Who is affected?"),
    (f"{HERE}/pulls", "No open pull requests."),
    (f"{HERE}/actions", "An issue was opened #1"),
    (f"{HERE}/actions/runs/1", "respondby triage"),
    ("/play/calls", "Pages and chats"),
    ("/play/oncall", "What each carries this month"),
    ("/play/oncall?month=2026-07", "July 2026"),
    ("/play/policy", "Harbour support"),
    (f"{HERE}/blob/main/.github/support.yml", "desk: Harbour support"),
    ("/play/file?path=.github/ISSUE_TEMPLATE/config.yml", "blank_issues_enabled"),
    ("/play/edit?path=.github/support.yml", "Commit as casey"),
]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


def test_every_page_shows_what_it_is_for(visitor: Visitor) -> None:
    visitor.open("Payments", **ANSWERS)
    for path, words in PAGES:
        page = visitor.get(path)
        assert (page.status, words in page.text) == (200, True), f"{path}: {page.text}"
        assert page.html.count("<h1") == 1
        assert len(page.html.encode()) < 150_000


def test_nothing_that_somebody_wrote_is_markup_on_any_page(visitor: Visitor) -> None:
    number = visitor.open(HOSTILE, **{**ANSWERS, "what": HOSTILE})
    visitor.act(number, "comment", comment=HOSTILE)
    visitor.post("/play/time", {"do": "due", "at": str(MONDAY)})
    visitor.be("ann")
    for path in [path for path, _ in PAGES] + ["/play/calls", f"{HERE}/actions/runs/3", f"{HERE}/issues/{HOSTILE}"]:
        page = visitor.get(path.replace(" ", "%20").replace("<", "%3C").replace(">", "%3E").replace('"', "%22"))
        assert "<script>alert" not in page.html, path
        assert "<img" not in page.html, path
        assert "49" not in page.main or "{{ 7*7 }}" not in page.html.replace("{{ 7*7 }}", ""), path
        assert "frame-ancestors 'none'" in page.headers.get("content-security-policy", "frame-ancestors 'none'")
    refused = visitor.act(number, "title", title=" ")
    assert "<script>alert" not in refused.html


MISSING = [
    *(f"{HERE}/issues/99", f"{HERE}/actions/runs/99", "/acme/nothing/issues", f"{HERE}/pull/7/files"),
    *("/play/edit?path=nothing.md", "/play/static/x.js"),
]


def test_what_is_not_there_is_said_in_a_page(visitor: Visitor) -> None:
    for path in MISSING:
        page = visitor.get(path)
        assert (page.status, "This is not here" in page.text) == (404, True), path


def test_everything_that_can_be_done_on_an_issue_is_done(visitor: Visitor) -> None:
    number = visitor.open("Payments", **ANSWERS)
    assert "There is nothing in the comment yet." in visitor.act(number, "comment", comment=" ").text
    refused = visitor.act(number, "labels", label=["type/problem"])
    assert "GitHub would refuse this to casey (customer)" in refused.text
    assert "cannot be done here" in visitor.act(number, "dance").text

    visitor.act(number, "edit-body", body="### What happens?\n\nIt is *gone*.")
    visitor.be("ann")
    visitor.act(number, "title", title="Payments hang")
    visitor.act(number, "labels", label=["type/problem", "reach/many"])
    visitor.act(number, "assignees", assignee=["bob"])
    page = visitor.act(number, "comment", comment="One\r\n\r\n- [ ] box")
    said = page.html.partition('id="issuecomment-')[2]
    mine = page.html.rpartition('id="issuecomment-')[2].partition('"')[0]
    page = visitor.act(number, "edit-comment", id=mine, body="Two, **bold**")
    assert said
    for words in ("Payments hang", "It is gone .", "changed the title from", "assigned bob", "Two, bold"):
        assert words in page.text, words
    assert "reach/many" in page.html
    page = visitor.act(number, "delete-comment", id=mine)
    assert "Two, bold" not in page.text
    assert "Closed as not planned" in visitor.act(number, "close", reason="not_planned").text
    assert "Open" in visitor.act(number, "reopen").text
    assert "Which comment is meant?" in visitor.act(number, "delete-comment", id="x").text


UNFILLED: list[tuple[dict[str, str], str]] = [
    ({"title": "", "answer-what": "x", "answer-reach": "Nobody yet"}, "The title has one to 256 characters."),
    ({"title": "x" * 257, "answer-what": "x", "answer-reach": "Nobody yet"}, "The title has one to 256 characters"),
    ({"title": "T", "answer-what": " ", "answer-reach": "Nobody yet"}, "“What happens?” needs an answer."),
    ({"title": "T", "answer-what": "x"}, "“Who is affected?” needs an answer."),
    ({"title": "T", "answer-what": "x", "answer-reach": "Everybody"}, "has no option “Everybody”"),
]


def test_a_form_that_is_not_filled_in_is_shown_again_with_what_was_written(visitor: Visitor) -> None:
    for fields, words in UNFILLED:
        sent = {**fields, "answer-expected": "Kept <b>text</b>"}
        page = visitor.post(f"{HERE}/issues/new?template=problem.yml", sent)
        assert (page.status, words in page.text) == (422, True), words
        assert "Kept &lt;b&gt;text&lt;/b&gt;" in page.html
    assert visitor.get(f"{HERE}/issues/new?template=nothing.yml").path == f"{HERE}/issues/new/choose"


def test_a_box_in_a_request_is_ticked_by_who_may_write_there(visitor: Visitor) -> None:
    number = visitor.open("Backup", **{**ANSWERS, "what": "- [ ] one & only\n- [ ] two"})
    page = visitor.act(number, "tick", tick="1")
    assert 'value="1" role="checkbox" aria-checked="true" aria-label="two"' in page.html
    assert 'value="0" role="checkbox" aria-checked="false" aria-label="one &amp; only"' in page.html
    assert 'aria-checked="true"' not in visitor.act(number, "tick", tick="1").html
    assert "There is no such box" in visitor.act(number, "tick", tick="2").text
    visitor.be("robin")
    assert 'role="checkbox"' not in visitor.get(f"{HERE}/issues/{number}").html


def test_one_sees_what_github_would_show_to_whom_one_is(visitor: Visitor, place: Place) -> None:
    place.forge.repo("acme", "inside", private=True)
    assert visitor.get("/acme/inside/issues").status == 404
    assert place.game.home is not None
    place.forge.member("acme/inside", "ann", "MEMBER")
    visitor.be("ann")
    assert visitor.get("/acme/inside/issues").status == 200


def test_a_game_is_not_thrown_away_by_one_press(visitor: Visitor, place: Place) -> None:
    visitor.open("Payments", **ANSWERS)
    page = visitor.post("/play/load", {"id": "msp-handoff"})
    assert "The game of Harbour support ends, with its 2 runs: nothing of it is kept." in page.text
    assert "Payments" in visitor.get(f"{HERE}/issues").text
    visitor.post("/play/load", {"id": "msp-handoff", "sure": "yes"})
    assert place.game.home is not None
    assert (place.game.home.id, place.forge.now()) == ("msp-handoff", "2026-01-05T09:00:00Z")
    assert "No open issues." in visitor.get(f"{HERE}/issues").text


def test_what_other_clients_do_starts_runs_as_well(visitor: Visitor, place: Place) -> None:
    status, made = place.forge.call(
        "POST", "/repos/acme/support/issues", place.forge.token("casey"), {"title": "By the API"}
    )
    assert status == 201
    place.game.settle()
    assert "An issue was opened #1" in visitor.get(f"{HERE}/actions").text
    assert made["number"] == 1
