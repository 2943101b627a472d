"""What a payload may hold, and what becomes of it: an alert, nothing on purpose, or a word that says why not."""

import json

import pytest
from tests.alerts.maps import GROUPS, NOON, bad, group, load, read

from respondby.alerts.reading import LONGEST_KEY, MOST_ALERTS, UNNAMED

NAMED = slice(None, -1)  # without what stands for alerts that the payload left out


def test_an_alert_has_key_id_summary_level_time_link_and_parts():
    alert = read(group(bad(level=2, link="https://x.example/1", service="shop"))).alerts[0]

    assert (alert.key, alert.id, alert.state, alert.summary) == ("g", "a", "firing", "It burns")
    assert (alert.level, alert.link, alert.parts) == ("high", "https://x.example/1", {"service": "shop"})
    assert alert.at == NOON - 3 * 3600, "10:00 in Brussels"


@pytest.mark.parametrize(
    "value, key",
    [
        ("a\nb\t c", "a b c"),
        ("{{ secrets.KEY }} --> <b>", "{{ secrets.KEY }} --> <b>"),
        ("mail \ud83d", "mail \ufffd"),  # an emoji that was cut in two
        ("\x1b[31mred\x00", "\ufffd[31mred\ufffd"),
        (17, "17"),
        (True, "true"),
    ],
)
def test_a_key_is_one_line_of_text_whatever_it_holds(value, key):
    assert read(group(bad(), name=value)).alerts[0].key == key


def test_a_key_of_five_thousand_characters_keeps_its_beginning_and_stays_told_apart():
    first, second = (read(group(bad(), name="k" * 1_999 + end)).alerts[0].key for end in ("a", "b"))

    assert len(first) == len(second) == LONGEST_KEY
    assert first != second
    assert first.startswith("k" * 150)
    assert len(read(group(bad(), name="k" * 5_000)).alerts[0].key) == LONGEST_KEY


@pytest.mark.parametrize("name", [None, "", "  ", [], {}, ["x"]])
def test_an_alert_without_a_key_is_told_and_those_beside_it_are_read(name):
    reading = read(group(bad(), name=name))

    assert reading.alerts == ()
    assert reading.problems == ("alert 1 of 1: it has no key: `$.payload.group` finds no text",)


def test_a_state_that_the_map_does_not_know_is_told_and_those_beside_it_are_read():
    reading = read(group(bad(), bad(id="b", state="purple"), bad(id="c", state="odd")))

    assert [alert.id for alert in reading.alerts[NAMED]] == ["a"]
    assert reading.ignored == 1
    assert reading.problems == (
        "alert 2 of 3: its state “purple” is not in the map; known are `bad`, `seen`, `good`, `odd`",
    )


@pytest.mark.parametrize(
    "at",
    ["2099-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T24:00:00", "soon", "-5"],
)
def test_a_time_that_cannot_be_counts_from_the_receipt_and_is_said(at):
    reading = read(group(bad(at=at)))

    assert reading.alerts[0].at == NOON
    assert len(reading.remarks) == 1
    assert "it counts from when it was received, Mon 2 Nov 2026, 12:00 (UTC)" in reading.remarks[0]


def test_a_clock_that_is_fast_by_minutes_makes_nothing_happen_in_the_future():
    reading = read(group(bad(at="2026-11-02T13:05:00+01:00")))

    assert (reading.alerts[0].at, reading.remarks) == (NOON, ())


@pytest.mark.parametrize(
    "form, value",
    [
        ("seconds", 1_793_610_000),
        ("seconds", "1793610000"),
        ("seconds", 1_793_610_000.75),
        ("milliseconds", 1_793_610_000_123),
        ("nanoseconds", 1_793_610_000_123_456_789),
        ("nanoseconds", "1793610000123456789"),
    ],
)
def test_a_count_since_1970_is_a_time(form, value):
    assert read(group(bad(at=value)), counted(form)).alerts[0].at == 1_793_610_000


def counted(form: str) -> str:
    """The map with a time that counts since 1970."""
    number = {"seconds": 1, "milliseconds": 1_000, "nanoseconds": 1_000_000_000}[form] * 1_793_610_000
    return GROUPS.replace("as: iso", f"as: {form}").replace('"2026-11-02T10:00"', str(number))


@pytest.mark.parametrize(
    "payload, problem",
    [
        ({}, "`$.payload.alerts[*]` finds no alert in the payload"),
        ([], "`$.payload.alerts[*]` finds no alert in the payload"),
        (None, "`$.payload.alerts[*]` finds no alert in the payload"),
        ("text", "`$.payload.alerts[*]` finds no alert in the payload"),
        ({"alerts": "text"}, "`$.payload.alerts[*]` finds no alert in the payload"),
    ],
)
def test_a_payload_of_another_shape_is_told(payload, problem):
    assert read(payload).problems == (problem,)


def test_more_alerts_than_any_payload_holds_are_refused_whole():
    reading = read(group(*(bad(id=str(place)) for place in range(MOST_ALERTS))))

    assert reading.alerts == ()
    assert reading.problems == (f"the payload holds {MOST_ALERTS} alerts or more; send them in several",)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x.example/a b", "file:///etc/passwd", "", None, []])
def test_a_link_that_is_no_address_of_the_web_leads_nowhere(link):
    assert read(group(bad(link=link))).alerts[0].link == ""


def test_a_level_that_is_not_listed_keeps_its_own_word():
    assert [read(group(bad(level=level))).alerts[0].level for level in (1, 3, None)] == ["low", "3", ""]


def test_a_group_that_leaves_alerts_out_is_not_over_until_one_comes_that_leaves_none_out():
    first = read(group(bad(state="good"), missing=2)).alerts[-1]
    second = read(group(bad(state="good"), missing=0)).alerts[-1]

    assert (first.id, first.state) == (UNNAMED, "firing")
    assert (second.id, second.state) == (UNNAMED, "resolved")


TEXT_INSIDE = """\
source: wrapped
about: A payload inside a text
json: $.payload.Message
key: $.payload.name
state: { path: $.payload.state, firing: [bad] }
summary: $.payload.name
examples:
  - says: one
    payload: '{"Message": "{\\"name\\": \\"n\\", \\"state\\": \\"bad\\"}"}'
    alerts: [{ key: n, state: firing }]
"""


@pytest.mark.parametrize(
    "message, problem",
    [
        ("not json", "`$.payload.Message` holds no JSON: “not json”"),
        ("[" * 100_000, "`$.payload.Message` holds no JSON: “" + "[" * 60 + "”"),
    ],
)
def test_a_text_that_should_hold_json_and_does_not_is_told(message, problem):
    assert load(TEXT_INSIDE).source == "wrapped"
    assert read({"Message": message}, TEXT_INSIDE).problems == (problem,)


def test_what_is_read_from_a_payload_is_what_is_read_from_it_again():
    payload = group(bad(), bad(id="b", state="seen"))

    assert read(payload) == read(json.loads(json.dumps(payload)))


def test_an_alert_without_a_state_is_what_the_map_says_of_it():
    text = GROUPS.replace("ignored: [odd]", "ignored: [odd], otherwise: firing")

    assert [alert.state for alert in read(group(bad(state=None)), text).alerts[NAMED]] == ["firing"]
    assert read(group(bad(state=None))).problems[0].startswith("alert 1 of 1: it has no state")
