"""Files that a slip or an attack makes: each is judged at once or refused with a word, whatever its shape.

Nothing here measures time: what once took minutes or had no end would stop the suite (`timeout` in pyproject.toml).
`tests/bench/worst_files.py` tells the seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.rota_desk import commit, write_desk
from tests.policy.policies import ROOT

from respondby.calendars.errors import TimeError
from respondby.cli import deadline
from respondby.cli.base_policy import policy_at
from respondby.cli.check import problems_of
from respondby.cli.policy_files import read_text
from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check
from respondby.policy.text.problems import PolicyError

NOW = 1_795_392_000
HEAD = "version: 1\ndesk: A desk\ntimezone: Europe/Brussels\npeople: { ann: {}, bob: {} }\n"


def rota(every: str) -> str:
    handover = f"{{ every: {every}, from: 2026-01-05T10:00 }}"
    return (
        f"{HEAD}rotas: {{ week: {{ timezone: Europe/Brussels, handover: {handover}, members: [ann, bob], "
        "overrides: o.yml } }\nroles: { lead: { rota: week } }\n"
    )


def shown(hours: int) -> str:
    return (datetime(2026, 11, 25) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def entry(begin: str, until: str, who: str) -> str:
    return f"- {{ from: {begin}, until: {until}, on: {who} }}\n"


def listed(section: str, line: str, count: int) -> str:
    return f"{HEAD}{section}:\n" + "".join(f"  {line.replace('#', str(number))}\n" for number in range(count))


ENTRIES = {
    "a slip in the year": (entry("2026-12-05T00:00", "2926-12-12T00:00", "ann"), "This lies in the year 2926."),
    "a swap of centuries that covers nobody": (
        entry("2026-12-05T00:00", "2199-12-12T00:00", "ann, instead-of: ann"),
        "This lasts 173 years",
    ),
    "copies of one line": (entry("2026-12-05T00:00", "2030-12-05T00:00", "bob") * 125, "More than 12 entries"),
    "two thousand swaps in a row": (
        "".join(entry(shown(4 * n), shown(4 * n + 4), "ann" if n % 2 else "bob") for n in range(2000)),
        "",
    ),
    "two thousand swaps of which eleven apply at once": (
        "".join(entry(shown(4 * n), shown(4 * n + 44), "bob, instead-of: bob") for n in range(2000)),
        "is not on call",
    ),
    "more swaps than anybody writes": (
        entry("2026-12-05T00:00", "2026-12-06T00:00", "bob") * 2001,
        "This file has 2001 entries.",
    ),
}


@pytest.mark.parametrize("every", ["1 week", "1 hour"])
@pytest.mark.parametrize("name", ENTRIES)
def test_a_rota_s_entries(name: str, every: str) -> None:
    text, says = ENTRIES[name]
    found = check(rota(every), Surroundings(NOW), files={"o.yml": text})
    if every == "1 week":
        assert says in " ".join(problem.message for problem in found)


DOUBLED = "".join(f"  r{n}: [{{ role: r{n + 1} }}, {{ role: r{n + 1} }}]\n" for n in range(18))

POLICIES = {
    "three thousand rotas": (
        listed("rotas", "r#: { timezone: UTC, handover: { every: 1 hour, from: 2026-01-05 }, members: [ann] }", 3000),
        "There are 3000 rotas.",
    ),
    "a rota of five thousand": (
        HEAD + "rotas: { w: { timezone: UTC, handover: { every: 1 hour }, members: [" + "ann, " * 4999 + "bob] } }\n",
        "This rota has 5000 members.",
    ),
    "absences without end": (
        "version: 1\ndesk: A\npeople: { ann: { away: [" + ", ".join(["2026-01-01"] * 12_000) + "] } }\n",
        "This lists 12000 spans.",
    ),
    "four thousand calendars": (
        listed("calendars", "c#: { hours: { mon: ['09:00-10:00'] } }", 4000),
        "There are 4000 calendars.",
    ),
    "an opening of three centuries": (
        HEAD + "calendars: { c: { hours: {}, open: [1900-01-01/2199-12-31] } }\n",
        "",
    ),
    "clocks that start each other": (
        listed("clocks", "c#: { start: c1# stops, stop: closed, target: 1h }", 3500),
        "There are 3500 clocks.",
    ),
    "a target of twenty thousand choices": (
        HEAD + "clocks: { c: { start: opened, stop: closed, target: [" + "1h, " * 19_999 + "2h] } }\n",
        "",
    ),
    "roles that double at each step": (
        f"{HEAD}roles:\n{DOUBLED}  r18: ann\n",
        "",
    ),
    "ten thousand roles": (listed("roles", "r#: ann", 10_000), ""),
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy(name: str) -> None:
    text, says = POLICIES[name]
    assert says in " ".join(problem.message for problem in check(text, Surroundings(NOW)))


def test_a_file_of_gigabytes_is_not_read_whole(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yml"
    with huge.open("wb") as file:
        file.truncate(3 << 30)  # a hole: it takes no room on the disk
    with pytest.raises(PolicyError, match="This file is larger than 512 kB"):
        read_text(huge)


def test_a_file_of_gigabytes_is_no_calendar_and_no_policy_of_deadline(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yml"
    with huge.open("wb") as file:
        file.truncate(3 << 30)
    for policy, calendar in ((huge, None), (None, huge)):
        with pytest.raises(TimeError, match="This file is larger than 512 kB"):
            deadline._calendars(policy, None, calendar)


def test_what_git_has_of_another_commit_is_read_no_further_than_what_is_here(tmp_path: Path) -> None:
    path = write_desk(tmp_path, swaps="# " + "x" * (600 << 10) + "\n[]\n")
    with pytest.raises(PolicyError, match=r"rota/week.yml:1:1: error: This file is larger than 512 kB"):
        policy_at(commit(tmp_path, "A large one"), path)
    path.write_text("# " + "x" * (600 << 10))
    with pytest.raises(PolicyError, match=r"support.yml:1:1: error: This file is larger than 512 kB"):
        policy_at(commit(tmp_path, "A larger one"), path)


@pytest.mark.parametrize("where", ["git", "here"])
def test_a_folder_of_more_files_than_anybody_looks_through_is_refused(tmp_path: Path, where: str) -> None:
    path = write_desk(tmp_path)
    path.write_text(path.read_text() + "messages: words\n")
    (tmp_path / "words").mkdir()
    for number in range(501):
        (tmp_path / "words" / f"{number}.md").write_text("")
    if where == "git":
        with pytest.raises(PolicyError, match="more than 500 files"):
            policy_at(commit(tmp_path, "Many"), path)
    else:
        assert "more than 500 files" in problems_of(path, NOW)[0].message


STORY = (
    "scenario: A\npolicy: support.yml\ntimezone: Europe/Brussels\nstarts: 2026-11-09T10:00\n"
    "people: { cleo: customer }\nstory:\n"
)
SMALL = "version: 1\\ndesk: A\\npeople: {" + ", ".join(f"p{number}: {{}}" for number in range(300)) + "}"
STORIES = {
    "steps without end": ("  - { at: +1s, expect: { paged: [zed] } }\n" * 9000, "This story has 9000 steps."),
    "a policy in every step": (
        f'  - {{ at: +1s, policy: &p "{SMALL}" }}\n' + "  - { at: +1s, policy: *p }\n" * 900,
        "more policies than can be looked at",
    ),
    "a long text in every step": (
        f"  - {{ at: +1s, who: cleo, opens: question, title: &t {'x' * 300_000}, with: {{}} }}\n"
        + "  - { at: +1s, who: cleo, opens: question, title: *t, with: {} }\n" * 900,
        "has more than 4194304 characters",
    ),
    "lists in lists": (f"  - {{ at: +1s, expect: {'[' * 5000}{']' * 5000} }}\n", "nested deeper than 40 levels"),
    "years that no calendar has": (
        "  - { at: +36500 days, expect: { paged: [] } }\n" * 90,
        "This is more than ten years after the story starts",
    ),
    "a number of six thousand digits": (
        f"  - {{ at: +1s, fault: {{ n: {'9' * 6000} }} }}\n",
        "",
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_scenario(name: str, tmp_path: Path) -> None:
    text, says = STORIES[name]
    (tmp_path / "support.yml").write_text((ROOT / "docs/examples/waiting/support.yml").read_text())
    story = tmp_path / "story.yml"
    story.write_text(STORY + text)
    assert says in " ".join(problem.message for problem in problems_of(story, NOW))


def test_a_scenario_s_policy_of_gigabytes_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "support.yml").open("wb") as file:
        file.truncate(3 << 30)
    story = tmp_path / "story.yml"
    story.write_text(STORY + "  - { at: +1s, expect: { paged: [] } }\n")
    [problem] = problems_of(story, NOW)
    assert "It is larger than 512 kB." in problem.message
