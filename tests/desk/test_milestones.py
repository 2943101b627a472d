"""Milestones: the earliest moment counts, a time that is said counts instead, and what stood before is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.promises.stories import HEAD, Story, shown, story_of, when

from respondby.alerts.model import Alert
from respondby.desk.alerts import keep_alert
from respondby.desk.milestones import milestones
from respondby.policy.loading.loader import load
from respondby.policy.text.problems import PolicyError

WORDS = """
  /started: { by: staff, takes: { at: time } }
  /mitigated: { by: staff, takes: { what: optional text } }
"""
POLICY = HEAD.replace("  /wait:", f"{WORDS}  /wait:").replace(
    "/resolved: { by: staff,", "/resolved: { by: staff, takes: { at: optional time },"
)
INCIDENTS = "\nincidents: { when: { priority: high } }\n"
BEGINS = '10:00 carla opens "Nothing works"\n10:01 bob labels priority/high\n'


def happened(story: str, *, incidents: str = INCIDENTS) -> Story:
    """An incident, and what happens after its opening."""
    return story_of("  answer: { start: opened, stop: /ack, target: 1h }", BEGINS + story, head=POLICY + incidents)


def reached(case: Story) -> dict[str, str]:
    """Each milestone's time; with an asterisk where it was corrected."""
    found = milestones(case.policy, case.history)
    return {one.name: f"{shown(one.at)}{'*' if one.corrected else ''}" for one in found}


def refused(case: Story) -> list[str]:
    """Why commands were refused, by their codes."""
    return [said.why.code for said in case.history.commands if said.why is not None]


NOON = {"resolved": "12:00"}
START = {"started": "10:00", "detected": "10:00"}


@pytest.mark.parametrize(
    "story, found",
    [
        ("", {}),
        ('10:05 bob says "/ack"', {"acknowledged": "10:05"}),
        ('10:05 carla says "Hello?"\n10:07 bob says "We look"', {"acknowledged": "10:07"}),
        ("10:05 ann assigns bob", {"acknowledged": "10:05"}),
        ("10:05 desk assigns bob", {}),
        ('11:00 bob says "/mitigated"\n11:30 bob says "/resolved"', {"mitigated": "11:00", "resolved": "11:30"}),
        ('11:00 bob says "/resolved"\n11:00 ann says "/resolved"', {"resolved": "11:00"}),
        ('11:00 bob says "/resolved"\n12:00 ann says "/resolved"', {"resolved": "11:00"}),
        ('11:30 bob says "/mitigated 10:50"', {"mitigated": "10:50"}),
        ('11:30 bob says "/mitigated 10:50 we went back"', {"mitigated": "10:50"}),
        ('11:30 bob says "/mitigated"\n12:00 bob says "/mitigated 10:50"', {"mitigated": "10:50*"}),
        ('11:30 bob says "/mitigated 10:50"\n13:00 ann says "/mitigated 10:55"', {"mitigated": "10:55*"}),
        ('10:00 bob says "/resolved 2026-03-02T09:00\\n/started 2026-03-02T12:00"', {}),  # when it was no incident yet
        ('11:30 bob says "/resolved 10:50"\n12:00 bob says "/resolved"', {"resolved": "10:50"}),
        ('11:30 bob says "/resolved 2026-03-02T10:50"', {"resolved": "10:50"}),
        ('11:30 bob says "/resolved 2026-03-02T10:50:00Z"\n12:00 bob says "Done"', {}),
        ('11:30 bob says "/mitigated 9:30"', {"mitigated": "09:30"}),
        ('11:30 bob says "/started 2026-03-02T08:00"', {"started": "08:00*"}),
        ('tue 00:10 bob says "/mitigated 23:50"', {"mitigated": "23:50"}),
        ('11:00 bob says "/resolved"\n11:04 bob closes\n11:05 carla reopens', {}),
        ('11:00 bob says "/resolved 10:40"\n11:04 bob closes\n11:05 ann reopens', {}),
        ('11:00 bob says "/resolved"\n11:04 ann closes\n11:05 ann reopens\n12:00 bob says "/resolved"', NOON),
        ("10:30 bob unlabels priority/high\n10:40 bob labels priority/high", {}),
        ("11:00 bob closes", {"resolved": "11:00"}),
        ('10:50 bob says "/resolved 10:30"\n11:00 bob closes', {"resolved": "10:30"}),
        ("11:00 bob closes\n11:05 ann reopens", {}),
        # Within one second the forge's order says which was the last word.
        ("11:00 bob closes\n11:00 ann reopens", {}),
        ('11:00 bob says "/mitigated\\n/resolved"\n11:00 bob closes\n11:00 ann reopens', {}),
        ('11:00 bob says "/resolved 10:40"\n11:00 bob closes\n11:00 ann reopens', {}),
        ('12:00 bob closes\n12:00 ann reopens\n12:00 bob says "/resolved"', NOON),
        ("12:00 bob closes\n12:00 ann reopens\n12:00 bob closes", NOON),
        ("11:00 bob closes\n12:00 ann reopens\n12:00 bob closes", NOON),
        ('11:00 bob closes\n12:00 bob says "/resolved"\n12:00 ann reopens', {}),
        ('12:00 bob closes\n12:00 ann says "/resolved 10:50"', {"resolved": "10:50*"}),
        ('12:00 ann says "/resolved 10:50"\n12:00 bob closes', {"resolved": "10:50"}),
        ('11:00 bob says "/close false-alarm: a test"', {}),
        ('11:00 bob says "/close"', {"resolved": "11:00"}),
    ],
)  # fmt: skip
def test_when_each_is_reached(story: str, found: dict[str, str]) -> None:
    wanted = START | found
    got = reached(happened(story))
    if "acknowledged" not in wanted:
        got.pop("acknowledged", None)
    assert got == wanted


@pytest.mark.parametrize(
    "said, why",
    [
        ("/resolved 09:30", ["resolved-first"]),
        ("/resolved 10:00", []),  # in the second in which it started
        ("/resolved 11:30", []),  # as it is said
        ("/started 2026-03-02T09:00\\n/resolved 09:30", []),
        ("/resolved 11:00\\n/started 11:15", ["resolved-first"]),
        ("/resolved 2026-03-02T12:00", ["milestone-ahead"]),
        ("/mitigated 2026-03-02T12:00", ["milestone-ahead"]),
        ("/resolved soon", ["argument-unread"]),
        ("/resolved 25:99", ["argument-unread"]),
        ("/resolved 0001-01-01T00:00", ["time-outside"]),
        ("/resolved 0001-01-02T00:00", ["resolved-first"]),
        ("/mitigated 25:99", []),  # it is what was done
        ("/mitigated 09:30", []),  # mended before it was known
    ],
)
def test_which_times_are_refused(said: str, why: list[str]) -> None:
    assert refused(happened(f'11:30 bob says "{said}"')) == why


def test_a_customer_sets_no_milestone() -> None:
    case = happened('11:00 carla says "/resolved"\n11:01 carla says "/mitigated 10:30"')
    assert refused(case) == ["not-yours", "not-yours"]
    assert reached(case) == START


def test_who_said_what_is_kept_in_order() -> None:
    case = happened('11:30 bob says "/mitigated"\n12:00 bob says "/mitigated 10:50"\n13:00 ann says "/mitigated 10:55"')
    [one] = [one for one in milestones(case.policy, case.history) if one.name == "mitigated"]
    assert [(told.by.login if told.by else "", shown(told.at), shown(told.said)) for told in one.times] == [
        ("bob", "11:30", "11:30"),
        ("bob", "10:50", "12:00"),
        ("ann", "10:55", "13:00"),
    ]


def alert(state: str, at: str) -> Alert:
    """The incident's alert at that time."""
    return Alert("", "", "a", state, when(at))  # type: ignore[arg-type]


def with_alerts(story: str, *alerts: Alert) -> Story:
    """The same incident with these alerts on its card."""
    case = happened(story)
    return case.with_ledger(kept=[keep_alert(str(n), one, case.case.created) for n, one in enumerate(alerts)])


@pytest.mark.parametrize(
    "alerts, found",
    [
        ([("firing", "09:50")], {"started": "09:50"}),
        ([("firing", "09:50"), ("resolved", "09:55")], {"started": "09:50", "mitigated": "09:55"}),
        ([("firing", "09:50"), ("acknowledged", "09:52")], {"started": "09:50", "acknowledged": "09:52"}),
        ([("firing", "09:50"), ("resolved", "09:55"), ("firing", "10:20")], {"started": "09:50"}),
        (
            [("firing", "09:50"), ("resolved", "09:55"), ("firing", "10:20"), ("resolved", "10:30")],
            {"started": "09:50", "mitigated": "10:30"},
        ),
        # In one second what was firing is resolved first, and then fires again.
        ([("firing", "09:50"), ("resolved", "10:20"), ("firing", "10:20")], {"started": "09:50"}),
    ],
)  # fmt: skip
def test_an_alerts_moments_have_its_own_times(alerts: list[tuple[str, str]], found: dict[str, str]) -> None:
    case = with_alerts("", *(alert(*one) for one in alerts))
    assert reached(case) == START | found
    turned = with_alerts("", *(alert(*one) for one in reversed(alerts)))
    assert reached(turned) == reached(case)


def test_a_resolution_before_the_alert_fired_again_is_none() -> None:
    alerts = [alert("firing", "09:50"), alert("resolved", "10:10"), alert("firing", "10:40")]
    assert "resolved" not in reached(with_alerts('10:30 bob says "/resolved"', *alerts))
    assert reached(with_alerts('10:50 bob says "/resolved"', *alerts))["resolved"] == "10:50"
    assert "resolved" not in reached(with_alerts('10:40 bob says "/resolved"', *alerts))


def test_what_is_no_incident_has_a_time_in_no_command() -> None:
    case = happened("", incidents="")
    assert milestones(case.policy, case.history) == ()
    case = happened('10:30 bob unlabels priority/high\n11:30 bob says "/resolved 10:50"')
    assert refused(case) == ["argument-unread"]


def test_a_policy_names_its_own_moments() -> None:
    moments = "{ resolved: state = resolved, acknowledged: [comment by lead] }"
    own = f"\nincidents: {{ when: {{ priority: high }}, milestones: {moments} }}\n"
    case = happened('10:05 bob says "Hello"\n10:10 tess says "Hello"\n10:20 bob labels state/resolved', incidents=own)
    assert reached(case) == START | {"acknowledged": "10:10", "resolved": "10:20"}


@pytest.mark.parametrize(
    "moments, says",
    [
        ("{ resolved: answer stops }", "`answer stops` cannot be a milestone's moment."),
        ("{ resolved: waiting }", "`waiting` cannot be a milestone's moment."),
        ("{ resolved: alert sleeps }", "This is not a moment."),
        ("{ ended: /resolved }", "ended"),
        ("{ resolved: /nothing }", "/nothing"),
    ],
)
def test_moments_that_cannot_be_are_refused(moments: str, says: str) -> None:
    clocks = "clocks: { answer: { start: opened, stop: /ack, target: 1h } }"
    with pytest.raises(PolicyError) as error:
        load(f"{POLICY}\n{clocks}\nincidents: {{ when: {{ priority: high }}, milestones: {moments} }}\n")
    assert says in str(error.value)


MINUTES = st.lists(
    st.tuples(
        st.integers(0, 59), st.sampled_from(["/started", "/mitigated", "/resolved", "/ack"]),
        st.one_of(st.none(), st.integers(-60, 90)),
    ),
    max_size=7,
)  # fmt: skip


@given(MINUTES)
def test_nothing_is_resolved_before_it_started_and_nothing_lies_ahead(
    said: list[tuple[int, str, int | None]],
) -> None:
    """A law: whatever is said in whatever order, and whichever of it is refused."""
    lines = []
    for minute, word, back in sorted(said, key=lambda one: one[0]):
        hour, rest = divmod(600 + minute + 2 - (back or 0), 60)
        time = f" 2026-03-02T{hour:02}:{rest:02}" if back is not None or word == "/started" else ""
        lines.append(f'10:{minute:02} bob says "{word}{time}"')
    case = happened("\n".join(lines))
    found = {one.name: one for one in milestones(case.policy, case.history)}
    last = max(moment.at for moment in case.case.moments)
    assert all(one.at <= last for one in found.values())
    if "resolved" in found:
        assert found["resolved"].at >= found["started"].at
