"""Which issue of another repository is one that we made of a case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.forge.desks import GRANTS, Desk

from respondby.calendars.instants import parse_time, zone
from respondby.desk import markers
from respondby.desk.ledger import EMPTY
from respondby.forge import queries
from respondby.forge.elsewhere import Made, MadeElsewhere, _made, made_for
from respondby.forge.gathering import Identity
from respondby.forge.nodes import Us
from respondby.sandbox.server import Sandbox

US = Us("desk[bot]")
OURS, THEIRS = {"login": "desk", "__typename": "Bot"}, {"login": "bob", "__typename": "User"}
AT = "2026-03-02T10:00:00Z"


def marked(kind: markers.Kind = "elsewhere", case: str = "I_7") -> str:
    return f"Look at it.\n\n{markers.write(kind, case, '', EMPTY, key='command/IC_1:1')}"


def issue(**more: Any) -> dict[str, Any]:
    """An issue of ours about the case I_7, as GraphQL tells of it."""
    return {
        "number": 3, "id": "I_3", "url": "https://x.test/3", "state": "OPEN", "author": OURS, "editor": None,
        "viewerDidAuthor": False, "createdAt": AT, "lastEditedAt": None, "body": marked(), **more,
    }  # fmt: skip


MADE = Made(3, "I_3", "https://x.test/3", True, "command/IC_1:1")


@pytest.mark.parametrize(
    "given, made",
    [
        (issue(), MADE),
        (issue(state="CLOSED"), replace(MADE, open=False)),
        (issue(author=THEIRS), None),
        (issue(author=THEIRS, viewerDidAuthor=True), MADE),
        (issue(lastEditedAt=AT, editor=OURS), MADE),
        (issue(lastEditedAt=AT, editor=THEIRS), None),  # it says what they say
        (issue(body="Look at it."), None),
        (issue(body=marked(case="I_8")), None),
        (issue(body=marked("say")), None),
        (issue(body=marked().replace('"elsewhere"', '"nowhere"')), None),  # of a newer desk
    ],
)
def test_it_was_made_of_the_case_by_us_and_is_still_as_we_wrote_it(given: dict[str, Any], made: Made | None) -> None:
    assert _made(given, "I_7", US) == made


def writes(desk: Desk, *bodies: str) -> list[int]:
    """Issues with these texts, an hour apart, from nine o'clock on; by the desk itself."""
    token = desk.sandbox.workflow_token(desk.repository, GRANTS)
    numbers = []
    for hour, body in enumerate(bodies, 9):
        desk.sandbox.clock(f"2026-01-05T{hour:02}:00:00Z")
        said = {"title": "Look", "body": body}
        status, answer = desk.sandbox.call("POST", f"/repos/{desk.repository}/issues", token, said)
        assert status == 201, answer
        numbers.append(int(answer["number"]))
    return numbers


@pytest.mark.parametrize("private", [False, True])
def test_what_was_made_for_a_case_is_found_as_far_back_as_the_case_goes(sandbox: Sandbox, private: bool) -> None:
    sandbox.clock("2026-01-05T09:00:00Z")
    desk = Desk(sandbox, private=private)
    nine = 1767603600
    assert made_for(desk.client, "I_7", nine, Identity()) == MadeElsewhere(private, ())
    first, _, other, last = writes(desk, marked(), "Nothing of ours.", marked(case="I_8"), marked())
    for since, found in ((nine, [first, last]), (nine + 1, [last]), (nine + 3 * 3600, [last]), (nine + 4 * 3600, [])):
        made = made_for(desk.client, "I_7", since, Identity())
        assert (made.private, [one.number for one in made.made]) == (private, found)
    assert [one.number for one in made_for(desk.client, "I_8", nine, Identity()).made] == [other]


def test_it_is_looked_for_beyond_the_first_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "NEWEST", queries.NEWEST.replace("first: 100", "first: 2"))
    numbers = writes(desk, *[marked()] * 5)
    before = desk.client.requests
    assert [one.number for one in made_for(desk.client, "I_7", 0, Identity()).made] == numbers
    assert desk.client.requests - before == 3
    before = desk.client.requests
    made = made_for(desk.client, "I_7", parse_time("2026-01-05T12:00:00Z", zone("UTC")), Identity())
    assert ([one.number for one in made.made], desk.client.requests - before) == (numbers[3:], 2)
