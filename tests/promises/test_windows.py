"""Maintenance windows: which text of a request counts, what is told of it, and what uptime leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.promises.stories import HEAD, Story, policy, shown, story_of

from respondby.calendars.spans import Spans
from respondby.promises.windows import Planned, Window, excused, planned, windows_of

DESK = (
    HEAD.replace("timezone: Europe/Brussels", "timezone: UTC", 1)
    .replace("ann: {}", "ann: { timezone: Europe/Brussels }", 1)
    .replace("  priority: {", "  product: { label: product/ }\n  priority: {", 1)
)
MORE = """
  answer: { start: opened, stop: /ack, target: 4h }
products: { shop: { name: Shop }, lab: { name: Lab } }
forms:
  works:
    name: Works
    about: Maintenance.
    choose: [product]
    ask:
      from: { ask: From, kind: time }
      to: { ask: To, kind: time }
      urgent: { ask: "Urgent?", options: ["No", "Yes"] }
uptime:
  by: product
  maintenance: { form: works, emergency: { urgent: "Yes" }, notice: 4h, remind: 1h, notify: lead }
"""


def body(start: str, end: str, *, urgent: str = "No", product: str = "Shop") -> str:
    """A request as GitHub writes it; a time is that Monday's unless it has a date."""
    start, end = (one if "T" in one else f"2026-03-02T{one}" for one in (start, end))
    answers = {"Product": product, "From": start, "To": end, "Urgent?": urgent}
    return r"\n\n".join(rf"### {label}\n\n{answer}" for label, answer in answers.items())


def case(*story: str) -> Story:
    """The story's case. Ann is on Brussels time."""
    return story_of(MORE, "\n".join(story), head=DESK)


def asked(at: str, start: str, end: str, **more: str) -> str:
    return f'{at} ann opens "{body(start, end, **more)}"'


def edited(at: str, start: str, end: str, **more: str) -> str:
    return f'{at} ann edits 0 "{body(start, end, **more)}"'


def plan(*story: str) -> Planned:
    one = case(*story)
    return planned(one.policy, one.history)


def stands(found: Planned) -> str:
    """`14:00-15:00 at 10:00`, with `!` in an emergency; `called off` and why a text was refused beside it."""
    window = found.window or found.cancelled
    parts = []
    if window is not None:
        mark = "!" if window.emergency else ""
        parts.append(f"{shown(window.start)}-{shown(window.end)}{mark} at {shown(window.announced)}")
    if found.cancelled is not None:
        parts.append("called off")
    if found.problem is not None:
        parts.append(found.problem[1].code)
    return ", ".join(parts)


def events(found: Planned) -> list[str]:
    return [f"{event.kind} {shown(event.at)}" for event in found.events]


ASKED = asked("08:00", "14:00", "15:00")
LATER = edited("12:00", "15:00", "16:00")
FIRST = "14:00-15:00 at 08:00"
SHORT = "short-notice-emergency"
TOLD, OFF = "announced 08:00", "cancelled 09:00"


@pytest.mark.parametrize(
    "story, says, told_of",
    [
        ([ASKED], FIRST, [TOLD]),
        ([asked("08:00", "12:00", "13:00")], "12:00-13:00 at 08:00", [TOLD]),
        ([asked("08:00", "11:59", "13:00")], SHORT, []),
        ([asked("08:00", "08:30", "09:00", urgent="Yes")], "08:30-09:00! at 08:00", [TOLD]),
        ([asked("08:00", "07:30", "09:00", urgent="Yes")], "07:30-09:00! at 08:00", [TOLD]),
        ([asked("08:00", "06:00", "07:00", urgent="Yes")], "window-past", []),
        ([asked("08:00", "15:00", "14:00")], "ends-first", []),
        ([asked("08:00", "15:00", "15:00")], "ends-first", []),
        ([asked("08:00", "Tomorrow", "15:00")], "no-time", []),
        ([asked("08:00", "2026-03-02T13:00Z", "2026-03-02T14:00Z")], FIRST, [TOLD]),
        ([ASKED, edited("09:00", "16:00", "17:00")], "16:00-17:00 at 09:00", [TOLD, "moved 09:00"]),
        ([ASKED, LATER], f"{FIRST}, {SHORT}", [TOLD]),
        ([ASKED, LATER, edited("12:10", "14:00", "15:00")], FIRST, [TOLD]),
        ([ASKED, edited("13:00", "14:30", "15:00")], "14:30-15:00 at 08:00", [TOLD, "moved 13:00"]),
        ([ASKED, edited("13:00", "14:00", "16:00")], f"{FIRST}, {SHORT}", [TOLD]),
        ([ASKED, edited("13:00", "14:00", "16:00", urgent="Yes")], "14:00-16:00! at 13:00", [TOLD, "moved 13:00"]),
        ([ASKED, edited("09:00", "14:00", "15:00", product="Lab")], "14:00-15:00 at 09:00", [TOLD, "moved 09:00"]),
        ([ASKED, edited("12:00", "14:00", "15:00", product="Lab")], f"{FIRST}, {SHORT}", [TOLD]),
        ([ASKED, "09:00 ann closes"], f"{FIRST}, called off", [TOLD, OFF]),
        ([ASKED, "09:00 ann closes", "09:30 ann reopens"], "14:00-15:00 at 09:30", [TOLD, OFF, "announced 09:30"]),
        ([ASKED, "09:00 ann closes", "11:30 ann reopens"], f"{FIRST}, called off, {SHORT}", [TOLD, OFF]),
        ([ASKED, '14:20 ann says "/close"'], "14:00-14:20 at 08:00", [TOLD]),
        ([ASKED, "16:00 ann closes"], FIRST, [TOLD]),
        ([ASKED, "16:00 ann closes", "17:00 ann reopens"], FIRST, [TOLD]),
        ([ASKED, "09:00 ann labels product/lab"], "14:00-15:00 at 09:00", [TOLD, "moved 09:00"]),
        ([ASKED, "09:00 ann unlabels type/works"], f"{FIRST}, called off", [TOLD, OFF]),
        (['08:00 ann opens "Nothing works"'], "", []),
    ],
    ids=[
        "a window with notice counts",
        "to the second",
        "a minute less is too late",
        "an emergency needs no notice",
        "and may have begun",
        "but not be over",
        "it ends after it starts",
        "and lasts",
        "a time has to be one",
        "a time may have an offset",
        "an edit moves it",
        "a move has to keep the notice, else the first stands",
        "and is well again when it is taken back",
        "less of it needs no notice",
        "more of it does",
        "or is an emergency",
        "another product is a move, too",
        "and needs its notice",
        "closing it before the start calls it off",
        "reopening announces it anew",
        "which needs its notice",
        "closing it meanwhile ends it",
        "closing it afterwards changes nothing",
        "nor does reopening it then",
        "a label moves it to another product",
        "what is no maintenance any more is called off",
        "another request has none",
    ],
)
def test_which_window_counts(story: list[str], says: str, told_of: list[str]) -> None:
    found = plan(*story)
    assert (stands(found), events(found)) == (says, told_of)


def test_local_times_are_those_of_whoever_wrote() -> None:
    by_bob = case(f'08:00 bob opens "{body("14:00", "15:00")}"')
    window = planned(by_bob.policy, by_bob.history).window
    assert window is not None
    assert shown(window.start) == "15:00", "bob has no zone of his own: the policy's, UTC"


def test_windows_of_a_product_come_in_order() -> None:
    one, other = case(ASKED), case(asked("07:00", "13:00", "14:30"))
    lab = case(asked("07:00", "13:00", "14:30", product="Lab"))
    found = windows_of(one.policy, [each.history for each in (one, lab, other)], "shop")
    assert [shown(window.start) for window in found] == ["13:00", "14:00"]


def window(start: int, end: int, announced: int, *, emergency: bool = False) -> Window:
    return Window(start, end, announced, emergency, "shop", "acme/support#1", "")


WINDOWS = st.lists(
    st.builds(
        lambda start, length, announced, emergency: window(start, start + length, announced, emergency=emergency),
        st.integers(0, 200),
        st.integers(1, 60),
        st.integers(-100, 220),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=100)
@given(WINDOWS, st.booleans())
def test_every_excused_second_was_announced_before_and_counts_once(found: list[Window], emergencies: bool) -> None:
    excuses = excused(found, emergencies=emergencies)
    counted = [w for w in found if emergencies or not w.emergency]
    for second in range(-5, 265):
        covering = [w.announced for w in counted if max(w.start, w.announced) <= second < w.end]
        assert [announced for spans, announced in excuses if second in spans] == ([min(covering)] if covering else [])


def test_an_emergency_is_no_scheduled_maintenance() -> None:
    found = [window(10, 20, 0), window(15, 30, 12, emergency=True)]
    assert excused(found) == ((Spans([(10, 20)]), 0),)
    assert excused(found, emergencies=True) == ((Spans([(10, 20)]), 0), (Spans([(20, 30)]), 12))


def test_a_policy_may_name_the_questions() -> None:
    swapped = MORE.replace("maintenance: { form: works,", "maintenance: { form: works, starts: to, ends: from,")
    one = story_of(swapped, ASKED, head=DESK)
    assert stands(planned(one.policy, one.history)) == "ends-first"


def test_without_a_notice_every_window_counts() -> None:
    one = story_of(MORE.replace("notice: 4h, ", ""), asked("08:00", "08:10", "08:20"), head=DESK)
    assert stands(planned(one.policy, one.history)) == "08:10-08:20 at 08:00"


@pytest.mark.parametrize("start, says", [("13:00", "13:00-16:00 at 07:00"), ("12:59", SHORT)])
def test_notice_may_be_open_time(start: str, says: str) -> None:
    text = MORE.replace("notice: 4h", "notice: 4 business hours")
    one = story_of(
        text, asked("07:00", start, "16:00"), head=DESK.replace("desk: Told", "desk: Told\ncalendar: office", 1)
    )
    assert stands(planned(one.policy, one.history)) == says


def test_an_emergency_that_cannot_be_said_is_not_offered() -> None:
    silent = MORE.replace('emergency: { urgent: "Yes" }, ', "")
    one = story_of(silent, asked("08:00", "08:30", "09:00", urgent="Yes"), head=DESK)
    assert stands(planned(one.policy, one.history)) == "short-notice"


def test_a_request_of_somebody_who_may_not_ask_has_no_window() -> None:
    closed = MORE.replace("about: Maintenance.", "about: Maintenance.\n    by: staff")
    one = story_of(closed, f'08:00 carla opens "{body("14:00", "15:00")}"', head=DESK)
    assert planned(one.policy, one.history) == Planned()


def test_a_desk_without_maintenance_reads_no_windows() -> None:
    plain = policy("  answer: { start: opened, stop: /ack, target: 4h }")
    assert planned(plain, case(ASKED).history) == Planned()
