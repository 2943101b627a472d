"""Every system that a map is shipped for: its examples land as one incident a key, which says what the alert said."""

from __future__ import annotations

import pytest
from tests.jobs.desk import Repository
from tests.jobs.test_alerts_received import dispatched, incidents

from respondby.alerts.model import Alert
from respondby.alerts.reading import read_alerts
from respondby.alerts.shipped import shipped, sources
from respondby.calendars.instants import iso
from respondby.desk.gate import is_incident
from respondby.desk.milestones import milestones
from respondby.desk.reading import read
from respondby.forge.gathering import gather_open
from respondby.jobs.runs import sweep
from respondby.policy.loading.loader import load
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
channels: { pager: { console: LOG } }
fields: { type: { label: type/ } }
forms:
  incident:
    name: Incident
    about: Broken.
    ask: { key: Key, what: "What?", level: { ask: Level, optional: true }, where: { ask: "Where?", optional: true } }
clocks: { answer: { start: opened, stop: comment by staff, target: 15m } }
incidents:
  when: { type: incident }
  alerts:
    { dispatch: alert, source: SOURCE, form: incident, answers: { key: key, what: summary, level: level, where: link } }
"""
#: When the examples are received: later than every time in them.
NOW = "2026-11-02T12:00:00Z"


def first_of(alerts: list[Alert]) -> dict[str, Alert]:
    """Of each key the alert that opens its incident: the first by its own time that fires."""
    found: dict[str, Alert] = {}
    for alert in sorted(alerts, key=lambda alert: alert.at):
        if alert.state != "resolved":
            found.setdefault(alert.key, alert)
    return found


@pytest.mark.parametrize("source", sources())
def test_its_examples_are_one_incident_a_key_with_summary_level_start_and_link(sandbox: Sandbox, source: str) -> None:
    text = POLICY.replace("SOURCE", source)
    desk = Repository.make(sandbox, text)
    desk.at(NOW)
    examples = shipped(source).examples
    for number, example in enumerate((*examples, *examples)):  # each is delivered twice
        assert dispatched(desk, "alert", example.payload, str(number)).failed == []
    assert sweep(desk.desk()).performed == 0

    told = [read_alerts(shipped(source), example.payload, 4_000_000_000) for example in examples]
    wanted = first_of([alert for reading in told for alert in reading.alerts])
    assert len(incidents(desk)) == len(wanted) > 0
    policy = load(text)
    for case in gather_open(desk.desk().client, identify=desk.desk().identify).cases:
        if case.mark is None or case.mark.kind != "incident":
            continue
        history = read(policy, case)
        alert = wanted[case.mark.facts["key"]]
        assert case.title == alert.summary
        answers = {name: (said or "") for name, said in history.answers.items()}
        assert answers["key"] == alert.key
        assert answers["level"] == alert.level
        assert str(answers["where"]).replace("\u200b", "") == alert.link
        assert is_incident(policy, history.state, case.created)
        started = next(one.at for one in milestones(policy, history) if one.name == "started")
        assert iso(started) == (iso(alert.at) if alert.timed else NOW)
