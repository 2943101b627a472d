"""CPU seconds of `check` over the worst files that the tests know: `python tests/bench/worst_files.py`.

A file that takes more than two seconds makes the exit code 1. The files are those of
`tests/policy/test_hostile_files.py`.
"""

import sys
import time

from tests.policy.test_hostile_files import ENTRIES, NOW, POLICIES, rota

from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check

MOST = 2.0


def seconds(text: str, files: dict[str, str]) -> float:
    """CPU seconds of one check."""
    begin = time.process_time()
    check(text, Surroundings(NOW), files=files)
    return time.process_time() - begin


def main() -> int:
    """Print a row a file; 1 where one takes too long."""
    cases = [(f"{name}, {every}", rota(every), {"o.yml": text}) for name, (text, _) in ENTRIES.items()
             for every in ("1 week", "1 hour")]  # fmt: skip
    cases += [(name, text, {}) for name, (text, _) in POLICIES.items()]
    slow = 0
    for name, text, files in cases:
        taken = seconds(text, files)
        slow += taken > MOST
        print(f"{taken:6.2f} s  {name}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
