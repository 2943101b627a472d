"""`schemas/report.schema.json` says exactly what a report's JSON holds."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from tests.reports.desk import seen, support
from tests.reports.test_uptime import APRIL, DOWN

from respondby.reports.as_json import meeting_json, report_json
from respondby.reports.desk import Facts
from respondby.reports.meeting import meeting
from respondby.reports.monthly import between, monthly

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/report.schema.json").read_text(encoding="utf-8"))


def facts() -> Facts:
    return seen(
        support(), APRIL, DOWN + '11:00 bob says "/mitigated"\n12:00 bob closes',
        DOWN.replace("10:00", "tue 10:00") + 'tue 18:00 tess says "/excuse the provider was down"',
        '00:00 carla opens "Why?"\n09:00 ann says "So"\n10:00 ann says "/workaround 2026-03-09T10:00"',
    )  # fmt: skip


def test_every_report_is_as_its_schema_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    found = facts()
    march = report_json(monthly(found, "2026-03"))
    for one in (
        march,
        report_json(monthly(found, "2026-02")),
        report_json(monthly(found, "2026-05", kind="uptime")),
        report_json(monthly(found, "2026-03", product="shop")),
        report_json(between(found, found.cases[0].opened, APRIL, kind="incidents")),
        meeting_json(meeting(found, found.cases[0].opened)),
    ):
        assert list(validator.iter_errors(json.loads(json.dumps(one)))) == []
    assert march["excused"]
    assert march["incidents"]
    assert march["workarounds"]


def test_what_is_no_report_is_refused() -> None:
    told = report_json(monthly(facts(), "2026-03"))
    validator = Draft202012Validator(SCHEMA)
    assert not validator.is_valid({**told, "uptime": 99.9})
    assert not validator.is_valid({name: value for name, value in told.items() if name != "missing"})
    assert not validator.is_valid({**told, "more": 1})
