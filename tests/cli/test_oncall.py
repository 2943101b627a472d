"""`respondby oncall` as people call it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ics
import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar
from tests.cli.rota_desk import POLICY, SWAP, commit, write_desk
from tests.policy.policies import ROOT

from respondby.cli.main import main

AT = "2026-12-03T12:00+01:00"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk, in a working folder of its own, outside of any runner."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    write_desk(tmp_path)
    return tmp_path


def oncall(*arguments: str, at: str = AT) -> Result:
    return CliRunner().invoke(main, ["oncall", "--at", at, *arguments])


def test_now_says_who_since_until_why_and_who_comes() -> None:
    assert (
        oncall().stdout
        == """\
At Thu 3 Dec 2026, 12:00 (Europe/Brussels)
answering as lead: dan

week (Europe/Brussels), answers as engineer
  now    Wed 2 Dec 2026, 18:00 – Fri 4 Dec 2026, 08:00  dan (for cid: A course),
                                                      ends in 20 hours
  then   Fri 4 Dec 2026, 08:00 – Mon 7 Dec 2026, 10:00  cid, in 20 hours
  then   Mon 7 Dec 2026, 10:00 – Mon 14 Dec 2026, 10:00 ann, in 3 days 22 hours
  then  Mon 14 Dec 2026, 10:00 – Mon 21 Dec 2026, 10:00 bob, in 10 days 22 hours

nights (Europe/Brussels), answers as lead
  now    Wed 2 Dec 2026, 06:00 – …                      nobody
  then  nobody, and no change is known
"""
    )


FOLLOW = ["--policy", str(ROOT / "docs/examples/follow-the-sun/support.yml")]


@pytest.mark.parametrize(
    "at, who",
    [
        ("2026-03-18T15:59Z", ["ann"]),
        ("2026-03-18T16:00Z", ["cid", "dan"]),
        ("2026-03-18T22:00Z", ["lee"]),
        ("2026-03-19T07:00Z", ["ann"]),
        # Three weeks later Berlin has changed its clocks too: Chicago begins an hour after Berlin ended as before.
        ("2026-04-08T15:00Z", ["cid", "dan"]),
        ("2026-12-24T12:00Z", ["bob"]),
    ],
)
def test_layers_say_who_answers_at_this_time_of_day(at: str, who: list[str]) -> None:
    assert json.loads(oncall(*FOLLOW, "--json", at=at).stdout)["answering"]["on-call"] == who


def test_layers_that_ask_about_a_case_have_no_answer_without_one() -> None:
    roles = "lead: [{ when: { type: request }, rota: nights }, { people: dan }]"
    write_desk(Path(), policy=POLICY.replace("lead: [{ rota: nights }, { people: dan }]", roles))
    assert json.loads(oncall("--json").stdout)["answering"] == {}


def test_shadows_are_named() -> None:
    assert "  shadowed by learner\n" in oncall(*FOLLOW).stdout


def test_now_as_json_has_the_batchs_keys() -> None:
    told = json.loads(oncall("--json", "--rota", "week").stdout)
    assert list(told["rotas"]) == ["week"]
    week = told["rotas"]["week"]
    assert {key: week[key] for key in ("on_call", "since", "until")} == {
        "on_call": ["dan"],
        "since": "2026-12-02T17:00:00Z",
        "until": "2026-12-04T07:00:00Z",
    }
    assert week["roles"] == ["engineer"]
    assert [shift["on_call"] for shift in week["next"]] == [["cid"], ["ann"], ["bob"]]


@pytest.mark.parametrize(
    "at, who",
    [("now", None), ("mon 09:59", ["cid"]), ("mon 10:00", ["ann"]), ("2026-01-01T00:00Z", []), ("2026-12-03", ["dan"])],
)
def test_at_is_said_as_people_say_it(at: str, who: list[str] | None) -> None:
    result = oncall("--json", "--rota", "week", at=at)
    assert result.exit_code == 0
    told = json.loads(result.stdout)["rotas"]["week"]
    if at.startswith(
        "mon"
    ):  # the next Monday of the machine's own clock: whoever it is, the shift begins or ends there
        edge = told["since"] if at.endswith("10:00") else told["until"]
        assert datetime.fromisoformat(edge).astimezone(UTC).weekday() == 0
    elif who is not None:
        assert told["on_call"] == who


def test_a_time_lists_its_shifts_and_what_each_carries() -> None:
    result = oncall("--from", "2026-12-01", "--until", "2026-12-15", "--rota", "week")
    assert (
        result.stdout
        == """\
week (Europe/Brussels), answers as engineer
  Mon 30 Nov 2026, 10:00 – Wed 2 Dec 2026, 18:00  cid
   Wed 2 Dec 2026, 18:00 – Fri 4 Dec 2026, 08:00  dan (for cid: A course)
   Fri 4 Dec 2026, 08:00 – Mon 7 Dec 2026, 10:00  cid
   Mon 7 Dec 2026, 10:00 – Mon 14 Dec 2026, 10:00 ann
  Mon 14 Dec 2026, 10:00 – Mon 21 Dec 2026, 10:00 bob

From Tue 1 Dec 2026, 00:00 until Tue 15 Dec 2026, 00:00 (Europe/Brussels)
  who                      shifts     hours  nights  weekend days  holidays
  ann                           1       168       7             2         0
  bob                           1        14       0             0         0
  cid                           2       116       5             2         0
  dan                           1        38       2             0         0
  A night is counted for whoever is on call at 03:00, a Saturday, Sunday or
  holiday for whoever is at 12:00, on that person's own clock. Holidays are the
  public ones of the calendar office.
"""
    )


def test_a_turn_that_goes_to_the_next_member_says_who_is_away() -> None:
    policy = POLICY.replace("cid: { away: [2026-12-22/2026-12-23] }", "cid: { away: [2026-12-01] }")
    write_desk(Path(), policy=policy)
    said = " ".join(oncall("--rota", "week", at="2026-12-01T12:00").stdout.split())
    assert "ann (for cid, who is away)" in said


def test_figures_count_holidays_of_the_calendar_and_add_up() -> None:
    told = json.loads(
        oncall("--from", "2026-01-05T10:00", "--until", "2027-01-04T10:00", "--rota", "week", "--json").stdout
    )
    people = told["figures"]["people"]
    assert told["figures"]["holidays_of"] == "office"
    assert sum(who["hours"] for who in people.values()) == 364 * 24
    assert sum(who["weekend_days"] for who in people.values()) == 104
    assert sum(who["nights"] for who in people.values()) == 364
    assert sum(who["holidays"] for who in people.values()) == 12  # eleven of 2026, and 1 January 2027


def test_a_month_is_a_table_with_the_time_of_each_change() -> None:
    lines = oncall("--month", "2026-12", "--rota", "week").stdout.splitlines()
    assert lines[:9] == [
        "week · December 2026 · Europe/Brussels",
        " Mon        Tue        Wed        Thu        Fri        Sat        Sun",
        "            1          2          3          4          5          6",
        "            cid        cid        dan        dan        cid        cid",
        "                       18:00 dan             08:00 cid",
        " 7          8          9          10         11         12         13",
        " cid        ann        ann        ann        ann        ann        ann",
        " 10:00 ann",
        " 14         15         16         17         18         19         20",
    ]
    assert "From Tue 1 Dec 2026, 00:00 until Fri 1 Jan 2027, 00:00 (Europe/Brussels)" in lines


def test_this_and_next_are_months_too() -> None:
    assert "December 2026" in oncall("--month", "this").stdout
    assert "January 2027" in oncall("--month", "next").stdout


@pytest.mark.parametrize("arguments", [(), ("--month", "2026-12"), ("--from", "2026-12-01")])
def test_nothing_is_wider_than_80_columns(arguments: tuple[str, ...]) -> None:
    wide = {"ann": "annabella-of-the-very-long-login-name-x", "cid": "cid-of-the-other-very-long-login-name-y"}
    policy, swaps = (
        POLICY,
        SWAP + "- { from: 2026-12-05, until: 2026-12-06, on: [ann, bob, dan], why: " + "w" * 300 + " }\n",
    )
    for short, long in wide.items():
        policy, swaps = (re.sub(rf"\b{short}\b", long, text) for text in (policy, swaps))
    write_desk(Path(), policy=policy, swaps=swaps, nights="[]")
    result = oncall(*arguments)
    assert result.exit_code == 0, result.stderr
    assert [line for line in result.stdout.splitlines() if len(line) > 80] == []


def test_a_day_is_said_without_an_option() -> None:
    asked = oncall("tomorrow", "--json")
    assert asked.exit_code == 0, asked.output
    told = json.loads(asked.stdout)
    assert (told["from"], told["until"]) == ("2026-12-03T23:00:00Z", "2026-12-04T23:00:00Z")
    assert json.loads(oncall("2026-12-04", "--json").stdout) == told
    assert json.loads(oncall("fri", "--json").stdout) == told


def test_a_person_is_said_without_an_option() -> None:
    for person in ("ann", "@Ann"):
        assert oncall(person).stdout == oncall("--person", "ann").stdout
    assert oncall("ann", "fri").stdout == oncall("fri", "--person", "ann").stdout


def test_a_time_is_said_without_an_option() -> None:
    assert oncall("fri", "16:00").stdout == oncall(at="fri 16:00").stdout


def test_a_word_that_means_nothing_is_answered_with_what_it_may_be() -> None:
    asked = oncall("annn")
    assert asked.exit_code == 2
    assert "“annn” is neither in `people` nor a day or a time; did you mean “ann”?" in asked.output


def test_a_person_sees_their_own_shifts() -> None:
    told = json.loads(oncall("--person", "@Cid", "--json", "--rota", "week").stdout)
    assert told["person"] == "cid"
    assert {who for shift in told["rotas"]["week"]["next"] for who in shift["on_call"]} == {"cid"}
    listed = json.loads(oncall("--person", "dan", "--from", "2026-12-01", "--json").stdout)
    assert [shift["on_call"] for rota in listed["rotas"].values() for shift in rota["shifts"]] == [
        ["dan"],
        ["dan", "ann"],
    ]
    assert list(listed["figures"]["people"]) == ["dan"]


# The calendar file, read back by a library that others subscribe with.


def events(result: Result) -> Iterator[dict[str, Any]]:
    calendar = Calendar.from_ical(result.stdout_bytes)
    assert calendar.errors == []
    for event in calendar.walk("VEVENT"):
        assert event.errors == []
        yield {
            "uid": str(event["UID"]),
            "who": str(event["SUMMARY"]),
            "begin": event["DTSTART"].dt,
            "end": event["DTEND"].dt,
            "about": str(event.get("DESCRIPTION", "")),
        }


def test_the_calendar_file_holds_an_event_a_shift_with_overrides_applied() -> None:
    result = oncall("--ical", "--from", "2026-12-01", "--until", "2026-12-08", "--rota", "week")
    assert [(event["who"], event["begin"].isoformat(), event["end"].isoformat()) for event in events(result)] == [
        ("cid on call: week", "2026-11-30T09:00:00+00:00", "2026-12-02T17:00:00+00:00"),
        ("dan on call: week", "2026-12-02T17:00:00+00:00", "2026-12-04T07:00:00+00:00"),
        ("cid on call: week", "2026-12-04T07:00:00+00:00", "2026-12-07T09:00:00+00:00"),
        ("ann on call: week", "2026-12-07T09:00:00+00:00", "2026-12-14T09:00:00+00:00"),
    ]
    assert [event["about"] for event in events(result)][1] == "Answers as engineer.\nFor cid: A course."


def test_another_reader_than_icalendar_sees_the_same_events() -> None:
    """`ics` has a grammar of its own; both are what people's own tools read such files with."""
    write_desk(Path(), swaps=SWAP.replace("A course", f'"A course; in Liège, by train {"é日" * 60}"'))
    result = oncall("--ical", "--rota", "week")
    read = ics.Calendar(result.stdout_bytes.decode())
    theirs = {
        event.uid: (event.name, event.begin.datetime, event.end.datetime, event.description or "")
        for event in read.events
    }
    assert theirs == {
        event["uid"]: (event["who"], event["begin"], event["end"], event["about"]) for event in events(result)
    }
    assert any("A course; in Liège, by train é日é日" in about for *_, about in theirs.values())
    assert all(event.transparent for event in read.events)


def test_a_swap_changes_whom_an_event_names_and_not_its_uid() -> None:
    whole = "- { from: 2026-12-07T10:00, until: 2026-12-14T10:00, on: dan, instead-of: ann }\n"
    arguments = ("--ical", "--from", "2026-11-02", "--until", "2027-01-04", "--rota", "week")
    before = {event["begin"]: event for event in events(oncall(*arguments))}
    write_desk(Path(), swaps=SWAP + whole)
    after = {event["begin"]: event for event in events(oncall(*arguments))}
    assert {begin: event["uid"] for begin, event in before.items()} == {
        begin: event["uid"] for begin, event in after.items()
    }
    changed = [begin for begin in before if before[begin]["who"] != after[begin]["who"]]
    assert [begin.isoformat() for begin in changed] == ["2026-12-07T09:00:00+00:00"]
    assert len({event["uid"] for event in after.values()}) == len(after)


def test_the_same_shifts_are_the_same_bytes_whenever_they_are_printed() -> None:
    arguments = ("--ical", "--from", "2026-11-02", "--until", "2027-01-04")
    assert oncall(*arguments).stdout_bytes == oncall(*arguments, at="2031-01-01").stdout_bytes


def test_a_calendar_line_ends_in_crlf_and_is_at_most_75_octets_wherever_its_characters_fall() -> None:
    for size in range(1, 80):
        why = "é日" * size + "; a,b\\\\c"
        write_desk(Path(), swaps=SWAP.replace("A course", f'"{why}"'))
        result = oncall("--ical", "--rota", "week", "--from", "2026-12-03", "--until", "2026-12-04")
        lines = result.stdout_bytes.split(b"\r\n")
        assert b"\n" not in b"".join(lines)
        assert lines[-1] == b""
        assert max(map(len, lines)) <= 75
        [event] = events(result)
        assert event["about"].startswith("Answers as engineer.\nFor cid: é日")
    assert b"\r\nNAME:Rota\\, desk\\; of tests: week\\, nights\r\n" in oncall("--ical").stdout_bytes


def test_a_subscribed_calendar_shows_four_weeks_back_and_half_a_year_ahead() -> None:
    found = list(events(oncall("--ical", "--rota", "week")))
    assert found[0]["end"].isoformat() == "2026-11-09T09:00:00+00:00"
    assert found[-1]["begin"].isoformat() == "2027-05-31T08:00:00+00:00"


def test_the_hour_that_autumn_repeats_is_told_apart_in_lists_and_in_a_month() -> None:
    swap = "- { from: 2026-10-25T02:30+02:00, until: 2026-10-25T02:30+01:00, on: dan, instead-of: cid }\n"
    write_desk(Path(), swaps=swap)
    lines = oncall("--rota", "week", "--from", "2026-10-25", "--until", "2026-10-26").stdout
    assert "Sun 25 Oct 2026, 02:30 UTC+2 – Sun 25 Oct 2026, 02:30 UTC+1 dan (for cid)" in " ".join(lines.split())
    month = oncall("--rota", "week", "--month", "2026-10").stdout
    assert month.count("02:30") == 2
    assert "UTC+2" in month
    assert "UTC+1" in month


# What a change in the checkout means for people.


def test_a_swap_in_the_checkout_says_who_gains_and_who_loses(folder: Path) -> None:
    commit(folder, "A desk")
    write_desk(folder, swaps=SWAP + "- { from: 2026-12-18T18:00, until: 2026-12-21T08:00, on: ann, instead-of: bob }\n")
    result = oncall("--diff", "main")
    assert (
        result.stdout
        == """\
ann gains shifts; bob loses shifts.

week (Europe/Brussels)
  Fri 18 Dec 2026, 18:00 – Mon 21 Dec 2026, 08:00 bob → ann (for bob)

  who                          shifts         hours   nights  weekend  holidays
  ann                              +1           +62       +3       +2         –
  bob                              −1           −62       −3       −2         –
  Looked at until Thu 3 Jun 2027, 13:00. A night is counted for whoever is on
  call at 03:00, a Saturday, Sunday or holiday for whoever is at 12:00, on that
  person's own clock. Holidays are the public ones of the calendar office.
"""
    )
    told = json.loads(oncall("--diff", "HEAD", "--json").stdout)
    assert told["rotas"]["week"]["changes"] == [
        {
            "since": "2026-12-18T17:00:00Z",
            "until": "2026-12-21T07:00:00Z",
            "before": ["bob"],
            "after": ["ann"],
            "instead_of": ["bob"],
            "away": [],
        }
    ]


def test_an_absence_and_a_rota_that_is_new_or_gone_are_changes_too(folder: Path) -> None:
    commit(folder, "A desk")
    policy = POLICY.replace("ann: {}", "ann: { away: [2026-12-08] }").replace("  nights:", "  late:")
    write_desk(folder, policy=policy.replace("rota: nights", "rota: late"), nights=f"{'[]'}")
    told = json.loads(oncall("--diff", "main", "--json", at="2026-12-01T12:00").stdout)
    assert [(rota, about["state"]) for rota, about in told["rotas"].items()] == [
        ("week", "changed"),
        ("nights", "gone"),
    ]
    assert told["figures"]["people"]["bob"]["gains"]["hours"] == 24
    assert told["figures"]["people"]["ann"]["loses"]["hours"] == 32


def test_nothing_changed_is_said_so(folder: Path) -> None:
    commit(folder, "A desk")
    assert oncall("--diff", "main").stdout == "Nobody's shifts change.\n"


# What cannot be answered.


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["--rota", "weak"], "there is no rota “weak”; did you mean “week”?; there is week, nights"),
        (["--person", "bobb"], "“bobb” is not in `people`; did you mean “bob”?"),
        (["--calendar", "offices"], "did you mean “office”?"),
        (["--month", "december"], "is not a month; write one such as 2026-12"),
        (["--month", "2026-13"], "is not a month"),
        (["--month", "2026-12", "--from", "2026-12-01"], "not both"),
        (["--from", "2026-12-02", "--until", "2026-12-01"], "write the later time last"),
        (["--from", "soonish"], "“soonish” is not a time"),
        (["--ical", "--json"], "--ical stands alone"),
        (["--diff", "main", "--month", "this"], "--diff looks ahead"),
        (["--diff", "main"], "git knows no commit main"),
        (["--policy", "nowhere.yml"], "nowhere.yml"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_to_write(arguments: list[str], says: str) -> None:
    result = oncall(*arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_commit_is_never_taken_for_an_option_of_git(folder: Path) -> None:
    commit(folder, "A desk")
    result = oncall("--diff", "--output=stolen")
    assert result.exit_code == 2
    assert not (folder / "stolen").exists()


def test_a_desk_without_rotas_says_so() -> None:
    policy = POLICY[: POLICY.index("rotas:")] + POLICY[POLICY.index("roles:") :]
    policy = policy.replace("{ rota: week }", "ann").replace("[{ rota: nights }, { people: dan }]", "dan")
    write_desk(Path(), policy=policy)
    result = oncall()
    assert (result.exit_code, "has no rotas" in result.stderr) == (2, True)


def test_a_policy_that_does_not_load_says_where() -> None:
    write_desk(Path(), swaps=SWAP.replace("dan", "dna"))
    result = oncall()
    assert result.exit_code == 2
    assert "rota/week.yml:1:58: error: There is no `dna` in `people`." in result.stderr
