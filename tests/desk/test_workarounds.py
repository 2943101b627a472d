"""Workarounds of a case: which are in place, and which one `/reverted` means."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, shown, story_of

from respondby.desk.built_in.workarounds import standing, workarounds
from respondby.desk.keeping import keep

TAKES = HEAD.replace("takes: { until: time }", "takes: { what: text, original: text, revert-by: time }", 1).replace(
    "/workaround: { by: staff, takes: { until: time } }",
    "/workaround: { by: staff, takes: { what: text, original: text, revert-by: time } }",
)
OPENED = '10:00 carla opens "Slow at noon"'
WORKERS = r'10:05 ann says "/workaround\nwhat: four workers\noriginal: two workers\nrevert-by: 2026-03-02T20:00"'
REPORT = r'10:10 bob says "/workaround\nwhat: no report\noriginal: at one\nrevert-by: 2026-03-03T12:00"'


def read(*story: str):
    return story_of("  answer: { start: opened, stop: /ack, target: 4h }", "\n".join((OPENED, *story)), head=TAKES)


def in_place(*story: str) -> list[str]:
    case = read(*story)
    return [one.shown for one in standing(case.policy, case.history.commands)]


def refusals(*story: str) -> list[tuple[str, object]]:
    return [(one.why.code, one.why.details.get("standing")) for one in read(*story).history.commands if one.why]


def test_a_workaround_has_what_the_value_before_and_until_when() -> None:
    case = read(WORKERS)
    (one,) = workarounds(case.policy, case.history.commands)
    assert (one.number, one.what, one.original, one.by.login) == (1, "four workers", "two workers", "ann")
    assert (shown(one.since), shown(one.until), one.reverted) == ("10:05", "20:00", None)


@pytest.mark.parametrize(
    "story, left",
    [
        ((), []),
        ((WORKERS, REPORT), ["1: four workers", "2: no report"]),
        ((WORKERS, '11:00 bob says "/reverted"'), []),
        ((WORKERS, REPORT, '11:00 bob says "/reverted 1"'), ["2: no report"]),
        ((WORKERS, REPORT, '11:00 bob says "/reverted #2"'), ["1: four workers"]),
        ((WORKERS, REPORT, '11:00 bob says "/reverted #issuecomment-2"'), ["1: four workers"]),
        ((WORKERS, REPORT, '11:00 bob says "/reverted"'), ["1: four workers", "2: no report"]),
        ((WORKERS, REPORT, '11:00 carla says "/reverted 1"'), ["1: four workers", "2: no report"]),
        ((WORKERS, '10:07 bob says "/reverted"', REPORT), ["2: no report"]),
        ((WORKERS, "11:00 ann deletes 1"), []),
        ((WORKERS, REPORT, "11:00 ann closes"), ["1: four workers", "2: no report"]),
    ],
    ids=[
        "none was made",
        "two stand side by side",
        "the only one is meant",
        "one is meant by its number",
        "or by its number with a sign",
        "or by a link to its comment",
        "without either, nobody can tell",
        "who may not say it changes nothing",
        "each keeps its number",
        "a comment that vanished before any run is not known (rule 17)",
        "closing undoes nothing",
    ],
)
def test_which_are_in_place(story: tuple[str, ...], left: list[str]) -> None:
    assert in_place(*story) == left


@pytest.mark.parametrize(
    "story, said",
    [
        (('11:00 bob says "/reverted"',), [("nothing-in-place", None)]),
        ((WORKERS, '11:00 bob says "/reverted"', '11:05 bob says "/reverted"'), [("nothing-in-place", None)]),
        ((WORKERS, REPORT, '11:00 bob says "/reverted"'), [("which-in-place", ("1: four workers", "2: no report"))]),
        ((WORKERS, '11:00 bob says "/reverted 2"'), [("not-in-place", ("1: four workers",))]),
        ((WORKERS, '11:00 bob says "/reverted acme/app#1"'), [("not-in-place", ("1: four workers",))]),
        (
            (r'11:00 bob says "/workaround\nwhat: x\noriginal: y\nrevert-by: 2026-03-02T09:00"',),
            [("time-past", None)],
        ),
    ],
    ids=["nothing to undo", "undone already", "which of two", "no such number", "another issue", "a time in the past"],
)
def test_what_cannot_be_is_refused_with_what_could(story: tuple[str, ...], said: list[tuple[str, object]]) -> None:
    assert refusals(*story) == said


def test_a_kept_workaround_outlives_its_comment() -> None:
    before = read(WORKERS, REPORT)
    kept = [keep(fact) for fact in before.history.facts if fact.kind == "command"]
    gone = read(WORKERS, REPORT, "11:00 ann deletes 1", '11:05 bob says "/reverted 1"').with_ledger(kept=kept)
    assert [one.shown for one in standing(gone.policy, gone.history.commands)] == ["2: no report"]
