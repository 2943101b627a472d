"""`deadline --batch` beside another checkout, in lines a CPU second: `python tests/bench/batch_lines.py OTHER`.

Both answer the lines of `tests/calendars/time.jsonl`, repeated with starts that differ, in a process of its own each;
the best of three counts. The exit code is 1 where ours is not three times as fast as the other.
"""

import json
import os
import resource
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS, WANTED = 2500, 3.0


def lines() -> str:
    """Every line of the examples, again and again, each time some minutes later."""
    examples = [json.loads(line) for line in (ROOT / "tests/calendars/time.jsonl").read_text().splitlines()]
    made = []
    for number in range(ROUNDS):
        for example in examples:
            begin = datetime.fromisoformat(example["from"]) + timedelta(minutes=number % 50)
            made.append(json.dumps({**example, "from": begin.isoformat()}))
    return "\n".join(made)


def speed(checkout: Path, text: str) -> float:
    """Lines a CPU second."""
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "respondby", "deadline", "--batch", "-"],
            input=text, text=True, stdout=subprocess.DEVNULL, check=False,
            env={**os.environ, "PYTHONPATH": str(checkout / "actions")},
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return (text.count("\n") + 1) / min(seconds)


def main(other: Path) -> int:
    """Print both and their ratio."""
    text = lines()
    theirs, ours = speed(other, text), speed(ROOT, text)
    print(f"{ours:,.0f} lines a CPU second; {theirs:,.0f} in {other}: {ours / theirs:.2f} times")
    return 0 if ours >= WANTED * theirs else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
