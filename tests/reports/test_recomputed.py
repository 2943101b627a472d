"""Days lived through the desk's real runs: each figure is what a script finds that knows nothing of the desk.

`python -m tests.months`, a step of `.ci/run`, does so for three months of all five processes.
"""

from __future__ import annotations

import pytest
from tests.months.__main__ import compared
from tests.months.comparing import differences
from tests.months.living import lived


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("process", ["msp-handoff", "priorities-and-help"])
def test_every_figure_is_found_again_in_the_raw_timelines_and_by_explain(process: str) -> None:
    with lived(process, 0.17, 24) as life:
        for _, seen, found in compared(life, 1):
            assert seen > 40
            assert found == []


def test_a_figure_that_differs_is_named_by_its_place() -> None:
    one, other = {"calls": [{"day": 1}], "n": 3}, {"calls": [{"day": 2}], "n": 3}
    assert list(differences(one, other)) == [".calls[0].day: 1 and 2"]
