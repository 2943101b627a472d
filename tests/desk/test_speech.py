"""Who may say what, and when: each refusal has a code, with what would be right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from respondby.calendars.instants import Instant, parse_time
from respondby.desk.case import Actor
from respondby.desk.history import Invocation
from respondby.desk.refusals import SOMEBODY, Condition, Refusal, Usage
from respondby.desk.speech import Speech
from respondby.desk.state import first_state
from respondby.policy.loading.loader import load
from respondby.policy.model.requests import Argument

TEXT = """
version: 1
desk: Help desk
timezone: Europe/Brussels
people: { ann: { timezone: Asia/Tokyo }, bob: {}, tess: {} }
roles: { staff: { people: [ann, bob] }, lead: tess }
fields:
  type: { label: type/ }
  state: { name: State, label: state/, set-by: staff, values: { done: Done, checked: Checked } }
  outcome:
    name: Outcome
    label: outcome/
    set-by: [lead, bob]
    values:
      ours: { name: Ours, only: { state: done } }
      theirs: { name: Theirs, needs: { found: "What was it?" } }
forms:
  ask: { name: Ask, about: Ask us., ask: { what: What? } }
  block: { ask: { where: Where?, how: { ask: How?, optional: true } } }
commands:
  /ack: { by: [staff, tess, ann] }
  /agree: { by: staff, takes: { until: time } }
  /resolved: { by: staff, takes: { at: optional time } }
  /escalate: { by: staff, needs: block }
  /close: { by: [author, staff], only: { state: [checked, done], type: ask } }
  "@help": { by: anyone, cooldown: 15m }
clocks: { answer: { start: opened, stop: comment by staff, target: [{ by: /agree.until }, { within: 1h }] } }
"""
POLICY = load(TEXT)
NOW = parse_time("2026-11-23T10:00:00Z", None)
ANN, BOB, TESS, CARLA = (Actor(login) for login in ("ann", "bob", "tess", "carla"))
UNTIL = Usage("/agree", (Argument("until", "time"),))


def judged(text: str, by: Actor, at: Instant = NOW, earlier: tuple[Invocation, ...] = (), **fields: str) -> object:
    """What becomes of the one command in a text: the reason of a refusal, else the verdict and the arguments."""
    speech = Speech(POLICY)
    state = replace(first_state(POLICY, "carla", "acme/support"), fields=fields)
    (spoken,) = speech.lines(text)
    verdict, reason, given = speech.judge(spoken, by, at, state, earlier)
    return reason if verdict == "refused" else (verdict, given)


#: The commands that are for what they say.
SAID = ("/note", "/update", "/root-cause", "/public-title", "/excuse", "/timeline", "/impact")
SAYING = load(TEXT.replace("  /ack:", "".join(f"  {word}: {{ by: staff }}\n" for word in (*SAID, "/wait")) + "  /ack:"))


def given(text: str) -> dict[str, str]:
    """What the one command in a text of Ann's was given."""
    speech = Speech(SAYING)
    (spoken,) = speech.lines(text)
    verdict, reason, found = speech.judge(spoken, ANN, NOW, first_state(SAYING, "carla", "acme/support"), ())
    assert verdict == "accepted", reason
    return found


@pytest.mark.parametrize("between", [" ", "\n", "\n\n", "\r\n\r\n", "\n \n\n"])
@pytest.mark.parametrize("word", SAID)
def test_a_text_is_read_wherever_it_begins(word: str, between: str) -> None:
    assert list(given(f"{word}{between}It broke.\nTwice.\n\nWe are sorry.").values()) == ["It broke.\nTwice."]


def test_answers_below_a_blank_line_are_read_and_a_reason_that_may_be_left_out_is_not() -> None:
    assert judged("/escalate\n\nWhere?: Here\nHow?: So", BOB) == judged("/escalate\nWhere?: Here\nHow?: So", BOB)
    assert given("/wait\nfor the log") == {"reason": "for the log"}
    assert given("/wait\n\nCould you send the log?") == {}


@pytest.mark.parametrize(
    "text, only",
    [
        ("/wait\n\nCould you send the log?", False),
        ("/update\n\nIt is over.", True),
        ("/update\n\nIt is over.\n\nThank you!", False),
        ("/escalate\n\nWhere?: Here", True),
    ],
)
def test_what_belongs_to_a_command_is_no_response(text: str, only: bool) -> None:
    assert Speech(SAYING).only_commands(text) is only


@pytest.mark.parametrize(
    "text, by, reason",
    [
        ("/ack", CARLA, Refusal.of("not-yours", word="/ack", roles=("staff", SOMEBODY))),
        ("/outcome ours", ANN, Refusal.of("not-yours", word="/outcome", roles=("lead", SOMEBODY))),
        ("/outcome nobody", TESS, Refusal.of("no-value", word="/outcome", values=("ours", "theirs"))),
        (
            "/outcome ours",
            BOB,
            Refusal.of("value-only-with", value="Ours", conditions=(Condition("State", ("Done",)),)),
        ),
        ("/outcome theirs", BOB, Refusal.of("value-needs", value="Theirs", missing=("What was it?",))),
        ("/escalate\\nHow? Often", ANN, Refusal.of("needs-answers", word="/escalate", missing=("Where?",))),
        (
            "/close",
            CARLA,
            Refusal.of(
                "only-with",
                word="/close",
                conditions=(Condition("State", ("Checked", "Done")), Condition("Type", ("Ask",))),
            ),
        ),
        ("/agree", ANN, Refusal.of("argument-missing", argument="until", kind="time", usage=UNTIL)),
        ("/agree soon", ANN, Refusal.of("argument-unread", said="soon", word="/agree", usage=UNTIL)),
        ("/agree 2026-11-23T09:59Z", ANN, Refusal.of("time-past", said="2026-11-23T09:59Z")),
        ("/agree 2026-11-23T10:00Z", ANN, Refusal.of("time-past", said="2026-11-23T10:00Z")),
        ("/agree 2026-11-23T18:59", ANN, Refusal.of("time-past", said="2026-11-23T18:59")),
        ("/agree 0001-01-01T00:00+14:00", ANN, Refusal.of("time-outside", said="0001-01-01T00:00+14:00")),
    ],
)
def test_what_is_refused_says_why(text: str, by: Actor, reason: Refusal) -> None:
    assert judged(text.replace("\\n", "\n"), by) == reason


@pytest.mark.parametrize(
    "text, by, given",
    [
        ("/ack", TESS, {}),
        ("/agree 2026-11-23T19:01", ANN, {"until": "2026-11-23T10:01:00Z"}),
        ("/agree 2026-11-23T11:01", BOB, {"until": "2026-11-23T10:01:00Z"}),
        # A date alone is the midnight that ends it, in the speaker's own zone: today's is still to come.
        ("/agree 2026-11-23", BOB, {"until": "2026-11-23T23:00:00Z"}),
        ("/agree 2026-12-01", BOB, {"until": "2026-12-01T23:00:00Z"}),
        ("/resolved 2026-11-23T09:00Z", ANN, {"at": "2026-11-23T09:00:00Z"}),
        ("/resolved", ANN, {}),
        ("/outcome THEIRS\nWhat was it? A cable", BOB, {"found": "A cable", "value": "theirs"}),
        ("/outcome theirs\nfound: A cable", TESS, {"found": "A cable", "value": "theirs"}),
    ],
)
def test_what_is_accepted_has_its_arguments_in_full(text: str, by: Actor, given: dict[str, str]) -> None:
    assert judged(text, by) == ("accepted", given)


def test_a_condition_is_judged_by_how_the_case_stands() -> None:
    assert judged("/close", CARLA, state="done", type="ask") == ("accepted", {})
    assert isinstance(judged("/close", CARLA, state="done"), Refusal)


@pytest.mark.parametrize("minutes, verdict", [(14, "cooling"), (15, "accepted")])
def test_what_is_said_again_too_soon_is_not_refused(minutes: int, verdict: str) -> None:
    before = Invocation("@help", "@help", CARLA, NOW, "IC_1", "accepted")
    assert judged("@help", CARLA, NOW + minutes * 60, (before,)) == (verdict, {})


def test_a_reason_without_its_details_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="no-value has the details"):
        Refusal.of("no-value", word="/x")
