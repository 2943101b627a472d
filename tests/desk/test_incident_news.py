"""What an incident tells the requests that are part of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, shown, story_of

from respondby.desk.built_in.incident_news import keep_news, news_of, update_text

POLICY = (
    HEAD.replace("/resolved: { by: staff,", "/resolved: { by: staff, takes: { at: optional time },").replace(
        "  /update: { by: staff }", "  /update: { by: staff, takes: { until: optional time, text: text } }"
    )
    + "\nincidents: { when: { priority: high } }\n"
)
OPENED = '10:00 carla opens "Nothing works"\n10:00 bob labels priority/high\n'
CLOCKS = "  fix: { start: opened, stop: resolved, target: 4h }"


def told(later: str) -> list[str]:
    """What is told: `11:00 updated IC_1:1 (We look at it.)`."""
    story = story_of(CLOCKS, OPENED + later, head=POLICY)
    news = news_of(story.policy, story.history)
    return [f"{shown(one.at)} {one.what} {one.name}{f' ({one.text})' if one.text else ''}" for one in news]


@pytest.mark.parametrize(
    "later, news",
    [
        ("", []),
        ('10:10 bob says "We look at it."', []),
        ('10:10 bob says "/update We look at it."', ["10:10 updated IC_1:1 (We look at it.)"]),
        ('10:10 bob says "/update We look at it."\n10:20 bob edits 1 "/update We look at it.\\n\\nOr not."',
         ["10:10 updated IC_1:1 (We look at it.)"]),
        ('10:10 carla says "/update It is worse."', []),
        ('11:00 bob says "/resolved 10:30"', ["11:00 resolved resolved/1"]),
        ("11:00 bob closes", ["11:00 resolved resolved/1"]),
        # Closed after it was resolved, it is resolved once.
        ('11:00 bob says "/resolved"\n11:30 bob closes', ["11:00 resolved resolved/1"]),
        ('11:00 bob says "/resolved"\n11:30 bob closes\n12:00 carla reopens\n13:00 bob closes',
         ["11:00 resolved resolved/1", "12:00 again again/1", "13:00 resolved resolved/2"]),
        # What was none told nobody to wait: going on with it is no news, and its next end has a name of its own.
        ('11:00 bob says "/close false-alarm: a test"', ["11:00 ended ended/1"]),
        ('11:00 bob says "/close false-alarm: a test"\n12:00 carla reopens', ["11:00 ended ended/1"]),
        ('11:00 bob says "/close false-alarm: a test"\n12:00 carla reopens\n13:00 bob says "/resolved"',
         ["11:00 ended ended/1", "13:00 resolved resolved/2"]),
        # It was resolved: that it is closed as none then changes nothing.
        ('11:00 bob says "/resolved"\n12:00 bob says "/close false-alarm: a test"', ["11:00 resolved resolved/1"]),
    ],
)  # fmt: skip
def test_what_an_incident_tells(later: str, news: list[str]) -> None:
    assert told(later) == news


@pytest.mark.parametrize(
    "args, text",
    [
        ({"text": " It is mended. "}, "It is mended."),
        ({"until": "2026-03-02T12:00"}, ""),
        ({"until": "2026-03-02T12:00", "text": "It is mended."}, "It is mended."),
        ({}, ""),
    ],
)
def test_only_the_text_of_an_update_goes_on(args: dict[str, str], text: str) -> None:
    policy = story_of(CLOCKS, OPENED, head=POLICY).policy
    assert update_text(policy, args) == text
    assert update_text(replace(policy, commands={}), args) == ""


def test_what_was_heard_is_kept_under_the_incidents_id_or_its_number_where_it_is_gone() -> None:
    story = story_of(CLOCKS, f'{OPENED}11:00 bob says "/update Soon."', head=POLICY)
    (news,) = news_of(story.policy, story.history)
    kept = keep_news(12, "I_12", news, news.at)
    assert (kept.key, kept.at, kept.kind, kept.name) == (
        "incident/I_12/IC_1:1 incident updated",
        news.at,
        "incident",
        "updated",
    )
    assert kept.value == "12"
    assert "Soon" not in str(kept)
    assert keep_news(12, "", news, news.at).key == "incident/12/IC_1:1 incident updated"
