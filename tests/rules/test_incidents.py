"""Which alerts open an incident, which belong to one that is there, and what its card keeps of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from tests.promises.stories import HEAD

from respondby.alerts.model import Alert
from respondby.desk.case import Actor, Case, Mark, Moment, OwnComment
from respondby.desk.log import Entry, Log
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.rules.incidents import (
    IncidentIssue,
    IncidentPlan,
    alert_entry,
    alert_of,
    decide_incidents,
    fields_of,
    issue_of_incident,
    labels_of,
    opened_entry,
    part_of,
    repeats,
    source_name,
    states_of,
    unread_entry,
)

FORMS = """forms:
  incident: { name: Incident, about: It burns., ask: { what: What?, where: { ask: Where?, optional: true } } }
commands:
"""
INCIDENTS = """
incidents:
  when: { type: incident }
  reopen-within: 10m
  alerts:
    - dispatch: pager
      source: alertmanager
      form: incident
      answers: { what: summary, where: link }
      set: { priority: { from: level, values: { critical: high, warning: low } }, state: level }
"""
SOURCE = "alertmanager"
CREATED = 10_000


@cache
def policy() -> Policy:
    text = HEAD.replace("commands:\n", FORMS) + INCIDENTS
    return load(f"{text}\nclocks:\n  fix: {{ start: opened, stop: closed, target: 4h }}\n")


def alert(state: str, at: int, key: str = "disk", id: str = "a", **more: str) -> Alert:
    return Alert(SOURCE, key, id, state, at, **more)  # type: ignore[arg-type]


def log(*alerts: Alert) -> Log:
    return Log(alert_entry(one, "bot") for one in alerts)


def issue(number: int, at: int, key: str = "disk", *moments: Moment, open: bool = True, source: str = SOURCE) -> Case:
    mark = Mark("incident", {"source": source, "key": key, "at": str(at)})
    return Case(
        "acme/desk", number, f"I_{number}", "", "", Actor("desk[bot]", bot=True), CREATED, open, frozenset(), (),
        moments=moments, mark=mark,
    )  # fmt: skip


def plan(received: Log, *cases: Case) -> IncidentPlan:
    return decide_incidents(policy(), received, cases)


def opened(found: IncidentPlan) -> list[tuple[str, int, int | None]]:
    """What is to be opened: the key, the instant of the alert that fills in the form, the issue before."""
    return [(one.first.key, one.first.at, one.before.case.number if one.before else None) for one in found.open]


FIRES, OVER, AGAIN = alert("firing", 100), alert("resolved", 200), alert("firing", 500)
LATER = alert("firing", 2_000)


@pytest.mark.parametrize(
    "received, cases, wanted",
    [
        ((), (), []),
        ((FIRES,), (), [("disk", 100, None)]),
        ((OVER,), (), []),
        # Over before anybody looked, it is opened all the same; soon again it is the same, later it is another.
        ((FIRES, OVER), (), [("disk", 100, None)]),
        ((FIRES, OVER, AGAIN), (), [("disk", 100, None)]),
        ((FIRES, OVER, LATER), (), [("disk", 100, None), ("disk", 2_000, None)]),
        ((FIRES, alert("firing", 100, "cpu")), (), [("cpu", 100, None), ("disk", 100, None)]),
        # What has an issue has it: by the time of any of its alerts.
        ((FIRES,), (issue(7, 100),), []),
        ((FIRES, OVER, AGAIN), (issue(7, 500),), []),
        ((FIRES, OVER, LATER), (issue(7, 100),), [("disk", 2_000, 7)]),
        ((FIRES, OVER, LATER), (issue(6, 50), issue(7, 100)), [("disk", 2_000, 7)]),
        ((FIRES, OVER, LATER), (issue(7, 2_000),), [("disk", 100, None)]),
        ((FIRES, OVER), (issue(7, 200),), []),
        ((FIRES, OVER), (issue(7, 201),), [("disk", 100, None)]),
        ((FIRES,), (issue(7, 99),), [("disk", 100, 7)]),
        ((FIRES,), (issue(7, 100, "cpu"),), [("disk", 100, None)]),
        ((FIRES,), (issue(7, 100, source="nagios"),), [("disk", 100, None)]),
        # The first that fires fills in the form; of one instant the one that says the most.
        ((alert("firing", 100, id="b", parts={"host": "db"}), FIRES), (), [("disk", 100, None)]),
    ],
)  # fmt: skip
def test_each_incident_of_a_key_is_one_issue(
    received: tuple[Alert, ...], cases: tuple[Case, ...], wanted: list[tuple[str, int, int | None]]
) -> None:
    assert opened(plan(log(*received), *cases)) == wanted


def test_of_alerts_of_one_instant_the_one_that_says_the_most_fills_in_the_form() -> None:
    more = alert("firing", 100, id="b", parts={"host": "db", "disk": "sda"})
    for received in (log(FIRES, more, OVER), log(more, FIRES)):
        [one] = plan(received).open
        assert one.first.id == "b"
    [one] = plan(log(alert("firing", 90), more)).open
    assert one.first.at == 90


def test_what_was_opened_is_remembered_when_its_issue_is_out_of_sight() -> None:
    found = plan(log(FIRES), issue(7, 100))
    entry = opened_entry(IncidentIssue(issue(7, 100), SOURCE, "disk", 100))
    assert found.remember == (entry,)
    assert (entry.at, entry.facts) == (100, {"key": "disk", "number": "7"})
    remembered = log(FIRES, OVER).with_entries([entry])
    assert plan(remembered, issue(7, 100)).remember == ()
    assert plan(remembered) == IncidentPlan()
    assert opened(plan(remembered.with_entries([alert_entry(LATER, "")]))) == [("disk", 2_000, None)]
    assert opened(plan(log(alert("firing", 100, "cpu")).with_entries([entry]))) == [("cpu", 100, None)]


SAID = Moment(CREATED, "comment", Actor("bob"), "IC_1")
OURS = Moment(CREATED, "comment", Actor("desk[bot]", bot=True), "IC_1", ours=True)
BEGUN = Moment(CREATED, "opened", Actor("desk[bot]", bot=True), "I_1")


@pytest.mark.parametrize(
    "younger, twins",
    [
        (issue(9, 100), ((9, 7),)),
        (issue(9, 100, "disk", BEGUN, OURS), ((9, 7),)),
        (issue(9, 100, "disk", BEGUN, SAID), ()),  # people have done something there
        (issue(9, 100, open=False), ()),
        (issue(9, 150), ()),  # another alert opened it
        (issue(9, 100, "cpu"), ()),
    ],
)
def test_of_two_that_were_opened_at_once_the_younger_is_a_twin(
    younger: Case, twins: tuple[tuple[int, int], ...]
) -> None:
    assert plan(log(FIRES), younger, issue(7, 100)).twins == twins


CLOSED = Moment(CREATED, "closed", Actor("desk[bot]", bot=True), "E_1", ours=True)
CLOSED_BY_BOB = Moment(CREATED, "closed", Actor("bob"), "E_1")


@pytest.mark.parametrize(
    "younger, closed_twins",
    [
        (issue(9, 100, "disk", BEGUN, CLOSED, open=False), {9}),
        (issue(9, 100, "disk", BEGUN), set()),
        (issue(9, 100, "disk", BEGUN, CLOSED_BY_BOB, open=False), set()),
        (issue(9, 150, "disk", BEGUN, CLOSED, open=False), set()),
    ],
)
def test_a_twin_that_a_run_has_closed_is_known_as_one_and_stays_closed(younger: Case, closed_twins: set[int]) -> None:
    found = plan(log(FIRES), younger, issue(7, 100))
    assert (found.closed_twins, found.memory.keys() & closed_twins) == (closed_twins, set())
    assert found.twins == (() if not younger.open else ((9, 7),))


def test_a_card_keeps_its_alerts_and_the_fields_that_its_first_one_sets() -> None:
    first = alert("firing", 100, level="critical")
    received = log(first, alert("firing", 300, id="b", level="warning"), alert("firing", 100, "cpu"))
    memory = plan(received, issue(7, 100)).memory
    assert list(memory) == [7]
    kept = {(one.kind, one.name, one.value, one.at) for one in memory[7].kept.values()}
    assert kept == {
        ("alert", "firing", '["a",100]', CREATED),
        ("alert", "firing", '["b",300]', CREATED),
        ("field", "priority", "high", CREATED),
    }
    known = replace(issue(7, 100), own=(OwnComment(1, "IC_card", CREATED, "card", memory[7]),))
    assert plan(received, known).memory == {}


@pytest.mark.parametrize(
    "level, fields",
    [
        ("critical", {"priority": "high"}),
        ("CRITICAL", {"priority": "high"}),
        ("warning", {"priority": "low"}),
        ("high", {}),  # the policy says which of theirs is which of ours
        ("Resolved", {"state": "resolved"}),
        ("hold", {"state": "hold"}),
        ("On hold", {"state": "hold"}),
        ("", {}),
    ],
)
def test_a_field_is_set_by_the_values_id_or_name(level: str, fields: dict[str, str]) -> None:
    [alerts] = policy().incidents.alerts  # type: ignore[union-attr]
    assert fields_of(policy(), alerts, alert("firing", 100, level=level)) == fields
    [opening] = plan(log(alert("firing", 100, level=level))).open
    labels = [f"{name}/{value}" for name, value in fields.items()]
    assert labels_of(policy(), opening) == ["type/incident", *labels]


@pytest.mark.parametrize(
    "name, part",
    [("summary", "Full"), ("level", "bad"), ("link", "https://x"), ("key", "disk"), ("source", SOURCE), ("id", "a"),
     ("at", "1970-01-01T00:01:40Z"), ("host", "db"), ("other", "")],
)  # fmt: skip
def test_a_part_of_an_alert_is_its_own_or_its_maps(name: str, part: str) -> None:
    given = alert("firing", 100, summary="Full", level="bad", link="https://x", parts={"host": "db"})
    assert part_of(given, name) == part
    assert part_of(replace(given, parts={name: "mapped"}), name) == "mapped"


def test_an_alert_is_read_from_the_log_as_it_was_written() -> None:
    given = alert("firing", 100, summary="Full", level="bad", link="https://x", parts={"host": "db"})
    entry = alert_entry(given, "bot")
    assert (entry.kind, entry.name, entry.at, entry.by) == ("alert", SOURCE, 100, "bot")
    assert alert_of(entry) == given
    assert alert_entry(replace(given, summary="x"), "other").id == entry.id, "a repeated delivery is one entry"
    assert (
        len(
            {
                alert_entry(one, "").id
                for one in (FIRES, OVER, AGAIN, alert("firing", 100, "cpu"), alert("firing", 100, id="b"))
            }
        )
        == 5
    )


@pytest.mark.parametrize(
    "facts, read",
    [
        ({"key": "disk", "state": "firing"}, alert("firing", 5, id="disk")),
        ({"key": "disk", "state": "burning"}, None),
        ({"key": "", "state": "firing"}, None),
        ({"state": "firing"}, None),
        ({}, None),
    ],
)
def test_what_is_no_alert_in_the_log_is_none(facts: dict[str, str], read: Alert | None) -> None:
    assert alert_of(Entry("alert", SOURCE, "1", 5, "", facts)) == read


def test_as_what_an_alert_was_told_last_and_what_says_nothing_new() -> None:
    received = log(FIRES, OVER, alert("acknowledged", 150, id="b"), alert("firing", 50, "cpu"))
    assert states_of(received, SOURCE) == {
        ("disk", "a"): "resolved",
        ("disk", "b"): "acknowledged",
        ("cpu", "a"): "firing",
    }
    assert states_of(received, "nagios") == {}
    told = [("firing", None), ("firing", "firing"), ("firing", "acknowledged"), ("firing", "resolved")]
    assert [repeats(stood, state) for state, stood in told] == [False, True, True, False]  # type: ignore[arg-type]
    assert [repeats("firing", state) for state in ("acknowledged", "resolved")] == [False, False]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "mark, read",
    [
        (Mark("incident", {"source": "s", "key": "k", "at": "5"}), ("s", "k", 5)),
        (Mark("incident", {"at": "5"}), ("", "", 5)),
        (Mark("incident", {"source": "s", "key": "k"}), None),
        (Mark("incident", {"at": "soon"}), None),
        (Mark("duty", {"source": "s", "key": "k", "at": "5"}), None),
        (None, None),
    ],
)
def test_an_incidents_issue_is_known_by_its_mark(mark: Mark | None, read: tuple[str, str, int] | None) -> None:
    found = issue_of_incident(replace(issue(7, 100), mark=mark))
    assert (None if found is None else (found.source, found.key, found.at)) == read


def test_a_source_is_named_by_itself_its_map_or_its_dispatch() -> None:
    [alerts] = policy().incidents.alerts  # type: ignore[union-attr]
    assert source_name(alerts) == "alertmanager"
    assert source_name(replace(alerts, source="", map=".github/own.yml")) == ".github/own.yml"
    assert source_name(replace(alerts, source="", map="")) == "pager"


def test_what_could_not_be_read_is_remembered_with_the_reason() -> None:
    entry = unread_entry(SOURCE, "run 1", 100, "bot", "no key")
    assert (entry.kind, entry.name, entry.by, entry.facts) == ("alert not read", SOURCE, "bot", {"why": "no key"})
    assert entry.id.startswith("run 1 ")
    assert len(entry.id) == len("run 1 ") + 12
