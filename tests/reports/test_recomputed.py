"""Days lived through the desk's real runs: each figure is what a script finds that knows nothing of the desk.

`python -m tests.months`, a step of `.ci/run`, does so for three months of all five processes.
"""

from __future__ import annotations

import re

import pytest
from tests.months.__main__ import compared
from tests.months.comparing import differences
from tests.months.living import lived

from respondby.jobs.publishing import page_of
from respondby.jobs.report_facts import report_input


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("process", ["msp-handoff", "priorities-and-help"])
def test_every_figure_is_found_again_in_the_raw_timelines_and_by_explain(process: str) -> None:
    with lived(process, 0.17, 24) as life:
        for _, seen, found in compared(life, 1):
            assert seen > 40
            assert found == []


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_a_page_of_lived_days_tells_their_incidents_and_nothing_of_the_issues() -> None:
    with lived("msp-handoff", 0.17, 40, seed=3) as life:
        given = report_input(life.desk)
    found = page_of(given)
    assert len(found.page.incidents) >= 3
    assert {one.title for one in found.page.incidents} == {"", "The portal does not answer"}
    assert found.remarks == ()
    logins = {*given.facts.policy.people, *(case.author for case in given.facts.cases)}
    titles = {case.title for case in given.facts.cases}
    assert {"clara", "abe"} <= logins
    for path, text in found.files.items():
        words = set(re.findall(r"[\w-]+", f"{path} {text}"))
        assert not words & logins, path
        assert not [title for title in titles if title in text], path
        assert "a full disk" not in text, path  # what /root-cause said


def test_a_figure_that_differs_is_named_by_its_place() -> None:
    one, other = {"calls": [{"day": 1}], "n": 3}, {"calls": [{"day": 2}], "n": 3}
    assert list(differences(one, other)) == [".calls[0].day: 1 and 2"]
