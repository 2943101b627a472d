"""Mutants: where code can be changed, and that a change takes hold."""

import os
from pathlib import Path

import pytest
from tests import mutants

from respondby.rules import lateness

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
    found = [(one.function, one.line, one.before, one.after) for one in mutants.mutants(file)]
    assert found == [
        ("f", 8, "if a < 2 and deep: …", "if not (a < 2 and deep): …"),
        ("f", 8, "a < 2 and deep", "a < 2 or deep"),
        ("f", 8, "a < 2", "a <= 2"),
        ("f", 8, "2", "3"),
        ("f", 9, "return a + 1", "return None"),
        ("f", 9, "a + 1", "a - 1"),
        ("f", 9, "1", "2"),
        ("f", 10, "return len([b for b in (a, 7) if not b]) + int(f'{a == 1}')", "return None"),
        (
            "f", 10, "len([b for b in (a, 7) if not b]) + int(f'{a == 1}')",
            "len([b for b in (a, 7) if not b]) - int(f'{a == 1}')",
        ),
        ("f", 10, "7", "8"),
        ("f", 10, "not b", "+bool(b)"),
        ("C.p", 15, "return self is None", "return None"),
        ("C.p", 15, "self is None", "self is not None"),
    ]  # fmt: skip


@pytest.mark.parametrize("room", mutants.TESTS)
def test_the_tests_of_a_room_exist(room: str) -> None:
    assert all((mutants.ROOT / path).exists() for path in mutants.TESTS[room])


def test_a_mutant_takes_hold_in_a_fork_and_nowhere_else() -> None:
    file = mutants.ROOT / "actions/respondby/rules/lateness.py"
    [none, *_] = [one for one in mutants.mutants(file) if one.function == "lag" and one.after == "return None"]
    process = os.fork()
    if process == 0:
        done = mutants.put_in_place(none) and lateness.lag.__code__ is none.code
        os._exit(0 if done else 1)
    assert os.waitpid(process, 0)[1] == 0
    assert lateness.lag.__code__ is not none.code
