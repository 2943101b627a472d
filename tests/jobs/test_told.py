"""What a run tells: plans as plain data and as lines of 80 columns, the step summary."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.cli.output.runs import act_words, run_lines, run_summary
from respondby.jobs.loop.planned import planned
from respondby.rules.plan import (
    Action,
    Answer,
    Assign,
    Because,
    Call,
    Close,
    DropTwin,
    Follow,
    OpenElsewhere,
    PutOnBoard,
    React,
    Relabel,
    Reopen,
    UpdatePager,
    WriteCard,
    WriteComment,
)
from respondby.sandbox.server import Sandbox

#: 2026-01-05T09:00:00Z
AT = 1_767_603_600

RUNG = Because("rung", "first-response", "75%", due=1_767_607_200)
HELP = Because("command", "@help", speaker="carla")


@pytest.mark.parametrize(
    "action, told, words",
    [
        (
            Call("k", "page", "ann", ("pager", "chat"), (RUNG,), ("r",)),
            {
                "do": "page",
                "to": "ann",
                "via": ["pager", "chat"],
                "because": [{"clock": "first-response", "rung": "75%", "due": "2026-01-05T10:00:00Z"}],
            },
            "page ann via pager, else chat (first-response at 75%, due Mon 5 Jan 2026, 10:00 (UTC))",
        ),
        (
            WriteComment("k", ("ann",), (HELP,), ("Hello\nyou",), (), answers=(Answer("/asign bob"),)),
            {
                "do": "comment",
                "mentions": ["ann"],
                "texts": ["Hello\nyou"],
                "replies": ["/asign bob"],
                "news": [],
                "because": [{"command": "@help", "by": "carla"}],
                "inside": False,
            },
            "comment: mention ann, say “Hello you”, reply to “/asign bob” (@help by carla)",
        ),
        (
            UpdatePager("k", "acknowledge", "ann", "pager", "r"),
            {"do": "acknowledge", "to": "ann", "via": ["pager"]},
            "acknowledge the page to ann at pager",
        ),
        (Relabel(("late",), ("ok",)), {"do": "label", "add": ["late"], "remove": ["ok"]}, "label +late -ok"),
        (Assign(("ann", "bob")), {"do": "assign", "people": ["ann", "bob"]}, "assign ann, bob"),
        (Reopen(), {"do": "reopen"}, "open it again"),
        (
            WriteComment("k", ("ann",), (Because("window", "Shop", "announced", AT + 3600, AT),), (), ()),
            {
                "do": "comment",
                "mentions": ["ann"],
                "texts": [],
                "replies": [],
                "news": [],
                "because": [
                    {
                        "window": "announced",
                        "of": "Shop",
                        "starts": "2026-01-05T09:00:00Z",
                        "ends": "2026-01-05T10:00:00Z",
                    }
                ],
                "inside": False,
            },
            "comment: mention ann (maintenance of Shop announced, from Mon 5 Jan 2026, 09:00 (UTC))",
        ),
        (Close("not_planned"), {"do": "close", "reason": "not_planned"}, "close as not planned"),
        (React(0, "+1"), {"do": "react", "comment": 0, "content": "+1"}, "react +1 to the request"),
        (WriteCard(None, "d"), {"do": "card", "new": True}, "write the card"),
        (WriteCard(7, "d"), {"do": "card", "new": False}, "update the card"),
        (DropTwin(7), {"do": "delete-twin", "comment": 7, "inside": False}, "delete our doubled comment 7"),
        (
            WriteComment("k", ("ann",), (), (), (), inside=True),
            {
                "do": "comment",
                "mentions": ["ann"],
                "texts": [],
                "replies": [],
                "news": [],
                "because": [],
                "inside": True,
            },
            "comment in the companion: mention ann",
        ),
        (
            PutOnBoard("r", "acme/1", "Due", "2026-01-08"),
            {"do": "track", "project": "acme/1", "due": "2026-01-08", "moved": False},
            "put it on the board acme/1, due 2026-01-08",
        ),
        (
            PutOnBoard("r", "acme/1", item="PVTI_1"),
            {"do": "track", "project": "acme/1", "due": None, "moved": True},
            "move it on the board acme/1",
        ),
        (OpenElsewhere("r", "acme/app"), {"do": "open", "in": "acme/app", "form": None}, "open an issue in acme/app"),
        (Follow(5, open=False), {"do": "follow", "number": 5, "open": False}, "close the companion, #5"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, dict | str) else "",
)
def test_every_action_is_plain_data_and_a_line(action: Action, told: dict[str, Any], words: str) -> None:
    assert planned([action]) == [told]
    assert json.loads(json.dumps(told)) == told
    assert act_words(told) == words


def test_a_dry_run_reads_well_on_80_columns_and_in_the_summary(repository: Repository) -> None:
    repository.opens(title="My | printer\n::error::is @bob's " + "x" * 200)
    repository.triage()
    repository.at("10:01:00")
    told = repository.sweep(dry=True).to_json()
    lines = list(run_lines(told))
    assert max(map(len, lines)) <= 80
    assert lines[0].endswith(", dry run")
    assert [line for line in lines if "would" in line] == [
        "    would comment: mention ann (first-response due Mon 5 Jan 2026, 10:00 (UTC))",
        "    would label +late",
        "    would update the card",
    ]
    assert f"| {repository.name}#1 | would comment: mention ann" in run_summary(told)


def test_an_idle_sweep_says_so(repository: Repository) -> None:
    assert list(run_lines(repository.sweep().to_json()))[1] == "  nothing to do"


def test_an_issue_that_is_gone_has_no_date_of_its_own(repository: Repository) -> None:
    told = repository.triage(99).to_json()
    assert told["now"] is None
    assert next(iter(run_lines(told))).startswith("triage: 1 case")


def test_failures_of_no_case_are_told_too(sandbox: Sandbox) -> None:
    told = Repository.make(sandbox, POLICY).sweep().to_json() | {"failed": ["the sweep ended there"]}
    assert "  FAILED: the sweep ended there" in run_lines(told)
    assert "- **failed:** the sweep ended there" in run_summary(told)
