"""Comments call people and say why; pages and chat messages are read when they arrive."""

import pytest
from tests.letters.facts import DUE, FACTS, because, brussels
from tests.letters.harm import HOSTILE, MARKER, told, words

from respondby.desk.case import Actor, Case
from respondby.letters.calls import render_call
from respondby.letters.comments import render_comment
from respondby.rules.plan import Because, Call, WriteComment

URL = "https://github.com/acme/support/issues/7"
NOW = brussels("2026-12-28T16:05")
WHEN = "Mon 28 Dec 2026, 17:30 (Europe/Brussels)"


def say(*reasons, mentions=("ann", "bob"), texts=(), values=None):
    return render_comment(WriteComment("key", mentions, reasons, texts, ()), FACTS, "<!-- marker -->", values=values)


def call(*reasons, title="Add a DNS record", values=None):
    case = Case("acme/support", 7, "I_7", URL, title, Actor("carla"), 0, True, frozenset(), (), ())
    asked = Call("key", "page", "ann", ("pager",), reasons, ())
    return render_call(asked, case, FACTS, NOW, values=values)


@pytest.mark.parametrize(
    "reason, sentence",
    [
        (because("75%"), f"75% of the time for “First response” has passed; it is due {WHEN}."),
        (because("75%", due=None), "75% of the time for “First response” has passed."),
        (because("start"), f"“First response” is expected; it is due {WHEN}."),
        (because("start+1h"), f"“First response” is still open 1 hour after it was asked for; it is due {WHEN}."),
        (because("due"), f"“First response” was due {WHEN}."),
        (because("due", due=None), "“First response” is expected."),
        (because("due+15m"), f"“First response” was due {WHEN} and is still open 15 minutes later."),
        (because("due+1 business hour"), f"“First response” was due {WHEN} and is still open 1 business hour later."),
        (because("due-3h"), f"“First response” is due {WHEN}; this reminder comes 3 hours before."),
        (because("after 10m"), f"“First response” is still open 10 minutes after the last call; it is due {WHEN}."),
        (Because("rule", "when-type-feature"), "This request needs you, by a rule of the desk."),
        (Because("command", "/escalate", speaker="sana"), "Please see “/escalate” above."),
        (Because("command", "@help", speaker="carla"), "Please see “@\u200bhelp” above."),
        (Because("command", "/done", say="All is well.", speaker="sana"), "All is well."),
        (Because("command", "@help"), "Please see “@\u200bhelp” above."),
        (
            Because("rule", "r", say="Decide on {area}."),
            "This request needs you, by a rule of the desk. Decide on billing.",
        ),
    ],
)
def test_a_comment_calls_people_and_says_why_in_a_sentence(reason, sentence):
    assert say(reason, values={"area": "billing"}) == f"@ann @bob: {sentence}\n\n<!-- marker -->"


def test_what_comes_late_because_our_run_was_late_says_so():
    assert say(because("due", late=5_430)).startswith(
        f"@ann @bob: “First response” was due {WHEN}. This comes 1 hour 30 minutes late, because our own run was late."
    )


def test_who_is_called_because_nobody_holds_a_role_reads_so_and_the_public_does_not():
    reason = because("due", instead=("engineer", "lead"))
    assert "Nobody holds the role “engineer, lead”, so this comes to you." in call(reason).body
    assert "engineer" not in say(reason)


def test_the_end_of_a_repetition_says_that_nobody_has_answered():
    words_ = call(because("due unanswered", due=NOW - 3600))
    assert words_.subject == "First response, nobody has answered: acme/support#7, Add a DNS record"
    assert "“First response” is still open, and nobody has answered our calls; it was due" in words_.body


def test_several_reasons_are_a_list():
    assert say(because("due"), Because("command", "/escalate", speaker="sana")) == (
        f"@ann @bob:\n\n- “First response” was due {WHEN}.\n- Please see “/escalate” above.\n\n<!-- marker -->"
    )


def test_texts_of_the_policy_are_paragraphs_with_their_places_filled():
    text = "Hand-off notes: {url} for {priority}, not {nobody} nor {0.__class__}"
    assert say(mentions=(), texts=(text, "*Second*"), values={"url": URL, "priority": "Urgent"}) == (
        f"Hand-off notes: {URL} for Urgent, not {{nobody}} nor {{0.__class__}}\n\n*Second*\n\n<!-- marker -->"
    )


def test_people_may_be_called_without_a_reason():
    assert say() == "@ann @bob\n\n<!-- marker -->"


def test_only_logins_are_mentioned():
    letter = say(because(), mentions=("ann", "x\n@help", "dependabot[bot]", "a b"))
    assert told(letter)[0] == ["ann"]


def test_a_long_text_of_the_policy_is_cut_before_the_marker():
    letter = render_comment(WriteComment("key", (), (), ("word\n" * 20_000,), ()), FACTS, MARKER)
    assert len(letter) <= 65_536
    assert letter.endswith(f"(shortened: the rest did not fit into one comment)\n\n{MARKER}")


def test_a_call_says_who_wrote_a_command_and_what_the_policy_says_to_it():
    body = call(Because("command", "/done", say="All is well.", speaker="sana")).body
    assert "\nsana wrote “/done”. All is well.\n" in body


def test_a_call_says_what_is_due_where_and_why():
    words_ = call(because("75%"))
    assert words_.subject == "First response is due soon: acme/support#7, Add a DNS record"
    assert words_.body == (
        "Add a DNS record\n"
        "acme/support#7: Change Request, Normal priority\n"
        "\n"
        f"75% of the time for “First response” has passed; it is due {WHEN}, in 1 hour 25 minutes.\n"
        f"{URL}"
    )


@pytest.mark.parametrize(
    "reason, subject",
    [
        (because("start"), "First response is expected"),
        (because("due"), "First response is overdue"),
        (because("due+15m"), "First response is overdue"),
        (because("due-1h"), "First response is due soon"),
        (because("after 10m"), "First response is expected"),
        (Because("command", "/escalate", speaker="sana"), "/escalate by sana"),
        (Because("rule", "r"), "Skyscrapers support"),
    ],
)
def test_a_subject_says_the_newest_reason_first(reason, subject):
    assert call(because("75%"), reason).subject == f"{subject}: acme/support#7, Add a DNS record"


@pytest.mark.parametrize(
    "due, relative",
    [
        (NOW + 90, "in 1 minute"),
        (NOW - 90, "1 minute ago"),
        (NOW + 30, "now"),
        (NOW - 59, "now"),
        (NOW - 3 * 3600, "3 hours ago"),
        (NOW + 2 * 86_400 + 3600 + 60, "in 2 days 1 hour"),
    ],
)
def test_a_call_says_times_relative_to_its_sending(due, relative):
    assert f", {relative}." in call(because("due", due=due)).body


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_title_cannot_add_lines_to_a_call(hostile):
    told_ = call(because("due", due=DUE), title=hostile)
    plain = call(because("due", due=DUE), title="plain")
    assert len(told_.subject) <= 200
    assert told_.subject.isprintable()
    assert len(told_.body.split("\n")) == len(plain.body.split("\n"))
    assert told_.body.split("\n")[1:] == plain.body.split("\n")[1:]


def test_letters_show_a_mention_as_it_was_written():
    assert "Please see “@help” above." in words(say(Because("command", "@help", speaker="carla"))).replace("\u200b", "")
