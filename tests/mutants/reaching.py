"""Which test gets to which statements, and how long it takes: each test once, undisturbed, before any mutant.

What is made once and kept, by a cache or by a fixture that many tests share, is reached by each test that has it: of a
mutant there any of them may be the first. So caches are emptied before each test, and a shared fixture's statements
count for each test that names it.
"""

from __future__ import annotations

import functools
import gc
import json
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from hypothesis import Phase, is_hypothesis_test, settings
from tests.mutants.changing import Mutant, put_probes
from tests.mutants.forking import Work, forked

from respondby.kept import Kept

#: A law tries no more examples than these.
EXAMPLES = 20

#: Seconds of a processor in which the tests of one file have to end.
_LONG = 1800.0


@dataclass(frozen=True, slots=True)
class Way:
    """A test, its seconds of a processor, and the keys of the mutants' statements that it runs."""

    test: pytest.Item
    seconds: float
    reached: frozenset[str]

    @property
    def is_law(self) -> bool:
        """Whether it tries many examples."""
        return is_hypothesis_test(getattr(self.test, "obj", None))


@dataclass(slots=True, eq=False)
class _Recorder:
    """A plugin that keeps what the test at hand and the fixtures that it shares have reached, and what failed."""

    reached: set[str] = field(default_factory=set)
    shared: dict[str, set[str]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        before = set(self.reached)
        self.reached.clear()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                self.shared.setdefault(fixturedef.argname, set()).update(self.reached)
            self.reached |= before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)


def ways(tests: Sequence[pytest.Item], mutants: Sequence[Mutant], workers: int) -> list[Way]:
    """Each test with what it reaches of the mutants' statements. One that fails by itself is told, and left out."""
    by_file: dict[Path, list[pytest.Item]] = {}
    for test in tests:
        by_file.setdefault(test.path, []).append(test)
    works = [Work(some, functools.partial(_recorded, some, mutants), _LONG) for some in by_file.values()]
    found = []
    for done in forked(works, workers):
        if done.code != 0:
            raise SystemExit(f"{done.subject[0].path} cannot be run: mend it first\n{done.error}")
        lines = (done.folder / "ways").read_text(encoding="utf-8").splitlines()
        spent = 0.0
        for test, (seconds, reached, passed) in zip(done.subject, map(json.loads, lines), strict=True):
            spent += seconds
            if passed:
                found.append(Way(test, seconds, frozenset(reached)))
            else:
                print(f"left out, for it fails without any change: {test.nodeid}", flush=True)
        print(f"{done.subject[0].path}: {len(done.subject)} tests, {spent:.1f} seconds", file=sys.stderr, flush=True)
    return found


def run(tests: Iterable[pytest.Item]) -> bool:
    """Run tests in that order to the first that fails; whether all passed."""
    order: list[pytest.Item | None] = [*tests, None]
    for test, following in zip(order, order[1:]):  # noqa: B905, RUF007 — pairwise loses the types
        assert test is not None
        test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        if test.session.testsfailed:
            return False
    return True


def hasten(tests: Iterable[pytest.Item]) -> None:
    """Have laws try few examples and look for no smaller one: that a law fails is all that counts, and what survives
    has met every test.
    """
    for test in tests:
        law: Any = getattr(test, "obj", None)
        if is_hypothesis_test(law):
            given: settings = law._hypothesis_internal_use_settings
            phases = [phase for phase in given.phases if phase not in (Phase.shrink, Phase.explain)]
            law._hypothesis_internal_use_settings = settings(
                given, phases=phases, max_examples=min(EXAMPLES, given.max_examples)
            )


def _recorded(tests: Sequence[pytest.Item], mutants: Sequence[Mutant], folder: Path) -> int:
    """In a fork: run the tests of a file, write down what each reached."""
    recorder = _Recorder()
    tests[0].config.pluginmanager.register(recorder)
    put_probes(mutants, recorder.reached.add)
    caches, lines = list(_caches()), []
    for test, following in zip(tests, [*tests[1:], None], strict=True):
        for empty in caches:
            empty()
        recorder.reached.clear()
        begin = time.process_time()
        test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        seconds = time.process_time() - begin
        shared = [recorder.shared.get(name, set()) for name in getattr(test, "fixturenames", ())]
        reached = sorted(recorder.reached.union(*shared))
        lines.append(json.dumps([seconds, reached, test.nodeid not in recorder.failed]))
    (folder / "ways").write_text("\n".join(lines), encoding="utf-8")
    return 0


def _caches() -> Iterator[Callable[[], None]]:
    """What empties each cache of our functions and of the tests': the standard library's, `Kept` and `per_policy`'s."""
    gc.unfreeze()
    for one in gc.get_objects():
        if type(one) is functools._lru_cache_wrapper and one.__module__.startswith(("respondby.", "test")):
            yield one.cache_clear
        elif type(one) is Kept:
            yield one.clear
        elif type(one) is FunctionType and one.__code__.co_qualname == "per_policy.<locals>.made":
            cells = dict(zip(one.__code__.co_freevars, one.__closure__ or (), strict=True))
            yield cells["known"].cell_contents.clear
