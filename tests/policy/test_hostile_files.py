"""Files that a slip or an attack makes: each is judged at once or refused with a word, whatever its shape.

Nothing here measures time: what once took minutes or had no end would stop the suite (`timeout` in pyproject.toml).
`tests/bench/worst_files.py` tells the seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

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
