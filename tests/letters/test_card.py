"""The card tells the customer what is promised, by when, and how it stands, whatever people type."""

import pytest
from tests.letters.facts import DUE, brussels, clock, facts, problem
from tests.letters.harm import HOSTILE, words

from respondby.desk import markers
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.refusals import Refusal
from respondby.letters.card import render_card
from respondby.rules.card_facts import CardField

HEAD = "| What you can expect | By when | How it stands |\n| --- | --- | --- |\n"


def card(**changes):
    return render_card(facts(**changes), "<!-- marker -->")


def rows(**changes):
    return [line for line in card(**changes).splitlines() if line.startswith("|")][2:]


def test_a_card_says_what_was_received_and_promised():
    assert card() == (
        "**Skyscrapers support** has received your request: **Change Request**.\n"
        "\n"
        "- Priority: **Normal priority**\n"
        "\n"
        f"{HEAD}"
        "| First response, by the end of the next business day | Mon 28 Dec 2026, 17:30 (Europe/Brussels)"
        " | in time so far |\n"
        "\n"
        "<sub>This comment is kept up to date.</sub>\n"
        "\n"
        "<!-- marker -->"
    )


def test_a_card_of_a_closed_case_says_so():
    closed = card(open=False, clocks=(clock(state="met", ended=brussels("2026-12-28T17:20")),))
    assert closed.startswith("This request (**Change Request**) to **Skyscrapers support** is closed.\n")
    assert "done in time, Mon 28 Dec 2026, 17:20 (Europe/Brussels)" in closed


def test_where_nothing_is_promised_the_card_says_so():
    assert "No time is promised for this request." in card(clocks=())
    assert "No time is promised" not in card(clocks=(), open=False)


DUE_CELL = "Mon 28 Dec 2026, 17:30 (Europe/Brussels)"
IN_TIME = {"state": "met", "ended": brussels("2026-12-24T10:12:05")}
LATE = {"state": "late", "ended": brussels("2026-12-29T09:00")}
MISSED = {"state": "breached", "ended": brussels("2026-12-29T09:00")}


@pytest.mark.parametrize(
    "changes, what, due, stands",
    [
        ({}, "First response", DUE_CELL, "in time so far"),
        (IN_TIME, "First response", DUE_CELL, "done in time, Thu 24 Dec 2026, 10:12:05 (Europe/Brussels)"),
        (LATE, "First response", DUE_CELL, "done late, Tue 29 Dec 2026, 09:00 (Europe/Brussels)"),
        ({"state": "breached"}, "First response", DUE_CELL, "**overdue since then**"),
        (
            {"state": "breached", "lag": 5400},
            "First response",
            DUE_CELL,
            "**overdue since then** (our own run was 1 hour 30 minutes late)",
        ),
        (
            MISSED,
            "First response",
            DUE_CELL,
            "not done in time; no longer due since Tue 29 Dec 2026, 09:00 (Europe/Brussels)",
        ),
        ({"paused": True, "due": None}, "First response", "–", "paused"),
        (
            {"paused": True, "due": None, "until": brussels("2026-12-29T09:00")},
            "First response",
            "–",
            "paused, until Tue 29 Dec 2026, 09:00 (Europe/Brussels)",
        ),
        ({"state": "cancelled"}, "First response", DUE_CELL, "no longer due"),
        ({"due": None}, "First response", "–", "open"),
        ({"binding": False}, "First response (an aim, not a promise)", DUE_CELL, "in time so far"),
    ],
)
def test_each_state_is_said_in_plain_words(changes, what, due, stands):
    assert rows(clocks=(clock(promise="2026-12-28T17:30", **changes),)) == [f"| {what} | {due} | {stands} |"]


def test_only_a_closed_request_says_that_a_missed_promise_was_closed():
    """An open request whose promise is given up (another priority, say) is not closed."""
    missed = clock(promise="2026-12-28T17:30", **MISSED)
    assert "not done, and closed Tue 29 Dec 2026, 09:00" in rows(clocks=(missed,), open=False)[0]
    assert "closed" not in card(clocks=(missed,))


def test_only_who_waits_for_the_customer_says_so():
    paused = clock(promise="2026-12-28T17:30", paused=True, due=None)
    assert "| paused while we wait for you |" in card(clocks=(paused,), waiting_since=brussels("2026-12-27T10:00"))
    assert "wait for you" not in card(clocks=(paused,))


@pytest.mark.parametrize(
    "promise, said",
    [
        ("30m", "First response, within 30 minutes"),
        ("1h30m", "First response, within 1 hour 30 minutes"),
        ("1 business hour", "First response, within 1 business hour"),
        ("2 business days", "First response, within 2 business days"),
        ("3 days", "First response, within 3 days"),
        ("end of week", "First response, by the end of the week"),
        ("/agree.until", "First response, as agreed"),
        ("2026-12-28T17:30", "First response"),
    ],
)
def test_a_promise_is_said_in_words(promise, said):
    assert rows(clocks=(clock(promise=promise),))[0].split(" | ")[0] == f"| {said}"


def test_a_customer_elsewhere_sees_their_own_time_too():
    assert "| Mon 28 Dec 2026, 17:30 (Europe/Brussels)<br>Mon 28 Dec 2026, 11:30 (America/New_York) |" in card(
        customer_timezone="America/New_York"
    )


def test_what_has_happened_is_told_in_the_customers_own_time():
    met = clock(state="met", ended=brussels("2026-12-24T10:12"))
    shown = card(clocks=(met,), waiting_since=brussels("2026-12-27T10:00"), customer_timezone="America/New_York")
    assert "| done in time, Thu 24 Dec 2026, 04:12 (America/New_York) |" in shown
    assert "since Sun 27 Dec 2026, 04:00 (America/New_York)." in shown


def test_a_customer_whose_clock_shows_the_same_sees_one_time():
    assert "| Mon 28 Dec 2026, 17:30 (Europe/Brussels) |" in card(customer_timezone="Europe/Paris")


def test_a_waiting_desk_says_since_when_and_what_ends_it():
    waiting = card(waiting_since=brussels("2026-12-27T10:00"))
    assert (
        "**We are waiting for you** since Sun 27 Dec 2026, 10:00 (Europe/Brussels)."
        " Answer in a comment here, and what is paused goes on."
    ) in waiting
    assert "waiting for you" not in card(waiting_since=brussels("2026-12-27T10:00"), open=False)


ANSWER = "edit the text of your request"
COMMAND = "write it again in a new comment"


@pytest.mark.parametrize(
    "problems, mend",
    [
        ((problem(),), {ANSWER}),
        ((problem("/agree x", Refusal.of("time-past", said="x")),), {COMMAND}),
        ((problem(), problem("/agree x")), {ANSWER, COMMAND}),
    ],
)
def test_problems_are_said_in_one_place_with_how_to_mend_them(problems, mend):
    text = card(problems=problems)
    assert text.count("**Please complete or correct this:**") == 1
    assert {way for way in (ANSWER, COMMAND) if way in text} == mend


def test_what_is_over_needs_no_mending():
    assert card(open=False, problems=(problem(),)) == card(open=False)


def test_a_field_that_is_not_set_says_so():
    shown = card(fields=(CardField("Priority", None), CardField("Who is affected?", "A lot of end-users")))
    assert "- Priority: not set yet\n- Who is affected? **A lot of end-users**\n" in shown


def test_a_language_without_letters_is_spoken_to_in_english():
    assert card(language="tlh") == card()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_value_is_shown_as_it_was_typed(hostile):
    shown = words(card(fields=(CardField("Priority", hostile),)))
    seen = "".join(character for character in hostile if character.isprintable() or character.isspace())
    flat = " ".join(seen.split())[:200]
    assert flat in shown.replace("\u200b", "")


def test_a_card_is_no_longer_than_a_comment_and_keeps_its_record():
    records = {f"k{i}": Record(f"k{i}", DUE, DUE) for i in range(900)}
    marker = markers.write("card", "acme/support#7", "0" * 16, Ledger(records))
    reason = Refusal.of("no-options", said="|" * 5000, options=("|" * 5000,) * 200)
    huge = facts(problems=(problem("@" * 900, reason),) * 200, fields=(CardField("x", "y"),) * 99)
    letter = render_card(huge, marker)
    assert len(letter) <= 65_536
    assert "(shortened: the rest did not fit into one comment)" in letter
    read = markers.read(letter, "acme/support#7")
    assert read is not None
    assert len(read.ledger.records) == 900
