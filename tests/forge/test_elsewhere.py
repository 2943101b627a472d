"""Which issue of another repository is one that we made of a case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from respondby.desk import markers
from respondby.desk.ledger import EMPTY
from respondby.forge.elsewhere import Made, _made
from respondby.forge.nodes import Us

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
