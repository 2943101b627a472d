"""Clocks that start and stop at an incident's milestones: by the times that were said of them last."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.promises.stories import HEAD, Story, shown, story_of

from respondby.alerts.model import Alert
from respondby.desk.alerts import keep_alert
from respondby.desk.milestones import milestones
from respondby.promises.assessment import Run
from respondby.promises.explaining import explanation

WORDS = """
  /started: { by: staff, takes: { at: optional time } }
  /detected: { by: staff, takes: { at: optional time } }
  /mitigated: { by: staff, takes: { at: optional time } }
"""
POLICY = (
    HEAD.replace("  /wait:", f"{WORDS}  /wait:")
    .replace("/resolved: { by: staff,", "/resolved: { by: staff, takes: { at: optional time },")
    + "\nincidents: { when: { priority: high } }\n"
)  # fmt: skip
BEGINS = '10:00 carla opens "Nothing works"\n10:00 bob labels priority/high\n'
REPAIR = "  repair: { start: detected, stop: mitigated, target: 1h, pause: waiting }"


def incident(story: str, clocks: str = REPAIR) -> Story:
    """An incident from ten o'clock on."""
    return story_of(clocks, BEGINS + story, head=POLICY)


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ("", "10:30", "repair due 11:00"),
        ('10:40 bob says "/mitigated"', "12:00", "repair met 10:40"),
        ('11:40 bob says "/mitigated"', "12:00", "repair late 11:40"),
        # Mended before anybody said so: in time after all, and known only then.
        ('11:40 bob says "/mitigated 10:50"', "11:30", "repair breached 11:00"),
        ('11:40 bob says "/mitigated 10:50"', "12:00", "repair met 10:50"),
        ('10:40 bob says "/mitigated"\n12:00 ann says "/mitigated 11:20"', "11:00", "repair met 10:40"),
        ('10:40 bob says "/mitigated"\n12:00 ann says "/mitigated 11:20"', "12:00", "repair late 11:20"),
        # A start that is corrected moves the due.
        ('10:10 bob says "/detected 09:20"', "10:05", "repair due 11:00"),
        ('10:10 bob says "/detected 09:20"', "10:15", "repair due 10:20"),
        ('10:10 bob says "/detected 08:30"', "10:15", "repair breached 09:30"),
        ('10:10 bob says "/detected 09:20"\n10:12 bob says "/detected 09:50"', "10:15", "repair due 10:50"),
        ('10:40 bob says "/mitigated"\n10:50 bob says "/detected 09:20"', "12:00", "repair late 10:40"),
        # Mended before it was detected: it took no time, and none is negative.
        ('10:10 bob says "/mitigated 09:40"', "12:00", "repair met 10:00"),
        ('10:10 bob says "/mitigated 09:40"\n10:12 bob says "/detected 09:30"', "12:00", "repair met 09:40"),
        # Waiting moves it as ever.
        ('10:20 bob says "/wait"\n10:50 carla says "Here"', "12:00", "repair breached 11:30"),
        ('10:20 bob says "/wait"\n10:50 carla says "Here"\n11:00 bob says "/detected 09:50"', "11:05",
         "repair due 11:20"),
        ('10:20 bob says "/wait"\n10:30 bob says "/detected 09:50"', "10:35", "repair paused"),
        ('10:20 bob says "/wait"\n10:30 bob says "/detected 09:50"\n10:50 carla says "Here"', "11:05",
         "repair due 11:20"),
        # What is no incident has no milestones; what becomes one has them from then on.
        ("10:30 bob unlabels priority/high\n10:40 bob says \"/mitigated\"", "12:00", "repair breached 11:00"),
    ],
)  # fmt: skip
def test_a_clock_between_two_milestones(story: str, at: str, stands: str) -> None:
    assert incident(story).stands(at) == stands


@pytest.mark.parametrize(
    "story, ended, known",
    [
        ("", "", ""),
        ('10:40 bob says "/mitigated"', "10:40", ""),
        ('10:40 bob says "/mitigated 10:20"', "10:20", "10:40"),
        ('10:40 bob says "/mitigated"\n11:00 ann says "/mitigated 10:20"', "10:20", "10:40"),
        ('10:40 bob says "/mitigated 10:20"\n11:00 ann says "/mitigated 10:40"', "10:40", ""),
        ('10:40 bob says "/mitigated"\n12:00 ann says "/mitigated 11:20"', "11:20", "10:40"),
    ],
)
def test_a_run_was_open_as_far_as_the_desk_knew_until_it_was_told(story: str, ended: str, known: str) -> None:
    (run,) = incident(story).assessed("12:00").runs
    assert (shown(run.ended), shown(run.known), shown(run.over)) == (ended, known, known or ended)


@pytest.mark.parametrize(
    "clocks, story, stands",
    [
        ("  fix: { start: opened, stop: [resolved, mitigated], target: 2h }",
         '11:30 bob says "/mitigated 10:30"', "fix met 10:30"),
        # It was mitigated already when the clock started: nothing is owed any more.
        ("  fix: { start: /ack, stop: mitigated, target: 2h }",
         '11:30 bob says "/mitigated 10:30"\n11:40 bob says "/ack"', "fix met 11:40"),
        ("  fix: { start: /ack, stop: mitigated, target: 2h }",
         '11:30 bob says "/ack"\n11:40 bob says "/mitigated 10:30"', "fix met 11:30"),
        # Updates are owed until it is over, and not once more because it is.
        ("  news: { start: [detected, news stops], stop: [/update, resolved], target: 2h }",
         '11:00 bob says "/update"\n11:30 bob says "/resolved 10:30"', "news met 10:30; news met 11:00"),
        ("  fix: { start: opened, stop: mitigated, target: 2h }\n  look: { start: fix stops, stop: closed, target: 1h}",
         '11:30 bob says "/mitigated 10:30"', "fix met 10:30; look due 12:30"),
        ("  fix: { start: /ack, stop: mitigated, target: 2h }\n  look: { start: fix stops, stop: closed, target: 1h }",
         '11:20 bob says "/mitigated 10:30"\n11:40 bob says "/ack"', "fix met 11:40; look due 12:40"),
        # Opened again it is not mitigated any more, and what starts then is owed.
        ("  fix: { start: [opened, reopened], stop: mitigated, target: 2h }",
         '10:30 bob says "/mitigated"\n10:40 bob closes\n10:50 carla reopens', "fix met 10:30; fix due 12:50"),
        # The same within one second, by the forge's order: each turn of the case is one.
        ("  fix: { start: [opened, reopened], stop: resolved, target: 2h }",
         "10:40 bob closes\n10:40 carla reopens", "fix met 10:40; fix due 12:40"),
        ("  fix: { start: [opened, reopened], stop: resolved, target: 2h }",
         "10:40 bob closes\n10:40 carla reopens\n10:40 bob closes", "fix met 10:40; fix met 10:40"),
        ("  fix: { start: [opened, reopened], stop: resolved, target: 2h }",
         "10:40 bob closes\n10:50 carla reopens\n10:50 bob closes", "fix met 10:40; fix met 10:50"),
        # Whoever looked at it counts, where that was sooner than what was said of it later.
        ("  fix: { start: opened, stop: [/ack, mitigated], target: 2h }",
         '10:30 bob says "/ack"\n10:50 bob says "/mitigated 10:40"', "fix met 10:30"),
        ("  fix: { start: opened, stop: [/ack, mitigated], target: 2h }",
         '10:30 bob says "/ack"\n10:50 bob says "/mitigated 10:20"', "fix met 10:20"),
        ("  fix: { start: [opened, reopened], stop: mitigated, target: 2h }",
         '10:30 bob says "/mitigated"\n10:40 bob closes\n10:50 carla reopens\n11:10 bob says "/mitigated 11:00"',
         "fix met 10:30; fix met 11:00"),
        # A raise gives its own window, whenever the start was.
        ("  fix: { start: started, stop: mitigated, target: { priority: { high: 1h, normal: 4h, low: none } } }",
         '10:10 bob says "/started 09:30"', "fix breached 10:30"),
        ("  fix: { start: detected, stop: mitigated, target: [{ by: /agree.until }, { within: 1h }] }",
         '10:05 bob says "/agree 2026-03-02T14:00"\n10:10 bob says "/detected 09:30"', "fix due 14:00"),
        ("  fix: { start: detected, stop: mitigated, target: { priority: { high: none, normal: 4h, low: none } } }",
         '10:10 bob says "/detected 09:30"', "fix"),
    ],
)  # fmt: skip
def test_what_else_clocks_do_at_milestones(clocks: str, story: str, stands: str) -> None:
    assert incident(story, clocks).stands("11:50" if "look" in clocks else "11:55") == stands


def test_an_alert_counts_by_its_own_time() -> None:
    case = incident("", "  repair: { start: started, stop: mitigated, target: 1h }")
    told = [
        Alert("", "", "a", "firing", case.case.created - 900),
        Alert("", "", "a", "resolved", case.case.created + 900),
    ]
    kept = [keep_alert(str(n), alert, case.case.created) for n, alert in enumerate(told)]
    [run] = case.with_ledger(kept=kept).assessed("11:00").runs
    assert (shown(run.started), shown(run.due), run.state, shown(run.ended)) == ("09:45", "10:45", "met", "10:15")


@pytest.mark.parametrize(
    "resolved, fires, stands",
    [
        (1_200, None, "repair met 10:20"),
        (1_200, 2_400, "repair due 11:20"),  # it does not hold: the twenty minutes between do not count
        (4_000, 4_500, "repair breached 11:00"),
    ],
)
def test_an_alert_that_fires_again_sets_going_what_had_stopped(resolved: int, fires: int | None, stands: str) -> None:
    case = incident("", "  repair: { start: detected, stop: mitigated, target: 1h }")
    created = case.case.created
    told = [("firing", 0), ("resolved", resolved), *([("firing", fires)] if fires is not None else [])]
    alerts = [Alert("", "", "a", state, created + after) for state, after in told]  # type: ignore[arg-type]
    kept = [keep_alert(str(number), alert, created) for number, alert in enumerate(alerts)]
    assert case.with_ledger(kept=kept).stands("11:19") == stands


@pytest.mark.parametrize("ack, stands", [("10:05", "repair met 10:05"), ("10:30", "repair due 11:20")])
def test_what_somebody_had_answered_by_themselves_does_not_go_on(ack: str, stands: str) -> None:
    clocks = "  repair: { start: detected, stop: [/ack, mitigated], target: 1h }"
    case = incident(f'{ack} bob says "/ack"' if ack == "10:05" else "", clocks)
    told = [("firing", 0), ("resolved", 1_200), ("firing", 2_400)]
    alerts = [Alert("", "", "a", state, case.case.created + after) for state, after in told]  # type: ignore[arg-type]
    kept = [keep_alert(str(number), alert, case.case.created) for number, alert in enumerate(alerts)]
    assert case.with_ledger(kept=kept).stands("10:55") == stands


@pytest.mark.parametrize(
    "story, by",
    [
        ('10:40 bob says "/mitigated"', "bob"),
        ('10:40 bob says "/mitigated"\n10:50 ann says "/mitigated 10:20"', "ann"),
        ('10:40 bob says "/mitigated"\n10:50 ann says "/mitigated 10:20"\n10:55 tess says "/detected 09:50"', "ann"),
    ],
)
def test_who_told_of_it_last_has_stopped_it(story: str, by: str) -> None:
    (run,) = incident(story).assessed("12:00").runs
    assert run.stopped_by == by


SAID = [
    "/resolved 10:05",
    "/resolved",
    "/detected 09:10",
    "/mitigated 09:40",
    "/started 09:00",
    "/mitigated 10:20",
    "/detected 09:55",
    "/detected",
]
THREE = """
  find: { start: started, stop: detected, target: 10m }
  repair: { start: detected, stop: mitigated, target: 30m }
  all: { start: started, stop: [mitigated, resolved], target: 1h }
"""


def outcome(runs: tuple[Run, ...]) -> set[object]:
    """What became of each run."""
    return {(run.clock, run.source, run.started, run.due, run.state, run.ended) for run in runs}


@pytest.mark.parametrize("said", [("/detected 09:10", "/mitigated 09:40", "/started 09:00"),
                                  ("/mitigated 10:20", "/started 09:30", "/detected 09:55")])  # fmt: skip
def test_the_order_in_which_different_milestones_are_corrected_does_not_matter(said: tuple[str, ...]) -> None:
    found = []
    for order in permutations(said):
        story = "\n".join(f'10:{30 + place} bob says "{word}"' for place, word in enumerate(order))
        case = incident(f'10:25 bob says "/mitigated"\n{story}', THREE)
        found.append({(clock, *rest) for clock, _, *rest in outcome(case.assessed("12:00").runs)})  # type: ignore[misc]
    assert all(one == found[0] for one in found)


@given(st.lists(st.sampled_from(SAID), max_size=6))
def test_every_run_stands_where_the_milestones_stand(said: list[str]) -> None:
    story = "\n".join(f'10:{20 + place} bob says "{word}"' for place, word in enumerate(said))
    case = incident(story, THREE)
    reached = {one.name: one.at for one in milestones(case.policy, case.history)}
    assessed = case.assessed("12:00")
    ends = {"find": ("detected",), "repair": ("mitigated",), "all": ("mitigated", "resolved")}
    begins = {"find": "started", "repair": "detected", "all": "started"}
    for run in assessed.runs:
        over = min((reached[name] for name in ends[run.clock] if name in reached), default=None)
        assert run.started == reached[begins[run.clock]]
        assert run.ended == (None if over is None else max(over, run.started))
        assert run.due is not None
        assert run.state == ("breached" if run.ended is None else "met" if run.ended <= run.due else "late")


TURNS = [
    "bob closes", "ann reopens", 'bob says "/resolved"', 'bob says "/mitigated"', 'bob says "/ack"', 'bob says "Hm"',
    'bob says "/close"', 'carla says "Still?"',
]  # fmt: skip
FOUR = """
  fix: { start: [opened, reopened], stop: resolved, target: 2h }
  repair: { start: detected, stop: [mitigated, resolved], target: 2h }
  answer: { start: [opened, reopened], stop: [comment by staff, /ack], target: 2h }
  shut: { start: closed, stop: reopened, target: 2h, survives: close }
  seen: { start: [/ack, comment by author], stop: /mitigated, target: 2h }
"""


@given(st.lists(st.sampled_from(TURNS), max_size=6))
def test_what_happens_in_one_second_comes_to_the_same_as_in_several(turns: list[str]) -> None:
    together = "\n".join(f"11:00 {turn}" for turn in turns)
    apart = "\n".join(f"11:00:0{place} {turn}" for place, turn in enumerate(turns))
    one, several = (incident(story, FOUR) for story in (together, apart))
    stand = [
        [(run.clock, run.cycle, run.state, run.live) for run in case.assessed("11:30").runs] for case in (one, several)
    ]
    assert stand[0] == stand[1]
    assert one.history.state.open == several.history.state.open
    names = [{found.name for found in milestones(case.policy, case.history)} for case in (one, several)]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    "later, told",
    [
        ("", ["started", "detected"]),
        ("10:30 bob unlabels priority/high", []),
        ('10:30 bob says "/mitigated"', ["started", "detected", "mitigated"]),
    ],
)
def test_only_an_incident_is_explained_by_its_milestones(later: str, told: list[str]) -> None:
    case = incident(later)
    found = explanation(case.policy, case.history, case.assessed("11:00"))["milestones"]
    assert [one["name"] for one in found] == told
