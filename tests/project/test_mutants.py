"""Mutants: where code can be changed, that a change takes hold, and which tests meet it in which order."""

import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.mutants import changing, forking, named, playing, reaching
from tests.mutants.__main__ import TESTS, all_of
from tests.mutants.changing import Mutant

from respondby.channels.http import is_address

SOURCE = '''
"""A module; nothing at its top is changed: LIMIT = 3."""
LIMIT = 3

def f(a: int = 1, *, deep: bool = True) -> int:
    """Words are left alone: 1 < 2."""
    LOG.info("so %s", a < 2)
    if a < 2 and deep:
        return a + 1
    return len([b for b in (a, 7) if not b]) + int(f"{a == 1}")

class C:
    @property
    def p(self) -> bool:
        return self is None
'''


def test_every_place_of_a_function_that_means_something_is_changed_in_turn(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_text(SOURCE)
    found = [(one.function, one.line, one.before, one.after) for one in changing.mutants(file)]
    assert found == [
        ("f", 8, "if a < 2 and deep: …", "if not (a < 2 and deep): …"),
        ("f", 8, "a < 2 and deep", "a < 2 or deep"),
        ("f", 8, "a < 2", "a <= 2"),
        ("f", 8, "a < 2", "a < 3"),
        ("f", 9, "return a + 1", "return None"),
        ("f", 9, "a + 1", "a - 1"),
        ("f", 9, "a + 1", "a + 2"),
        ("f", 10, "return len([b for b in (a, 7) if not b]) + int(f'{a == 1}')", "return None"),
        (
            "f", 10, "len([b for b in (a, 7) if not b]) + int(f'{a == 1}')",
            "len([b for b in (a, 7) if not b]) - int(f'{a == 1}')",
        ),
        ("f", 10, "(a, 7)", "(a, 8)"),
        ("f", 10, "not b", "+bool(b)"),
        ("C.p", 15, "return self is None", "return None"),
        ("C.p", 15, "self is None", "self is not None"),
    ]  # fmt: skip


@pytest.mark.parametrize("room", TESTS)
def test_the_tests_of_a_room_exist(room: str) -> None:
    assert all((changing.ROOT / path).exists() for path in TESTS[room])


def in_forks(*does: Callable[[Path], int], seconds: float = 60) -> list[tuple[int | None, str]]:
    """The exit code of each work, and what went wrong in it."""
    works = [forking.Work(None, work, seconds) for work in does]
    return [(done.code, done.error) for done in forking.forked(works, 1)]


def test_a_fork_ends_with_its_code_hangs_after_its_seconds_or_says_what_went_wrong() -> None:
    def busy(folder: Path) -> int:
        while True:
            pass

    def wrong(folder: Path) -> int:
        raise SystemExit("no such thing")

    def greedy(folder: Path) -> int:
        return len(bytes(64 << 30))

    def done(folder: Path) -> int:
        return 5

    (five, _), (hung, _), (broken, why), (full, words) = in_forks(done, busy, wrong, greedy, seconds=1)
    assert (five, hung, broken, full) == (5, None, forking.BROKEN, forking.BROKEN)
    assert "no such thing" in why
    assert "MemoryError" in words


def test_what_a_fork_writes_goes_with_it_and_so_do_those_that_nobody_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def writes(folder: Path) -> int:
        return int(Path(tempfile.mkdtemp()).parent != folder)

    def waits(folder: Path) -> int:
        signal.pause()
        return 0

    works = forking.forked([forking.Work(None, work, 60) for work in (writes, waits)], 2)
    done = next(works)
    assert done.code == 0
    assert len(list(tmp_path.iterdir())) == 2
    works.close()
    assert list(tmp_path.iterdir()) == []


def is_address_returns_none() -> Mutant:
    """A mutant of channels/http.py."""
    some = changing.mutants(changing.PACKAGE / "channels/http.py")
    return next(one for one in some if one.function == "is_address" and one.after == "return None")


def test_a_mutant_takes_hold_in_a_fork_and_nowhere_else() -> None:
    def work(folder: Path) -> int:
        return 7 if changing.put_in_place(is_address_returns_none()) and is_address("http://a") is None else 8

    assert in_forks(work) == [(7, "")]
    assert is_address("http://a")


def test_each_function_of_the_rooms_can_be_changed() -> None:
    def work(folder: Path) -> int:
        without = changing.put_probes([one for room in TESTS for one in all_of(room)], set[str]().add)
        assert without == []
        return 0

    [done] = forking.forked([forking.Work(None, work, 60)], 1)
    assert done.code == 0, done.error


TESTED = """
import functools
import pytest
from hypothesis import given, settings, strategies as st
from respondby.channels.http import is_address

@functools.cache
def kept():
    return is_address("x")

@pytest.fixture(scope="module")
def shared():
    return is_address("http://a")

def test_elsewhere():
    assert True

@pytest.mark.parametrize("n", [1, 2])
def test_by_a_cache(n):
    assert kept() is False

def test_by_a_fixture_first(shared):
    assert shared

def test_by_a_fixture_then(shared):
    assert True

@given(st.booleans())
def test_of_many(drawn):
    assert is_address("http://a") is True
"""


def collected(folder: Path, source: str, do: Callable[[Sequence[pytest.Item]], None]) -> tuple[int | None, str]:
    """What comes of doing something with the tests of a file, in a fork."""
    file = folder / "test_x.py"
    file.write_text(source)

    class Plugin:
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            do(session.items)
            return True

    def work(place: Path) -> int:
        options = ["-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", "/dev/null", f"--rootdir={folder}"]
        return int(pytest.main([*options, str(file)], plugins=[Plugin()]))

    [(code, why)] = in_forks(work)
    return code, why


def test_a_test_reaches_what_it_runs_itself_and_what_a_cache_or_a_shared_fixture_ran_for_it(tmp_path: Path) -> None:
    mutant = is_address_returns_none()

    def do(tests: Sequence[pytest.Item]) -> None:
        found = reaching.ways(tests, [mutant], 1)
        assert {way.test.name: mutant.statement in way.reached for way in found} == {
            "test_elsewhere": False,
            "test_by_a_cache[1]": True,
            "test_by_a_cache[2]": True,
            "test_by_a_fixture_first": True,
            "test_by_a_fixture_then": True,
            "test_of_many": True,
        }
        assert [way.is_law for way in found] == [False] * 5 + [True]

    assert collected(tmp_path, TESTED, do) == (0, "")


def test_a_mutant_is_killed_by_a_test_that_fails_and_survives_those_that_pass(tmp_path: Path) -> None:
    mutant = is_address_returns_none()
    source = "from respondby.channels.http import is_address\n"
    for test, code in (("assert is_address('http://a')", "killed"), ("is_address('x')", "survived")):

        def do(tests: Sequence[pytest.Item], what: str = code) -> None:
            found = playing.play([mutant], {"channels": reaching.ways(tests, [mutant], 1)}, 1, 1)
            assert [(met.mutant, met.what, met.tests) for met in found] == [(mutant, what, 1)]

        assert collected(tmp_path, f"{source}def test_of_it():\n    {test}\n", do) == (0, "")


def test_a_test_that_fails_without_any_change_is_left_out(tmp_path: Path) -> None:
    def do(tests: Sequence[pytest.Item]) -> None:
        assert [way.test.name for way in reaching.ways(tests, [], 1)] == ["test_of_it"]

    source = "def test_that_fails():\n    assert False\n\ndef test_of_it():\n    assert True\n"
    assert collected(tmp_path, source, do) == (0, "")


def test_the_fast_come_before_the_slow_laws_last_and_those_of_a_file_together(tmp_path: Path) -> None:
    mutant = is_address_returns_none()

    def do(tests: Sequence[pytest.Item]) -> None:
        by_name = {test.name: test for test in tests}
        seconds = {
            "test_of_many": 0.1,
            "test_by_a_fixture_first": 3,
            "test_by_a_cache[2]": 0.01,
            "test_by_a_cache[1]": 0.02,
        }
        found = [reaching.Way(by_name[name], each, frozenset([mutant.statement])) for name, each in seconds.items()]
        found.append(reaching.Way(by_name["test_elsewhere"], 0, frozenset()))
        order = [way.test.name for way in playing.against(mutant, found)]
        assert order == ["test_by_a_cache[2]", "test_by_a_cache[1]", "test_by_a_fixture_first", "test_of_many"]

    assert collected(tmp_path, TESTED, do) == (0, "")


def test_what_is_named_equivalent_is_one_mutant_with_a_reason() -> None:
    names = [one.name for room in TESTS for one in all_of(room)]
    assert {name: names.count(name) for name in named.equivalent()} == dict.fromkeys(named.equivalent(), 1)
    assert all(named.equivalent().values())
