"""What a rehearsal sees the desk do."""

import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from tests.rehearsal.house import Noting, rehearsed

from respondby.desk import markers
from respondby.desk.ledger import Ledger, Record
from respondby.desk.results import Deferred
from respondby.rehearsal.ground import SIGNING
from respondby.rehearsal.observing import Happening, card_changes, mentioned, visible
from respondby.rehearsal.running import Ran, Request

PEOPLE = ("ann", "jan-peter", "carla")


@pytest.mark.parametrize(
    "body,expected",
    [
        ("@ann: it is late", ("ann",)),
        ("@jan-peter, @ANN and @ann.", ("jan-peter", "ann")),
        ("(@carla)", ("carla",)),
        ("@annika and x@ann and @ann/b", ()),
        ("`@ann` and\n\n```\n@carla\n```", ()),
        ("> @ann said\n\nNo.", ()),
        ("<!-- @ann -->", ()),
        ("[@ann](https://x)", ()),
        ("@nobody", ()),
    ],
)
def test_a_mention_is_what_github_takes_for_one(body: str, expected: tuple[str, ...]) -> None:
    assert mentioned(body, PEOPLE) == expected


def test_what_people_see_of_a_comment_has_no_record_in_it() -> None:
    marker = markers.write("card", "acme/support#1", "d", Ledger())
    assert visible(f"Hello\n\n{marker}") == "Hello"


def test_of_a_card_the_rows_are_told_and_of_its_change_only_what_is_new() -> None:
    card = "Got it.\n\n| What | When |\n| --- | --- |\n| Answer | 10:00 |\n| Fix | 12:00 |\n"
    assert card_changes(card) == "Answer · 10:00; Fix · 12:00"
    assert card_changes(card.replace("12:00", "late"), card) == "Fix · late"
    assert card_changes("Only words\nand more") == "Only words"
    assert card_changes("Got it.", card) == "less"
    assert card_changes(card, "Got it.") == "Answer · 10:00; Fix · 12:00"
    assert card_changes(f"{card}\n- Priority: **High**", card) == "Priority: High"


def desk_does(*requests: tuple[str, str, Any]) -> Noting:
    """A runner whose only run sends these requests with its own token."""

    def doing(request: Request) -> Ran | None:
        if request.event != "issues":
            return None
        for method, path, body in requests:
            status = _send(request, method, path, body)
            assert status < 300, (method, path, status)
        return None

    return Noting(doing=doing)


def _send(request: Request, method: str, path: str, body: Any) -> int:
    connection = HTTPConnection(request.forge.removeprefix("http://"))
    headers = {"Authorization": f"Bearer {request.token}", "Content-Type": "application/json"}
    connection.request(method, f"/repos/{request.repository}{path}", json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_the_desk_does_is_told_in_words_and_counts_for_the_next_expectation(tmp_path: Path) -> None:
    runner = desk_does(
        ("POST", "/issues/1/labels", {"labels": ["a", "b"]}),
        ("POST", "/issues/1/comments", {"body": "@ann: please look"}),
        ("POST", "/issues/1/assignees", {"assignees": ["ann"]}),
        ("PATCH", "/issues/1", {"state": "closed"}),
    )
    steps = (
        "  - { at: 09:00, sweeps: off }\n"
        "  - { at: 09:00, who: carla, opens: , title: T }\n"
        "  - { at: +1s, expect: { notified: [ann], paged: [], comments: [please look], labels: [a, b] } }\n"
        "  - { at: +1s, expect: { notified: [], comments: 0 } }\n"
        "  - { at: +1s, expect: { sees: { mallory: [please look, T] } } }\n"
    )
    played = rehearsed(tmp_path, steps, runner)
    assert played.kept, [check for check in played.checked if not check.kept]
    told = [
        (entry.kind, entry.text)
        for entry in played.story
        if isinstance(entry, Happening) and entry.kind in ("desk", "told")
    ]
    assert told == [
        ("desk", "adds a, b"),
        ("desk", "comments: “@ann: please look”"),
        ("told", "is notified by a mention on the issue"),
        ("desk", "assigns ann"),
        ("desk", "closes it"),
    ]


def test_whom_quiet_hours_spare_is_told_once_with_the_end_of_the_wait(tmp_path: Path) -> None:
    waits = Ledger({"answer/I/due": Record("answer/I/due", 0, 1, results=(Deferred("ann", 1_767_600_000),))})

    def doing(request: Request) -> Ran | None:
        if request.event == "issues":
            key = runner.stage.secrets[SIGNING].encode()
            card = f"Card\n\n{markers.write('card', request.payload['issue']['node_id'], 'd', waits, secret=key)}"
            assert _send(request, "POST", "/issues/1/comments", {"body": card}) == 201
            assert _send(request, "POST", "/issues/1/comments", {"body": f"Once more. {card}"}) == 201
        return None

    runner = Noting(doing=doing)
    steps = "  - { at: 09:00, sweeps: off }\n  - { at: 09:00, who: carla, opens: , title: T }\n"
    played = rehearsed(tmp_path, steps, runner)
    told = [entry.text for entry in played.story if isinstance(entry, Happening) and entry.kind == "told"]
    assert told == ["has quiet hours, and is told at Mon 5 Jan, 08:00 their time"]
