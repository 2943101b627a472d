"""What holds of every assessment, whatever the policy and the story (hypothesis)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.promises.generated import START, Happened, policies, stories, story_under
from tests.promises.stories import HEAD, policy, shown, story_of, when

from respondby.calendars.dues import elapsed
from respondby.desk.records import Pin
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Run
from respondby.promises.explaining import explanation
from respondby.promises.pins import pin_of, pinned

LATEST = 120 * 3600
instants = st.integers(0, LATEST // 300).map(lambda n: START + n * 300)


def _bare(runs: tuple[Run, ...]) -> list[Run]:
    """Runs without the names of what moved them: of two causes at one instant, either may be named."""
    return [
        run._replace(
            pauses=tuple(pause._replace(source="", ended_by="") for pause in run.pauses),
            terms=tuple(term._replace(source="") for term in run.terms),
        )
        for run in runs
    ]


@given(policies(), stories(), instants)
def test_assessing_again_gives_the_same(subject: Policy, story: list[Happened], now: int) -> None:
    case = story_under(subject, story)
    assert case.assessed(now) == case.assessed(now)


@given(policies(), stories(), instants)
def test_what_comes_later_changes_nothing_now(subject: Policy, story: list[Happened], now: int) -> None:
    case = story_under(subject, story)
    assert assess(subject, case.history, now) == case.assessed(now)


@given(policies(), stories(), st.lists(instants, max_size=6))
def test_it_does_not_matter_when_and_how_often_somebody_looked(
    subject: Policy, story: list[Happened], looks: list[int]
) -> None:
    """Cadence-free (law 3): earlier assessments, and the pins that they left, change nothing."""
    case = story_under(subject, story)
    last = START + LATEST
    pins: dict[str, Pin] = {}
    for now in sorted(looks):
        for run in case.assessed(now, pins).runs:
            pins.setdefault(run.key, pin_of(subject, subject.clocks[run.clock], run.key))
    assert case.assessed(last, pins) == case.assessed(last)


@given(policies(), stories(), instants, st.integers(1, 400))
def test_nothing_changes_before_next(subject: Policy, story: list[Happened], now: int, later: int) -> None:
    case = story_under(subject, story)
    history = case.history
    before = assess(subject, history, now)
    following = min((fact.at for fact in history.facts if fact.at > now), default=START + 2 * LATEST)
    then = now + later * 300
    if then < following and (before.next is None or then < before.next):
        after = assess(subject, history, then)
        assert after.runs == before.runs
        assert after.next == before.next
    if before.next is not None and before.next < following:
        assert assess(subject, history, before.next).next != before.next


@given(policies(), stories(), instants, instants)
def test_time_alone_only_breaches_turns_conditions_and_starts_what_listens(
    subject: Policy, story: list[Happened], one: int, other: int
) -> None:
    now, then = sorted((one, other))
    case = story_under(subject, [happened for happened in story if happened.at <= now])
    before, after = case.assessed(now), case.assessed(then)
    by_key = {run.key: run for run in after.runs}
    for run in before.runs:
        grown = by_key[run.key]
        if not run.live:
            assert grown == run
            continue
        assert grown.terms == run.terms
        assert (grown.started, grown.pauses[:-1]) == (run.started, run.pauses[:-1])
        assert grown.due == run.due or (run.paused and grown.state == "cancelled")
        assert grown.state == run.state or grown.state in ("breached", "cancelled")
        if grown.state == "breached" and run.state == "running":
            assert run.due is not None
            assert now < run.due <= then
    for key in by_key.keys() - {run.key for run in before.runs}:
        assert now < by_key[key].started <= then


@given(policies(), stories(), instants)
def test_no_run_is_both_over_and_owed(subject: Policy, story: list[Happened], now: int) -> None:
    assessment = story_under(subject, story).assessed(now)
    assert len({run.key for run in assessment.runs}) == len(assessment.runs)
    for run in assessment.runs:
        assert run.live == (run.ended is None)
        assert run.live or run.state in ("met", "late", "cancelled", "breached")
        assert not run.live or run.state in ("running", "breached")
        assert START <= run.started <= now
        assert run.ended is None or run.started <= run.ended <= now
        if run.state == "met" and run.due is not None:
            assert run.ended is not None
            assert run.ended <= run.due
        if run.state == "late":
            assert run.due is not None
            assert run.ended is not None
            assert run.ended > run.due
        if run.state == "breached":
            assert run.due is not None
            assert run.due <= (now if run.ended is None else run.ended)
        if run.state == "running" and run.due is not None:
            assert run.due > now


@given(policies(), stories(), instants)
def test_a_clock_runs_once_at_a_time_unless_each(subject: Policy, story: list[Happened], now: int) -> None:
    assessment = story_under(subject, story).assessed(now)
    for name, clock in subject.clocks.items():
        runs = [run for run in assessment.runs if run.clock == name]
        if not clock.each:
            assert all(first.ended is not None and first.ended <= second.started for first, second in pairwise(runs))
    if not assessment.runs:
        return
    assert list(assessment.runs) == sorted(assessment.runs, key=lambda run: run.started)


@given(policies(), stories(), st.lists(instants, min_size=2, max_size=8))
def test_a_due_moves_earlier_only_by_a_raise_or_an_agreement(
    subject: Policy, story: list[Happened], looks: list[int]
) -> None:
    case = story_under(subject, story)
    seen: dict[str, tuple[int, Run]] = {}
    for now in sorted(looks):
        for run in case.assessed(now).runs:
            if run.due is None:
                continue
            at, earlier = seen.get(run.key, (now, run))
            if earlier.due is not None and run.due < earlier.due:
                since = [term.why for term in run.terms if at < term.since <= now]
                assert any(why.startswith(("raised", "agreed", "nothing is promised")) for why in since), since
            seen[run.key] = (now, run)


@given(policies(), stories(), instants)
def test_terms_follow_each_other_and_only_a_lowering_lowers(subject: Policy, story: list[Happened], now: int) -> None:
    for run in story_under(subject, story).assessed(now).runs:
        assert run.terms[0].since == run.started
        for before, after in pairwise(run.terms):
            assert before.since <= after.since
            if before.due is not None and after.due is not None and not run.pauses:
                assert not after.why.startswith("raised") or after.due <= before.due
                assert not after.why.startswith("lowered") or after.due > before.due


@given(policies(), stories(), instants)
def test_pauses_are_in_order_apart_and_inside_the_run(subject: Policy, story: list[Happened], now: int) -> None:
    for run in story_under(subject, story).assessed(now).runs:
        bounds = [at for pause in run.pauses for at in (pause.start, now if pause.end is None else pause.end)]
        assert bounds == sorted(bounds)
        assert all(run.started <= at <= (now if run.ended is None else run.ended) for at in bounds)
        assert all(pause.end is not None for pause in run.pauses[:-1])
        assert run.live or not run.paused


@given(policies(), stories(), instants)
def test_what_was_promised_in_seconds_is_due_after_so_many(subject: Policy, story: list[Happened], now: int) -> None:
    """The due is where open time less pauses has used up the promise (rules 1, 4 and 6)."""
    for run in story_under(subject, story).assessed(now).runs:
        promise = run.promise
        if run.due is None or promise is None or promise.within is None or promise.within.business_days:
            continue
        if len(run.terms) > 1:
            continue
        pauses = [(p.start, p.end) for p in run.pauses if p.end is not None]
        assert elapsed(run.calendar, run.started, run.due, pauses) == promise.within.seconds


@given(policies(), stories(), instants)
def test_the_spans_of_an_explanation_are_what_has_elapsed(subject: Policy, story: list[Happened], now: int) -> None:
    case = story_under(subject, story)
    assessment = case.assessed(now)
    told = explanation(subject, case.history, assessment)
    for run, clock in zip(assessment.runs, told["clocks"], strict=True):
        assert sum(span["seconds"] for span in clock["spans"]) == clock["elapsed"]
        assert clock["elapsed"] <= (now if run.ended is None else run.ended) - run.started
        for span, following in pairwise(clock["spans"]):
            assert span["to"] < following["from"]


@given(policies(), policies())
def test_a_pin_read_under_another_policy_is_the_promise_it_was(subject: Policy, other: Policy) -> None:
    for clock in subject.clocks.values():
        pin = pin_of(subject, clock, f"{clock.name}/I_1")
        edited = other.clocks.get(clock.name)
        if edited is None:
            continue
        target, measures = pinned(other, edited, pin)
        assert target == clock.target
        assert (measures.default, measures.timezone) == (subject.calendar, subject.timezone)
        assert all(subject.calendars[name] == calendar for name, calendar in measures.calendars.items())


@given(policies(), policies(), stories(), instants)
def test_a_pinned_run_stands_as_it_was_promised(
    subject: Policy, other: Policy, story: list[Happened], now: int
) -> None:
    """With every start, stop and pause as it was, only the words of targets edited: nothing of any run changes."""
    clocks = {
        name: replace(clock, target=other.clocks[name].target) if name in other.clocks else clock
        for name, clock in subject.clocks.items()
    }
    edited = replace(subject, clocks=clocks)
    case = story_under(subject, story)
    before = case.assessed(now)
    pins = {run.key: pin_of(subject, subject.clocks[run.clock], run.key) for run in before.runs}
    if any(pattern.kind == "clock due" for clock in clocks.values() for pattern in clock.start):
        return
    kept = replace(case, policy=edited).assessed(now, pins).runs
    assert [run._replace(pinned=False) for run in kept] == list(before.runs)
    for run in kept:
        assert run.pinned == (edited.clocks[run.clock].target != subject.clocks[run.clock].target)


# -- against a count of minutes ----------------------------------------------------------------------------------------

SIMPLE = "  answer: {{ start: opened, stop: comment by staff, pause: waiting, target: {} }}"


@given(
    st.sampled_from([("{n}m", None), ("{{ within: {n}m, calendar: office }}", "office")]),
    st.integers(1, 900),
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(["/wait", "/resume", "carla"])), max_size=6),
    st.one_of(st.none(), st.integers(0, 3000)),
    st.integers(0, 3200),
)
def test_a_clock_is_what_counting_minutes_says(
    kind: tuple[str, str | None], length: int, acts: list[tuple[int, str]], stopped: int | None, looked: int
) -> None:
    target, name = kind
    subject = policy(SIMPLE.format(target.format(n=length)), HEAD)
    calendar = subject.calendars[name] if name else None
    opening = when("mon 15:00")
    acts = sorted(acts)
    lines = ['mon 15:00 carla opens "Nothing works"']
    for minute, act in acts:
        clock = _clock(opening + minute * 60)
        lines.append(f'{clock} carla says "Here"' if act == "carla" else f'{clock} bob says "{act}"')
    if stopped is not None:
        lines.append(f'{_clock(opening + stopped * 60)} ann says "Done"')
    # A stop of the same second as another act is the same whatever the order; the story is told by time.
    case = story_of(SIMPLE.format(target.format(n=length)), "\n".join(sorted(lines, key=_when)), head=HEAD)
    (run,) = case.assessed(opening + looked * 60).runs

    paused, used, due = False, 0, None
    end = min(looked, stopped) if stopped is not None else looked
    for minute in range(end + 7 * 1440 + 5 * length):
        for at, act in acts:
            if at == minute and (minute <= end):
                paused = act == "/wait"
        if used == length:
            due = minute
            break
        if minute >= end and paused and (stopped is None or looked < stopped):
            break  # nobody has ended the pause
        if minute >= end:
            paused = False
        at = opening + minute * 60
        if not paused and (calendar is None or calendar.is_open(at)):
            used += 1
            if used == length:
                due = minute + 1
                break
    assert run.due == (None if due is None else opening + due * 60)
    if due is None:
        assert (run.state, run.paused) == ("running", True)
    elif stopped is not None and stopped <= looked:
        assert (run.state, run.ended) == ("met" if stopped <= due else "late", opening + stopped * 60)
    else:
        assert run.state == ("breached" if due <= looked else "running")


def _clock(instant: int) -> str:
    return shown(instant, "none")


def _when(line: str) -> int:
    return when(" ".join(line.split(" ", 2)[:2]))
