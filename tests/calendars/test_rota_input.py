"""Rotas, overrides and absences that cannot be read."""

import pytest

from respondby.calendars.errors import TimeError
from respondby.calendars.overrides import read_away
from respondby.calendars.rotas import Rota

WEEKLY = {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"}
SWAP = {"from": "2026-01-14T18:00", "until": "2026-01-15T09:00", "on": "cid", "instead-of": "bob"}


@pytest.mark.parametrize(
    "mapping, says",
    [
        ("ann", "a rota must be a mapping"),
        ({}, "needs a handover and a list of members"),
        ({"handover": WEEKLY}, "needs a handover and a list of members"),
        ({"members": ["ann"]}, "needs a handover and a list of members"),
        ({"handover": WEEKLY, "members": "ann"}, "needs a handover and a list of members"),
        ({"handover": WEEKLY, "members": []}, "a rota of nobody"),
        ({"handover": WEEKLY, "members": [[]]}, "must be a person or a list of people"),
        ({"handover": WEEKLY, "members": [""]}, "a person without a name"),
        ({"handover": WEEKLY, "members": [1]}, "must be a person or a list of people"),
        ({"handover": WEEKLY, "members": [["ann", 1]]}, "must be text"),
        ({"handover": WEEKLY, "members": ["ann"], "member": ["bob"]}, "did you mean “members”"),
        ({"handover": {"every": "1 month", "from": "2026-01-31"}, "members": ["ann"]}, "no day 31"),
        ({"handover": WEEKLY, "members": ["ann"], "timezone": "Mars"}, "not an IANA time zone"),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": "rota/on-call.yml"}, "overrides must be a list"),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": ["cid"]}, "an entry of overrides must be a mapping"),
        (
            {"handover": WEEKLY, "members": ["ann"], "overrides": [{**SWAP, "instead": "x"}]},
            "did you mean “instead-of”",
        ),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": [{"from": "2026-01-14", "on": "x"}]}, "needs “until”"),
        (
            {"handover": WEEKLY, "members": ["ann"], "overrides": [{**SWAP, "until": "2026-01-14T18:00"}]},
            "has no length",
        ),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": [{**SWAP, "on": []}]}, "say `why`"),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": [{**SWAP, "until": "2926-01-15"}]}, "in the year 2926"),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": [SWAP] * 13}, "more than 12 entries of one rota"),
        (
            {"handover": WEEKLY, "members": ["ann"], "overrides": [SWAP] * 13, "timezone": "Asia/Tokyo"},
            r"at once, at \w+ 1\d Jan 2026, \d\d:00 \(Asia/Tokyo\)",
        ),
        ({"handover": WEEKLY, "members": [{"who": "ann", "until": "2026-01-01", "from": "2026-02-01"}]}, "would leave"),
        ({"handover": WEEKLY, "members": [{"from": "2026-02-01"}]}, "needs “who”"),
        ({"handover": WEEKLY, "members": [{"who": "ann", "form": "2026-02-01"}]}, "did you mean “from”"),
        ({"handover": {"every": "1 business day", "from": "2026-01-05"}, "members": ["ann"]}, "needs a calendar"),
        ({"assigned": [], "during": {"hours": {}}}, "an assigned rota has no members"),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": [{**SWAP, "instead-of": 1}]}, "must be text"),
        ({"handover": WEEKLY, "members": ["ann"], "overrides": [{**SWAP, "from": "soon"}]}, "not a time"),
        ({"assigned": [], "members": ["ann"]}, "an assigned rota has no members"),
        ({"assigned": {}}, "assigned must be a list"),
    ],
)
def test_a_rota_that_cannot_be_read_says_why(mapping: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        Rota.from_mapping(mapping)


@pytest.mark.parametrize(
    "people",
    [
        ["ann"],
        {"ann": {"away": "2026-01-05"}},
        {"ann": {"away": ["2026-02-30"]}},
        {"ann": {"away": ["2026-02-03"], "timezone": ["UTC"]}},
    ],
)
def test_absences_that_cannot_be_read_are_errors(people: object) -> None:
    with pytest.raises(TimeError):
        read_away(people, "UTC")
