"""Every map that comes with the package reads what its examples say, and says what its source needs."""

from importlib.resources import files

import pytest

from respondby import data
from respondby.alerts.loading import load_map
from respondby.alerts.model import Alert
from respondby.alerts.reading import read_alerts
from respondby.alerts.shipped import NoSuchSource, shipped, sources

NOON = 1_793_620_800  # 2026-11-02T12:00Z


@pytest.mark.parametrize("source", sources())
def test_a_shipped_map_reads_its_examples_as_they_say(source):
    alert_map = shipped(source)

    text = (files("respondby.alerts") / "sources" / f"{source}.yml").read_text(encoding="utf-8")
    assert load_map(text, file=source, strict=True)[1] == []
    assert alert_map.source == source, "the file is named for its source"


@pytest.mark.parametrize("source", sorted(set(sources()) - {"opsgenie", "sentry"}))
def test_a_shipped_map_has_an_example_that_fires_with_summary_and_its_own_time(source):
    alerts = [alert for example in shipped(source).examples for alert in read(source, example.payload).alerts]

    firing = [alert for alert in alerts if alert.state == "firing"]
    assert firing
    assert all(alert.summary and alert.at != NOON for alert in firing)


@pytest.mark.parametrize("source", sources())
def test_what_a_relay_wraps_in_body_is_read_as_if_it_stood_alone(source):
    for example in shipped(source).examples:
        assert read(source, {"body": example.payload}) == read(source, example.payload)


def test_a_source_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(NoSuchSource, match=r"“prometheus”; there are alertmanager, better-stack"):
        shipped("prometheus")


def test_a_group_of_alertmanager_is_read_alert_by_alert_whatever_its_own_status_says():
    payload = {
        "status": "resolved",
        "truncatedAlerts": 1,
        "alerts": [item("resolved", "a", "2026-11-02T04:00:00Z"), item("firing", "b", "0001-01-01T00:00:00Z")],
    }

    states = [(alert.key, alert.state) for alert in read("alertmanager", payload).alerts]

    assert states == [("a", "resolved"), ("b", "firing")]


def test_the_year_one_is_no_time_and_is_said():
    payload = {"alerts": [{"status": "firing", "fingerprint": "a", "startsAt": "0001-01-01T00:00:00Z"}]}

    reading = read("alertmanager", payload)

    assert reading.alerts == (Alert("alertmanager", "a", "a", "firing", NOON, "a", timed=False),)
    assert [remark.partition(";")[0] for remark in reading.remarks] == [
        "alert 1 of 1: its time “0001-01-01T00:00:00Z” cannot be"
    ]


def item(status, fingerprint, ends):
    return {"status": status, "fingerprint": fingerprint, "startsAt": "2026-11-02T03:00:00Z", "endsAt": ends}


def read(source, payload):
    return read_alerts(shipped(source), payload, NOON)


def test_the_page_about_alerts_has_a_row_for_each_shipped_map_and_its_own_example_is_right():
    page = data.text("docs/alerts.md")
    rows = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5}

    assert rows - {"source"} == set(sources())
    alert_map, problems = load_map(
        "source:" + page.partition("```yaml\nsource:")[2].partition("```")[0], file="docs/alerts.md"
    )
    assert (problems, alert_map is not None) == ([], True)
