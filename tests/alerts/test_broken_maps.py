"""A map with a mistake is refused at its line, before an alert needs it."""

import pytest
from tests.alerts.maps import GROUPS

from respondby.alerts.loading import load_map


@pytest.mark.parametrize(
    "change, line, message",
    [
        (("key: $.payload.group", "key: payload.group"), 5, "“payload.group” is not a JSONPath (RFC 9535)"),
        (("key: $.payload.group", "key: $.group"), 5, "This path finds nothing."),
        (("link: $.alert.link", "link: $.alert.link["), 11, "is not a JSONPath (RFC 9535)"),
        (("resolved: [good]", "resolved: [bad]"), 7, "`bad` is listed twice."),
        (("ignored: [odd]", "ignored: [good]"), 7, "`good` is listed twice."),
        (("zone: Europe/Brussels", "zone: Mars/Phobos"), 10, "“Mars/Phobos” is not an IANA time zone"),
        (("as: iso", "as: minutes"), 10, "`minutes` is not possible here."),
        (("'{\"group\"", "'{group"), 15, "This is not JSON"),
        (("state: firing,", "state: resolved,"), 14, "`state` is read as “firing”, the example says “resolved”"),
        (("09:00:00Z", "10:00:00Z"), 14, "`at` is read as “2026-11-02T09:00:00Z”, the example says “2026-11-02T10:00"),
        (("each: $.payload.alerts[*]", "each: $.payload.alarms[*]"), 14, "`$.payload.alarms[*]` finds no alert"),
        (("key: $.payload.group", "key: $.payload.alerts"), 14, "it has no key: `$.payload.alerts` finds no text"),
        (("path: $.alert.state", "path: $.alert.status"), 14, "it has no state: `$.alert.status` finds no text"),
        (('"state": "bad"', '"state": "worse"'), 14, "its state “worse” is not in the map; known are `bad`, `seen`"),
        (('"at": "2026-11-02T10:00"', '"at": "yesterday"'), 14, "its time is not read (“yesterday” is not a time"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_map_is_told_with_its_line(change, line, message):
    assert change[0] in GROUPS

    alert_map, problems = load_map(GROUPS.replace(*change, 1), file="map.yml")

    assert alert_map is None
    assert [(problem.path, problem.line) for problem in problems] == [("map.yml", line)]
    assert message in problems[0].message


@pytest.mark.parametrize(
    "text, message",
    [
        (GROUPS[: GROUPS.index("examples:")] + "examples: []\n", "A map needs at least one example."),
        (GROUPS.replace("summary: $.alert.what\n", ""), "`summary` is missing here."),
        (GROUPS.replace("cut:", "cutt:"), "cutt"),
    ],
)
def test_a_map_that_lacks_something_is_told_what(text, message):
    alert_map, problems = load_map(text, file="map.yml")

    assert alert_map is None
    assert message in problems[0].message


@pytest.mark.parametrize(
    "change, line, message",
    [
        (("summary: $.alert.what", "summary: $.alert.text"), 8, "This path finds nothing in any example."),
        (("link: $.alert.link", "link: $.payload.alerts"), 11, "This path finds a list, and a text is meant."),
        (("link: $.alert.link", "link: $.payload['alerts'][0]"), 11, "This path finds an object, and a text is meant."),
        (("cut: $.payload.missing", "cut: $.payload.truncated"), 6, "This path finds nothing in any example."),
        (("summary: $.alert.what", "summary: [$.alert.t, $.alert.what]"), 8, "This path finds nothing in any example."),
    ],
)  # fmt: skip
def test_whoever_reviews_a_map_is_told_of_each_path_that_no_example_shows_at_work(change, line, message):
    assert change[0] in GROUPS
    text = GROUPS.replace(*change, 1)

    [problem] = load_map(text, file="map.yml", strict=True)[1]

    assert (problem.path, problem.line, problem.message) == ("map.yml", line, message)
    assert load_map(text, file="map.yml")[0] is not None, "at night, what can be read of an alert is read"
