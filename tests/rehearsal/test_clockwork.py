"""When sweeps come, and which are skipped."""

from hypothesis import given
from hypothesis import strategies as st

from respondby.rehearsal.clockwork import Clockwork


def sweeps(
    clockwork: Clockwork, end: int, *, including: bool = True, answers: dict[int, int | None] | None = None
) -> list[int]:
    """The sweeps up to `end`; each says the next change that `answers` has for it."""
    performed = []
    for at in clockwork.until(end, including=including):
        performed.append(at)
        clockwork.swept((answers or {}).get(at), sure=True)
    return performed


def test_without_a_happening_no_sweep_is_performed_and_all_are_counted() -> None:
    clockwork = Clockwork(at=0, every=300)
    assert sweeps(clockwork, 3_000) == []
    assert clockwork.skipped == 10


def test_a_happening_is_followed_by_one_sweep_on_the_grid() -> None:
    clockwork = Clockwork(at=0, every=300)
    assert sweeps(clockwork, 450) == []
    clockwork.happened()
    assert sweeps(clockwork, 2_000) == [600]
    assert clockwork.skipped == 1 + 4


def test_a_sweep_comes_at_or_after_the_next_change_that_the_last_one_named() -> None:
    clockwork = Clockwork(at=0, every=300)
    clockwork.happened()
    assert sweeps(clockwork, 5_000, answers={300: 1_000, 1_200: 1_500, 1_500: None}) == [300, 1_200, 1_500]


def test_a_next_change_that_has_passed_brings_the_very_next_sweep() -> None:
    clockwork = Clockwork(at=0, every=300)
    clockwork.happened()
    assert sweeps(clockwork, 900, answers={300: 10, 600: None}) == [300, 600]


def test_a_sweep_in_the_instant_of_a_step_comes_after_what_happens_and_before_what_is_expected() -> None:
    clockwork = Clockwork(at=0, every=300)
    clockwork.happened()
    assert sweeps(clockwork, 300, including=False) == []
    assert sweeps(clockwork, 300) == [300]
    assert sweeps(clockwork, 300) == []


def test_a_sweep_that_could_not_say_is_followed_by_another() -> None:
    clockwork = Clockwork(at=0, every=300)
    clockwork.happened()
    performed = []
    for at in clockwork.until(1_500, including=True):
        performed.append(at)
        clockwork.swept(None, sure=at > 300)
    assert performed == [300, 600]


def test_sweeps_that_go_on_failing_become_fewer_until_something_happens() -> None:
    clockwork = Clockwork(at=0, every=60)
    clockwork.happened()

    def failing(end: int) -> list[int]:
        performed = []
        for at in clockwork.until(end, including=True):
            performed.append(at // 60)
            clockwork.swept(None, sure=False)
        return performed

    assert failing(20 * 60) == [1, 2, 4, 8, 16]
    clockwork.happened()
    assert failing(24 * 60) == [21, 22, 24]
    assert clockwork.skipped == 24 - 8


def test_while_sweeps_are_off_none_is_performed_or_counted() -> None:
    clockwork = Clockwork(at=0, every=300)
    clockwork.happened()
    clockwork.rhythm(None, 100)
    assert sweeps(clockwork, 10_000) == []
    assert clockwork.skipped == 0
    clockwork.rhythm(3_600, 10_000)
    assert sweeps(clockwork, 20_000) == [10_800]
    assert clockwork.skipped == 2


@given(
    steps=st.lists(st.tuples(st.integers(1, 2_000), st.booleans()), max_size=8),
    changes=st.lists(st.integers(0, 10_000), max_size=5),
)
def test_performed_and_skipped_sweeps_are_together_the_whole_grid(
    steps: list[tuple[int, bool]], changes: list[int]
) -> None:
    clockwork, at, performed = Clockwork(at=0, every=300), 0, []
    for gap, happens in [*steps, (1, False)]:
        at += gap
        for sweep in clockwork.until(at, including=not happens):
            performed.append(sweep)
            clockwork.swept(min((change for change in changes if change > sweep), default=None), sure=True)
        if happens:
            clockwork.happened()
    assert performed == sorted(set(performed))
    assert all(sweep % 300 == 0 for sweep in performed)
    assert len(performed) + clockwork.skipped == at // 300


@given(changes=st.lists(st.integers(1, 20_000), min_size=1, max_size=6, unique=True))
def test_no_change_waits_longer_than_one_sweep(changes: list[int]) -> None:
    skipping, every_one = Clockwork(at=0, every=300), Clockwork(at=0, every=300, keep_all=True)
    skipping.happened()

    def seen(clockwork: Clockwork) -> list[tuple[int, int]]:
        found, before = [], 0
        for sweep in clockwork.until(30_000, including=True):
            found += [(change, sweep) for change in sorted(changes) if before < change <= sweep]
            before = sweep
            clockwork.swept(min((change for change in changes if change > sweep), default=None), sure=True)
        return found

    assert seen(skipping) == seen(every_one)
