"""A document as it is read: front matter, sections, times and lengths in the forms that people write."""

from __future__ import annotations

from datetime import date

import pytest

from respondby.postmortems.document.document import read_document
from respondby.postmortems.document.lengths import lengths_in, said
from respondby.postmortems.document.outline import role_of
from respondby.postmortems.document.stamps import stamp_at_start, stamps_in


@pytest.mark.parametrize(
    "text, day, minute, zone, form",
    [
        ("2026-06-02 10:00 - Problem starts", (2026, 6, 2), 600, "", "HH:MM"),
        ("13:28", None, 808, "", "HH:MM"),
        ("**14.43** RK asked", None, 883, "", "HH.MM"),
        ("14: 45 done", None, 885, "", "HH:MM"),
        ("2026-02-02 1625: mail", (2026, 2, 2), 985, "", "HHMM"),
        ("04:49 PM UTC Site is down", None, 1009, "UTC", "12-hour"),
        ("12:05 am", None, 5, "", "12-hour"),
        ("5 PM", None, 1020, "", "12-hour"),
        ("**June 14th, 2026, 10:00 AM:** As", (2026, 6, 14), 600, "", "12-hour"),
        ("27 July 2026", (2026, 7, 27), None, "", "date"),
        ("Saturday 2 September 2026", (2026, 9, 2), None, "", "date"),
        ("**22:30 UTC (Oct 29)** - Seen", (None, 10, 29), 1350, "UTC", "HH:MM"),
        ("[12-05 16:21] Seen", (None, 12, 5), 981, "", "HH:MM"),
        ("10:02-10:07 deployed", None, 602, "", "HH:MM"),
        ("2026-11-30T09:50+01:00", (2026, 11, 30), 590, "+01:00", "HH:MM"),
        ("~2026-03-03 19:30", (2026, 3, 3), 1170, "", "HH:MM"),
        (":warning: 10:00 UTC+2", None, 600, "UTC+2", "HH:MM"),
        ("21/04/2026 10:00", (2026, 4, 21), 600, "", "HH:MM"),
        ("03/04/2026 10:00", (2026, None, None), 600, "", "HH:MM"),
    ],
)
def test_a_time_is_read_in_every_form_that_was_met(text, day, minute, zone, form):
    stamp = stamp_at_start(text)
    assert stamp is not None
    assert (stamp.year, stamp.month, stamp.day) == (day or (None, None, None))
    assert (stamp.minute, stamp.zone, stamp.form, stamp.wrong) == (minute, zone, form, "")


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("22025-03-18 09:36", "year"),
        ("2026-02-30 09:36", "date"),
        ("25:10", "time"),
        ("14:?? Scaled down", "blank"),
        ("2026-03-13 HH:mm", "blank"),
        ("2019-12-03 --:--", "blank"),
    ],
)
def test_a_time_that_is_none_says_why(text, wrong):
    stamp = stamp_at_start(text)
    assert stamp is not None
    assert stamp.wrong == wrong


@pytest.mark.parametrize(
    "text", ["4.2 is released", "9.05 seconds", "1.24.3", "200 users", "Version 10.20 of it", "May it be"]
)
def test_what_only_looks_like_a_time_is_none(text):
    assert stamp_at_start(text) is None


SENTENCE = "From 21:45 to 23:28 UTC the load was 14.43, up from 10.02."


def test_in_a_sentence_a_number_with_a_point_is_no_time():
    assert [stamp.text for stamp in stamps_in(SENTENCE)] == [
        "21:45",
        "23:28 UTC",
    ]


@pytest.mark.parametrize(
    "text, minutes, slack, about",
    [
        ("39 min", 39, 1, False),
        ("5 hours and 26 minutes", 326, 1, False),
        ("1h50m", 110, 1, False),
        ("1h50", 110, 1, False),
        ("0h 07m", 7, 1, False),
        ("2d 1h 29m", 2969, 1, False),
        ("5,840 minutes", 5840, 5, False),
        ("30min outage", 30, 5, False),
        ("22 hours", 1320, 30, False),
        ("~20 minutes", 20, 5, True),
        ("about 3 hours", 180, 30, True),
        ("within 20 minutes", 20, 5, True),
    ],
)
def test_a_length_is_as_exact_as_it_was_written(text, minutes, slack, about):
    [length] = lengths_in(text)
    assert (length.minutes, length.slack, length.about) == (minutes, slack, about)


@pytest.mark.parametrize("text", ["20 seconds", "30s timeout", "5 min 2 h", "v1.2d", "$5 m", "10-15 minutes"])
def test_what_is_no_length_of_an_incident_is_none(text):
    assert [one for one in lengths_in(text) if not one.about and one.text == text] == []


@pytest.mark.parametrize(
    "minutes, words", [(0, "0 min"), (39, "39 min"), (60, "1 h"), (125, "2 h 5 min"), (2879, "1 d 23 h 59 min")]
)
def test_a_length_is_said_exactly(minutes, words):
    assert said(minutes) == words


@pytest.mark.parametrize(
    "title, role",
    [
        (":warning: Leadup", "timeline"),
        ("Five Why’s", "cause"),
        ("2. Root Cause", "cause"),
        ("Timeline (all times UTC)", "timeline"),
        ("What didn't go so well?", "improve"),
        ("Lessons learnt", "lessons"),
        ("Where we got lucky", "lucky"),
        ("Attendees", ""),
        ("Timely warnings", ""),
    ],
)
def test_a_section_is_known_whatever_it_is_called(title, role):
    assert role_of(title) == role


def days(text, path="notes.md"):
    return [
        (entry.stamp.text, entry.day, entry.dated_by, entry.unsure)
        for entry in read_document(text, path).timeline.entries
    ]


def test_a_date_comes_from_the_title_the_heading_and_the_entry_before():
    text = "# Down on 2026-05-01\n\n## Timeline\n\n- 10:00 a\n\n### 2 May 2026\n\n"
    text += "- 11:00 b\n- 2026-05-04 12:00 c\n- 13:00 d\n"
    assert days(text) == [
        ("10:00", date(2026, 5, 1), "title", False),
        ("2 May 2026", date(2026, 5, 2), "own", False),
        ("11:00", date(2026, 5, 2), "before", False),
        ("2026-05-04 12:00", date(2026, 5, 4), "own", False),
        ("13:00", date(2026, 5, 4), "before", False),
    ]


def test_midnight_passes_silently_in_the_night_and_nowhere_else():
    text = "# 2026-05-01\n\n## Timeline\n\n- 23:50 a\n- 00:10 b\n- 09:00 c\n- 08:30 d\n"
    assert days(text) == [
        ("23:50", date(2026, 5, 1), "title", False),
        ("00:10", date(2026, 5, 2), "midnight", False),
        ("09:00", date(2026, 5, 2), "midnight", False),
        ("08:30", date(2026, 5, 2), "midnight", True),
    ]


def test_a_date_without_a_year_is_the_nearest_one():
    text = "# 2026-12-30\n\n## Timeline\n\n- 10:00 a\n- Jan 2 11:00 b\n"
    assert [day for _, day, _, _ in days(text)] == [date(2026, 12, 30), date(2027, 1, 2)]


FORMS = {
    "a table": "| Time (UTC) | What |\n| --- | --- |\n| 10:00 | a |\n| 10:05 | b |\n",
    "a date in a column of its own": "| Date | Time | What |\n| --- | --- | --- |\n| 2026-05-01 | 10:00 | a |\n"
    "| 2026-05-01 | 10:05 | b |\n",
    "a list": "- 10:00 a\n- **10:05** b\n",
    "a heading each": "### 10:00\n\na\n\n### 10:05 - b\n",
    "lines of a text": "10.00 a\nmore of it\n10.05 b\n",
    "bold paragraphs": "**10:00 AM:** a\n\n**10:05 AM:** b\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_timeline_is_read_in_every_form(name):
    document = read_document(f"# 2026-05-01\n\n## Timeline\n\n{FORMS[name]}", "notes.md")
    assert [entry.stamp.minute for entry in document.timeline.timed] == [600, 605]
    assert {entry.day for entry in document.timeline.timed} == {date(2026, 5, 1)}


def test_labels_in_a_list_are_sections_and_their_times_milestones():
    text = (
        "# Orders fail\n\n- **Key events**\n  - First detected 2026-09-07 10:26\n  - Repaired: 2026-09-07 1121\n\n"
        "- **Impact**: Nobody could order.\n\n- **Context**:\n  - 2026-09-07 10:30: Seen.\n"
    )
    document = read_document(text, "notes.md")
    labels = [section.role for section in document.outline.sections if section.level > 6]
    assert labels == ["timeline", "impact", "timeline"]
    assert [(entry.label, entry.stamp.minute) for entry in document.timeline.entries] == [
        ("First detected", 626),
        ("Repaired", 681),
        ("", 630),
    ]


def test_times_in_quotes_and_code_are_no_part_of_the_timeline():
    text = (
        "# 2026-05-01\n\n## Timeline\n\n- 10:00 a\n\n> 09:00 said somebody\n\n```\n08:00 a log\n```\n\n<!-- 07:00 -->\n"
    )
    assert [stamp for stamp, *_ in days(text)] == ["10:00"]


@pytest.mark.parametrize(
    "text, zone",
    [
        ("## Timeline\n\nAll times in UTC\n\n- 10:00 a\n", "UTC"),
        ("## Timeline (all times PST)\n\n- 10:00 a\n", "PST"),
        ("## Timeline\n\n| Time (CEST) | What |\n| --- | --- |\n| 10:00 | a |\n", "CEST"),
        ("## Timeline\n\n| Date and Time in CET | What |\n| --- | --- |\n| 2026-01-02 10:00 | a |\n", "CET"),
        ("## Timeline\n\nTimes are in GMT+2.\n\n- 10:00 a\n", "GMT+2"),
        ("## Timeline\n\nAll times in Pacific time.\n\n- 10:00 a\n", "Pacific"),
        ("## Timeline\n\n- 10:00 a\n", ""),
    ],
)
def test_a_zone_that_is_said_once_holds_for_all(text, zone):
    assert read_document(text, "notes.md").timeline.zone == zone
