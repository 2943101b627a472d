"""Drafts at work: the notes of a hand-over and a review, and what people write around and into them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.jobs.desk import Repository
from tests.jobs.test_post_mortems import run as follow

from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: Europe/Brussels
people: { ann: {}, bob: { away: [2026-01-20/2026-01-21] } }
rotas:
  week:
    timezone: Europe/Brussels
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann, bob]
    rest: { after: { pages: 2, nights: 1 }, suggest: 1 day }
roles:
  staff: { people: [ann, bob] }
  on-call: { rota: week }
  outgoing: { rota: week, shift: previous }
  incoming: { rota: week, shift: next }
channels: { log: { console: LOG } }
fields:
  type: { label: type/ }
  severity: { label: severity/, set-by: staff, default: low, values: { high: High, low: Low } }
forms:
  question: { name: Question, about: Ask., choose: [severity], ask: { what: { ask: "What?", kind: text } } }
commands:
  /note: { by: staff }
  /workaround: { by: staff }
  /reverted: { by: staff }
  /close: { by: staff }
  /wait: { by: staff }
clocks:
  answer: { start: opened, stop: comment by staff, target: 1h, ladder: [{ at: start, page: on-call, via: log }] }
incidents: { when: { severity: high } }
duties:
  hand-over:
    schedule: { rota: week, ahead: 1 day }
    owner: [outgoing, incoming]
    draft: hand-over
    checklist: { outgoing: [Finalise the notes], incoming: [Read the notes] }
    stop: all ticked
    target: { by: handover }
  review:
    schedule: { every: 1 week, at: friday 15:00 }
    owner: on-call
    draft: incidents
    checklist: [Discuss each incident]
    stop: all ticked
"""
HIGH = "### Severity\n\nHigh\n\n### What?\n\nIt is down.\n"


@pytest.fixture
def desk(sandbox: Sandbox) -> Repository:
    """A week of ann's: a question at night that nobody answered in time, and a workaround."""
    desk = Repository.make(sandbox, POLICY)
    desk.sweep_at("2026-01-05T10:00:00Z")
    desk.at("2026-01-07T02:00:00Z")
    number = desk.opens(title="The shop is <down>", body=HIGH)
    desk.triage(number)
    desk.sweep_at("2026-01-07T04:00:00Z")
    desk.says("ann", "It was the disk. @bob\n\n/note look at the #1 disk, **soon**", number)
    desk.says("ann", "/workaround\nwhat: one disk\noriginal: two disks\nrevert-by: 2026-01-20T12:00", number)
    desk.triage(number)
    return desk


def issue(desk: Repository, title: str) -> dict[str, Any]:
    """The newest issue whose title begins so."""
    found = desk.act("ann", "GET", "/issues?state=all&per_page=100&direction=desc")
    return next(one for one in found if one["title"].startswith(title))


def notes(desk: Repository) -> str:
    return str(issue(desk, "Hand over")["body"])


def writes(desk: Repository, body: str) -> None:
    """Somebody edits the hand-over's text."""
    desk.act("acme", "PATCH", f"/issues/{issue(desk, 'Hand over')['number']}", {"body": body})


OPENED = "2026-01-11T09:00:00Z"


def test_the_notes_of_a_hand_over_are_made_from_facts(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    text = notes(desk)
    for said in (
        "**Hand-over of “week”**, Mon 12 Jan 2026, 10:00 (Europe/Brussels): **ann** → **bob**",
        "**ann** had a heavy shift (1 page, 1 broken night). Proposed: 1 day of rest.",
        "### Open requests (1)",
        "(Question), with nobody, waits for us",
        "ann, [The shop is &lt;down&gt;](",
        "look at the #\u200b1 disk, \\*\\*soon\\*\\*",
        "1: one disk (before it: two disks), by ann, until Tue 20 Jan 2026, 12:00",
        "“Answer” was due Wed 7 Jan 2026, 04:00; done late Wed 7 Jan 2026, 05:00",
        "| ann | 0 | 1 | 1 |",
        "### Incidents (1)",
        "(High): opened Wed 7 Jan 2026, 03:00, still open; missed: Answer",
        "- Fri 16 Jan 2026, 15:00: Review",
        "<sub>Times in these notes are those of Europe/Brussels.</sub>",
        "### Outgoing (@ann)\n\n- [ ] Finalise the notes\n\n### Incoming (@bob)\n\n- [ ] Read the notes",
    ):
        assert said in text, said
    assert "@bob" not in text.split("### Outgoing")[0], "a draft that is written again and again mentions nobody"
    people = [person["login"] for person in issue(desk, "Hand over")["assignees"]]
    assert people == ["ann", "bob"]


def test_a_sweep_with_no_new_fact_writes_nothing(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    assert desk.sweep_at("2026-01-11T09:00:00Z").performed == 0
    assert desk.sweep_at("2026-01-11T15:00:00Z").performed == 0


def test_the_notes_follow_the_facts_until_the_duty_is_done(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    desk.says("ann", "/reverted", 2)
    desk.says("ann", "/note the new disk has come", 2)
    desk.sweep_at("2026-01-11T10:00:00Z")
    assert "one disk" not in notes(desk)
    assert "the new disk has come" in notes(desk)
    writes(desk, notes(desk).replace("- [ ]", "- [x]"))
    desk.says("bob", "/note too late for these notes", 2)
    desk.sweep_at("2026-01-11T11:00:00Z")
    assert "too late for these notes" not in notes(desk)
    assert notes(desk).count("- [x]") == 2


def test_what_people_write_around_the_blocks_stays(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    mine = "\n\nMine: <b>the</b> plan\r\n- [ ] a box\n\n"
    writes(desk, notes(desk).replace("### Outgoing", f"{mine}### Outgoing").replace("- [ ] Read", "- [x] Read"))
    desk.says("ann", "/reverted", 2)
    desk.sweep_at("2026-01-11T10:00:00Z")
    assert mine in notes(desk)
    assert "- [x] Read" in notes(desk)
    assert "one disk" not in notes(desk)


def test_what_people_write_into_a_block_stays_and_the_other_blocks_go_on(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    writes(desk, notes(desk).replace("(before it: two disks)", "(before it: two disks, the big ones)"))
    desk.says("ann", "/reverted\n\n/note done", 2)
    desk.sweep_at("2026-01-11T10:00:00Z")
    text = notes(desk)
    assert "two disks, the big ones" in text
    assert "<sub>Edited by hand: the desk no longer keeps this part up to date." in text
    assert "done" in text.split("### Notes")[1].split("### Temporary")[0]
    assert desk.sweep_at("2026-01-11T10:05:00Z").performed == 0


def test_an_edit_that_our_write_crossed_is_made_good(desk: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from respondby.jobs.effects import drafting

    desk.sweep_at(OPENED)
    real = drafting.writing.edit_issue

    def crossed(client: Any, number: int, body: str) -> None:
        monkeypatch.undo()
        writes(desk, notes(desk).replace("### Outgoing", "Written meanwhile\n\n### Outgoing"))
        real(client, number, body)

    monkeypatch.setattr(drafting.writing, "edit_issue", crossed)
    desk.says("ann", "/reverted", 2)
    desk.sweep_at("2026-01-11T10:00:00Z")
    assert "Written meanwhile" not in notes(desk)
    desk.sweep_at("2026-01-11T10:05:00Z")
    assert "Written meanwhile" in notes(desk)
    assert "one disk" not in notes(desk)


@pytest.mark.parametrize("how", ["lost", "moved"])
def test_a_mark_that_somebody_lost_comes_back(desk: Repository, how: str) -> None:
    desk.sweep_at(OPENED)
    head, _, mark = notes(desk).rpartition("\n\n")
    assert mark.startswith("<!-- respondby:")
    writes(desk, head if how == "lost" else f"{head}\n\n{mark}\n\nMine")
    desk.sweep_at("2026-01-11T10:00:00Z")
    assert notes(desk).endswith(mark)
    assert notes(desk).count(mark) == 1
    assert ("Mine" in notes(desk)) == (how == "moved")
    assert desk.sweep_at("2026-01-11T10:05:00Z").performed == 0


def test_a_block_that_somebody_took_out_stays_out(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    head, rest = notes(desk).split("<!-- respondby:begin calls")
    writes(desk, head + rest.split("<!-- respondby:end calls -->")[1])
    desk.says("ann", "/reverted", 2)
    desk.sweep_at("2026-01-11T10:00:00Z")
    assert "Broken nights" not in notes(desk)
    assert "one disk" not in notes(desk)


def test_a_swap_before_the_change_is_assigned_and_named(desk: Repository) -> None:
    desk.sweep_at(OPENED)
    swapped = POLICY.replace("    rest:", "    overrides: rota.yml\n    rest:")
    swap = "- { from: 2026-01-12T10:00, until: 2026-01-19T10:00, on: ann, instead-of: bob }\n"
    desk.sandbox.files(desk.name, {".github/support.yml": swapped, "rota.yml": swap}, "Swap")
    desk.sweep_at("2026-01-12T08:00:00Z")
    assert "**ann** → **ann**" in notes(desk)


def test_who_comes_is_away_and_the_next_one_comes(sandbox: Sandbox) -> None:
    desk = Repository.make(
        sandbox, POLICY.replace("bob: { away: [2026-01-20/2026-01-21] }", "bob: { away: [2026-01-12/2026-01-30] }")
    )
    desk.sweep_at("2026-01-05T10:00:00Z")
    desk.sweep_at(OPENED)
    assert "**ann** → **ann**" in notes(desk)
    assert "bob is away from Mon 12 Jan 2026, 00:00" in notes(desk)
    assert [person["login"] for person in issue(desk, "Hand over")["assignees"]] == ["ann"]


def test_a_review_looks_back_on_its_period(desk: Repository) -> None:
    desk.sweep_at("2026-01-09T14:00:00Z")
    text = str(issue(desk, "Review")["body"])
    assert "### Incidents (1)" in text
    assert "“Answer” was due Wed 7 Jan 2026, 04:00" in text
    desk.sweep_at("2026-01-16T14:00:00Z")
    later = str(issue(desk, "Review")["body"])
    assert "### Incidents (1)" in later, "it is still open"
    assert "was due" not in later


def test_a_review_says_what_each_incident_still_lacks(sandbox: Sandbox) -> None:
    wanted = "when: { severity: high }, close-needs: [severity, /note], post-mortem: { when: { severity: high } }"
    desk = Repository.make(
        sandbox, POLICY.replace("incidents: { when: { severity: high } }", f"incidents: {{ {wanted} }}")
    )
    desk.sweep_at("2026-01-05T10:00:00Z")
    desk.at("2026-01-07T02:00:00Z")
    number = desk.opens(title="Down", body=HIGH)
    desk.sweep_at("2026-01-09T14:00:00Z")
    assert "still open; missed: Answer; still lacks: /note, Post mortem" in issue(desk, "Review")["body"]
    desk.says("ann", "/note the disk was full", number)
    desk.sweep_at("2026-01-09T15:00:00Z")
    assert "; still lacks: Post mortem\n" in issue(desk, "Review")["body"]


def test_a_review_lists_open_action_items_and_a_merged_post_mortem_is_lacked_no_more(sandbox: Sandbox) -> None:
    wanted = "when: { severity: high }, post-mortem: { when: { severity: high }, actions: {} }"
    desk = Repository.make(
        sandbox, POLICY.replace("incidents: { when: { severity: high } }", f"incidents: {{ {wanted} }}")
    )
    desk.sweep_at("2026-01-05T10:00:00Z")
    desk.at("2026-01-07T02:00:00Z")
    number = desk.opens(title="Down", body=HIGH)
    desk.says("ann", "/close", number)
    desk.sweep_at("2026-01-09T14:00:00Z")
    body = issue(desk, "Review")["body"]
    assert "still lacks: Post mortem\n" in body
    assert "### Open action items (0)\n\nNone." in body
    rows = "| What | Owner | Due | State | Issue |\n|---|---|---|---|---|\n| Alert | @ann | 2026-01-12 | agreed | |\n"
    front = f"---\nincident: {desk.case(number).url}\nstatus: review\n---\n# Down\n"
    desk.sandbox.files(desk.name, {"docs/incidents/down.md": f"{front}## Action items\n\n{rows}"})
    desk.sweep_at("2026-01-09T14:30:00Z")
    assert "lacks" not in issue(desk, "Review")["body"]
    follow(desk)
    desk.sweep_at("2026-01-09T14:40:00Z")
    desk.sweep_at("2026-01-09T14:41:00Z")
    assert "), with ann, due Tue 13 Jan 2026, 00:00\n" in issue(desk, "Review")["body"]


def test_without_an_open_draft_a_sweep_asks_no_more(desk: Repository) -> None:
    quiet = Repository.make(desk.sandbox, POLICY.split("duties:")[0])
    busy = Repository.make(desk.sandbox, POLICY)
    for one in (quiet, busy):
        one.sweep_at("2026-01-06T10:00:00Z")
    assert busy.sweep_at("2026-01-06T11:00:00Z").requests == quiet.sweep_at("2026-01-06T11:00:00Z").requests
