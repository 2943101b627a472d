"""Plays every scenario under fire: python -m tests.faults [--long] [--seed N] [SCENARIO.yml | FOLDER …]

Each schedule is drawn from a seed; one that fails prints the command that replays exactly it, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings

from tests.faults import campaign

SHORT, LONG = 200, 2_000


def main() -> int:
    """Run a campaign; the exit code."""
    reader = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    reader.add_argument("paths", nargs="*", metavar="SCENARIO.yml | FOLDER", help="instead of every scenario there is")
    reader.add_argument("--long", action="store_true", help=f"{LONG:,} schedules instead of {SHORT}")
    reader.add_argument("--schedules", type=int, metavar="N", help="that many schedules")
    reader.add_argument("--seed", type=int, metavar="N", help="this schedule alone, of each scenario that is named")
    reader.add_argument("--first", type=int, default=0, metavar="N", help="the first seed (default: 0)")
    reader.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    given = reader.parse_args()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    files = campaign.scenarios(given.paths)
    count = given.schedules or (LONG if given.long else SHORT)
    if given.seed is None:
        seeds = range(given.first, given.first + count)
        pairs = [(files[place % len(files)], seed) for place, seed in enumerate(seeds)]
    else:
        pairs = [(file, given.seed) for file in files]
    begin = time.perf_counter()
    verdicts = []
    for verdict in campaign.campaign(pairs, 1 if len(pairs) == 1 else given.workers):
        verdicts.append(verdict)
        if verdict.wrong:
            print("\n".join(campaign.told(verdict)), flush=True)
    print("\n".join(campaign.summary(verdicts)))
    seconds = time.perf_counter() - begin
    print(f"{seconds:.0f} seconds, {given.workers} processes; seeds {pairs[0][1]} to {pairs[-1][1]}")
    return int(any(verdict.wrong for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
