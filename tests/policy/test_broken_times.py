"""Times, targets, moments and rungs that mean nothing: what the loader says about each, word by word."""

from __future__ import annotations

import pytest
from tests.policy.policies import Row, rows_of, small, with_rota

from respondby.policy.loading.loader import examine

#: Name, text, and of each problem its place and rule, what is said, and what to write instead.
BROKEN: list[tuple[str, str, list[Row]]] = [
    (
        "a zone that does not exist",
        small(("timezone: Europe/Brussels", "timezone: Europe/Bruxelles")),
        [("5:34 time", "“Europe/Bruxelles” is not an IANA time zone.", "Did you mean “Europe/Brussels”?")],
    ),
    (
        "a time that does not exist",
        small(('"09:00-17:00"', '"09:00-25:00"')),
        [("5:70 time", "“09:00-25:00” is not a window: 25:00 is not a time of day (00:00 to 24:00).", "")],
    ),
    (
        "a window of no length",
        small(('"09:00-17:00"', '"09:00-09:00"')),
        [("5:70 time", "“09:00-09:00” has no length.", "For a whole day write 00:00-24:00.")],
    ),
    (
        "a weekday that does not exist",
        small(("mon-fri:", "mon-fry:")),
        [("5:60 time", "“fry” is not a weekday.", "Did you mean “friday”?")],
    ),
    (
        "a date that does not exist",
        small(("ann: {}", "ann: { away: [2026-02-30] }")),
        [("4:25 time", "“2026-02-30” is not a date: day is out of range for month.", "")],
    ),
    (
        "a span backwards",
        small(("ann: {}", "ann: { away: [2026-03-09/2026-03-01] }")),
        [("4:25 time", "“2026-03-09/2026-03-01” ends before it begins.", "Write the earlier date first.")],
    ),
    (
        "a duration that is none",
        small(("target: 4h", "target: 4 hourz")),
        [("17:13 time", "“4 hourz” is not a duration.", "Did you mean “hour”?")],
    ),
    (
        "plain days on a calendar",
        small(("target: 4h", "target: { within: 2 days, calendar: office }")),
        [
            (
                "17:23 time",
                "“2 days” cannot be measured on a calendar.",
                "Write “2 business days”, or leave the calendar out for elapsed time.",
            )
        ],
    ),
    (
        "business time without a calendar",
        small(("calendar: office\n", ""), ("target: 4h", "target: 4 business hours")),
        [("16:13 time", "Business time needs a calendar.", "Name one, or give the policy a default `calendar`.")],
    ),
    (
        "an end that is none",
        small(("target: 4h", "target: { by: end of next buisness day }")),
        [("17:19 time", "“by: end of next buisness day” is not a time.", "Did you mean “end of next business day”?")],
    ),
    (
        "an end of sprint without sprints",
        small(("target: 4h", "target: { by: end of sprint }")),
        [
            (
                "17:19 time",
                "The calendar of this target has no sprints.",
                "Add `sprints: { every: 2 weeks, from: 2026-01-05 }` to it.",
            )
        ],
    ),
    (
        "both within and by",
        small(("target: 4h", "target: { within: 4h, by: end of week }")),
        [
            (
                "17:13 target",
                "A target has exactly one of `within` and `by`.",
                "`within: 4 business hours`, or `by: end of week`.",
            )
        ],
    ),
    (
        "a hand-over in a clock",
        small(("target: 4h", "target: { by: handover }")),
        [("17:19 target", "Only a duty ends at a hand-over.", "Name an end: `end of business day`.")],
    ),
    (
        "two fields in a target",
        small(("target: 4h", "target: { priority: { high: 1h }, type: { request: 1h } }")),
        [
            (
                "17:13 target",
                "This is not a target.",
                "Write `within:` or `by:`, or one field with a target for each of its values.",
            )
        ],
    ),
    (
        "a moment that is none",
        small(("start: opened", "start: openend")),
        [("15:12 moment", "This is not a moment.", "Did you mean `opened`?")],
    ),
    (
        "a moment of nobody",
        small(("stop: comment by staff", "stop: card by staff")),
        [("16:11 moment", "`card` is not what a person does: no `by` can follow.", "Write `card`.")],
    ),
    (
        "a hand-over without a date",
        with_rota("{ timezone: UTC, handover: { every: 2 weeks, at: monday 10:00 }, members: [ann, bob] }"),
        [("6:52 time", "“every: 2 weeks” needs `from`, the date from which it counts.", "")],
    ),
    (
        "a day that not every month has",
        with_rota("{ timezone: UTC, handover: { every: 1 month, at: 31 09:00 }, members: [ann, bob] }"),
        [("6:65 time", "“at: 31 09:00”: a month may have no day 31.", "Use a day from 1 to 28, or last day.")],
    ),
    (
        "quiet hours of no length",
        small(("apprise: CHAT_URL", 'apprise: CHAT_URL, quiet: "08:00-08:00"')),
        [("7:47 hours", "These hours have no length.", 'Write `"22:00-07:00"`.')],
    ),
    (
        "a rung before the start",
        small(("at: due,", "at: start - 1h,")),
        [("18:20 rung", "Nothing is done before a clock starts.", "Write `start` or `start + 10m`.")],
    ),
    (
        "a share of too much",
        small(("at: due,", "at: 120%,")),
        [("18:20 rung", "A share is between 1% and 100%.", "After the due write `due + 15m`.")],
    ),
    (
        "a product's date that is none",
        small(("clocks:", "products: { shop: { launched: soon } }\nclocks:")),
        [("13:31 time", "“soon” is not a time.", "Write one such as 2026-11-20T16:00 or 2026-11-20T16:00+01:00.")],
    ),
    (
        "business time on a ladder without a calendar",
        small(("calendar: office\n", ""), ("at: due,", "at: due + 1 business hour,")),
        [("17:13 time", "`1 business hour` of this ladder needs a calendar.", "Give the policy a default `calendar`.")],
    ),
    (
        "a window of words",
        small(('"09:00-17:00"', "nine to five")),
        [("5:70 time", "“nine to five” is not a window.", "Write one such as 09:00-17:30.")],
    ),
]


@pytest.mark.parametrize("text, said", [pytest.param(text, said, id=name) for name, text, said in BROKEN])
def test_what_is_said_about_a_time_that_means_nothing(text: str, said: list[Row]) -> None:
    assert rows_of(examine(text).problems) == said
