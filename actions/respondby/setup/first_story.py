"""The first story of a new desk: an urgent request that nobody answers in time, told for its own hours and people.

It is made from the policy itself, so that what it expects follows from the calendar and the rota, holidays included.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from importlib.resources import files

from respondby.calendars.instants import DAY, Instant, resolve, time_text, wall
from respondby.policy.model.policy import Policy
from respondby.setup.choices import Choices

#: The request comes so long after an opening; the story needs the desk to stay open for an hour and a half.
_AFTER, _NEEDS = 10 * 60, 90 * 60
#: The customer of the story: the first of these who does not work at the desk.
_CUSTOMERS = ("carla", "chris", "a-customer")
#: Days that are looked through for one that is open long enough.
_AHEAD = 60


def first_story(policy: Policy, choices: Choices, schema: str, folder: str) -> str | None:
    """The story, to stand in `folder`; None where the desk is never open for as long as it lasts."""
    opening = _opening(policy, choices)
    if opening is None:
        return None
    asked, where = opening + _AFTER, policy.calendars["office"].zone
    on_call = policy.rotas["on-call"].rota.on_call(asked).people
    story = (files("respondby.setup") / "start" / "story.yml").read_text(encoding="utf-8")
    return story.format(
        schema=schema,
        folder=folder,
        timezone=choices.timezone,
        starts=time_text(wall(opening, where).replace(tzinfo=None)),
        customer=next(name for name in _CUSTOMERS if name not in choices.everybody),
        asked=_clock(asked, policy),
        due=_clock(asked + 3600, policy),
        on_call=_list(on_call),
        called="notified" if choices.reach == "mention" else "paged",
        lead=_list([choices.lead]),
        who=on_call[0],
    )


def _opening(policy: Policy, choices: Choices) -> Instant | None:
    """When the story starts: a week after the desk begins or later, where it stays open and one person is on call."""
    calendar, rota = policy.calendars["office"], policy.rotas["on-call"].rota
    begin = resolve(datetime.combine(choices.since, time()), calendar.zone) + 7 * DAY
    for opens, closes in calendar.spans(begin, begin + _AHEAD * DAY).pairs:
        # Where the turn changes in the morning, the story starts after that.
        for start in (opens, rota.on_call(opens).until or opens):
            until = rota.on_call(start).until
            if start + _NEEDS <= closes and (until is None or start + _NEEDS <= until):
                return start
    return None


def _clock(instant: Instant, policy: Policy) -> str:
    return f"{wall(instant, policy.calendars['office'].zone):%H:%M}"


def _list(people: Sequence[str]) -> str:
    return f"[{', '.join(people)}]"
