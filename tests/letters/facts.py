"""A case's facts for letters, with one thing changed at a time."""

from dataclasses import replace

from respondby.calendars.instants import parse_time
from respondby.desk.refusals import Refusal
from respondby.rules.card_facts import CardClock, CardFacts, CardField, CardProblem
from respondby.rules.plan import Because

UNANSWERED = Refusal.of("unanswered")


def brussels(text):
    """An instant from a winter's local time in Brussels."""
    return parse_time(f"{text}+01:00", None)


DUE = brussels("2026-12-28T17:30")
STARTED = brussels("2026-12-24T10:00")

CLOCK = CardClock(
    clock="first-response",
    source="opened",
    promise="end of next business day",
    calendar="office",
    state="running",
    started=STARTED,
    due=DUE,
    ended=None,
    paused=False,
    binding=True,
)

FACTS = CardFacts(
    desk="Skyscrapers support",
    kind="Change Request",
    fields=(CardField("Priority", "Normal priority"),),
    clocks=(CLOCK,),
    problems=(),
    open=True,
    waiting_since=None,
    timezone="Europe/Brussels",
)


def facts(**changes):
    return replace(FACTS, **changes)


def clock(**changes):
    return replace(CLOCK, **changes)


def problem(about="Since when?", reason=UNANSWERED):
    return CardProblem(about, reason)


def because(rung="75%", **changes):
    return replace(Because("rung", "first-response", rung, DUE, STARTED, "running"), **changes)
