"""Cases that a full reading has let go, and of which the run has learned more since: what the desk's log keeps of one,
what a dispatch has said of one. They are read again, and looked at like every other.
"""

from __future__ import annotations

from respondby.forge.gathering import gather_again
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.run import Run
from respondby.jobs.loop.settling import TOGETHER


def take_back(run: Run, report: Report) -> None:
    """Read them again. One that cannot be read is the run's failure, and looked at by the next one."""
    numbers, known = run.resting.needed(run.log, run.selection.memory), run.resting.settled
    for number in numbers:
        known[number].alone = False
    for first in range(0, len(numbers), TOGETHER):
        again = gather_again(run.client, numbers[first : first + TOGETHER], run.gathered.us)
        run.cases = [*(run.cases or []), *again.cases.values()]
        for number in (*again.gone, *again.failed):
            settled = known[number]
            settled.gone, settled.next = number in again.gone, None if number in again.gone else run.now
            report.cases.append(settled)
        report.failed.extend(f"{known[number].ref}: {why}" for number, why in again.failed.items())
    for number in numbers:
        run.resting.forget(number)
