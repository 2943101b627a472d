"""One letter of every kind, with every part that it can have: what templates are tried on before anybody is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.desk.case import Actor, Case
from respondby.desk.log import Entry
from respondby.desk.refusals import Lacking, Refusal
from respondby.letters.calls import render_call, render_test, render_together
from respondby.letters.card import render_card
from respondby.letters.comments import render_comment
from respondby.letters.drafts import render_part
from respondby.letters.duty import MOST_PERIODS, duty_letter
from respondby.letters.elsewhere import render_elsewhere
from respondby.letters.items import changes_text, item_letter, item_text
from respondby.letters.log import MOST_SHOWN, log_letter
from respondby.letters.messages import Messages
from respondby.letters.sample_drafts import parts
from respondby.letters.when import speaking
from respondby.policy.loading.loader import load
from respondby.policy.model.incidents import MILESTONES
from respondby.promises.periods import Period
from respondby.rules.card_facts import (
    CardAnswer,
    CardChange,
    CardClock,
    CardFacts,
    CardField,
    CardMilestone,
    CardProblem,
    CardProposal,
    CardWindow,
)
from respondby.rules.duties import OpenDuty
from respondby.rules.items import ItemFacts
from respondby.rules.plan import Answer, Because, Call, Relay, WriteComment

#: Monday 5 January 2026, 09:00 in UTC.
_NOW = 1_767_603_600

_CLOCK = CardClock(
    clock="first-response",
    source="I_1",
    promise="2 business hours",
    calendar="office",
    state="running",
    started=_NOW,
    due=_NOW + 7200,
    ended=None,
    paused=False,
    binding=True,
)
_CLOCKS = (
    _CLOCK,
    replace(_CLOCK, state="met", ended=_NOW + 3600, promise="end of next business day"),
    replace(_CLOCK, state="late", ended=_NOW + 9000, binding=False, lag=5400),
    replace(_CLOCK, state="breached"),
    replace(_CLOCK, state="breached", ended=_NOW + 9000),
    replace(_CLOCK, due=None, paused=True),
    replace(_CLOCK, state="cancelled", ended=_NOW, promise="/agree.until"),
    replace(_CLOCK, due=None, promise="2026-01-06T10:00"),
    replace(_CLOCK, clock="revert", about="1: four workers"),
)
_PROBLEMS = (
    CardProblem("Since when?", Refusal.of("unanswered")),
    CardProblem("Priority", Refusal.of("no-option", said="Huge", options=("Low", "High"))),
    CardProblem("/agree", Refusal.of("time-past", said="2026-01-01T10:00")),
)
_WINDOW = CardWindow(_NOW, _NOW + 7200, emergency=False, cancelled=False)
_BUSY = CardFacts(
    desk="Support",
    kind="Problem",
    fields=(CardField("Priority", "High"), CardField("Who is affected?", None)),
    clocks=_CLOCKS,
    problems=_PROBLEMS,
    open=True,
    waiting_since=_NOW,
    timezone="Europe/Brussels",
    customer_timezone="America/New_York",
    window=_WINDOW,
    temporary=(CardChange("2: no report", _NOW + 7200), CardChange("3", None)),
)
_PROPOSAL = CardProposal(
    "Priority",
    (
        CardAnswer("Who is affected?", "High", 3, 2),
        CardAnswer("Since when?", None, 0, 1),
        CardAnswer("Product", "Shop", 2, 1, "product"),
        CardAnswer("plan", "gold", 1, 1, "plan"),
    ),
    9,
    "High",
    5,
    None,
)
_PROPOSALS = (_PROPOSAL, replace(_PROPOSAL, chosen="High"), replace(_PROPOSAL, value=None))
_FACTS = (
    _BUSY,
    replace(_BUSY, problems=_PROBLEMS[:1], waiting_since=None, customer_timezone=None),
    replace(_BUSY, open=False, problems=_PROBLEMS[2:], kind=None),
    replace(_BUSY, fields=(), clocks=(), problems=(), waiting_since=None, kind=None, window=None, temporary=()),
    *(replace(_BUSY, window=window) for window in (replace(_WINDOW, emergency=True), replace(_WINDOW, cancelled=True))),
    replace(_BUSY, fields=(), clocks=(), problems=(), open=False),
    replace(_BUSY, clocks=(), void=True),
    replace(_BUSY, milestones=tuple(CardMilestone(name, _NOW, name == "resolved") for name in MILESTONES)),
    *(replace(_BUSY, proposals=(one,)) for one in _PROPOSALS),
    *(replace(_BUSY, clocks=(), void=True, duplicate_of=of) for of in ("", "#3")),
    replace(_BUSY, part_of="12"),
)
_REASONS = (
    *(Because("rung", "first-response", rung, _NOW + 7200) for rung in ("start", "75%", "due", "start+1h", "due-30m")),
    *(Because("rung", "first-response", rung, _NOW + 7200) for rung in ("due+15m", "after 10m")),
    *(Because("rung", "first-response", rung) for rung in ("start", "75%", "start+1h", "after 10m")),
    Because("rung", "first-response", "due unanswered", _NOW - 7200, instead=("lead", "engineer"), late=5400),
    Because("rung", "first-response", "due unanswered"),
    Because("rung", "revert", "due", _NOW + 7200, about="1: four workers"),
    *(Because("window", "Shop", what, _NOW + 7200, _NOW) for what in ("announced", "moved", "soon", "cancelled")),
    Because("window", "", "announced", _NOW + 7200, _NOW, "emergency"),
    Because("window", "Shop", "meets", _NOW + 7200, _NOW, about="https://github.com/acme/support/issues/6"),
    Because("rung", "weekly-review done", "done", say="The notes: {url}"),
    Because("rung", "weekly-review done", "done"),
    Because("related", "", links=(("The shop is down", "https://github.com/acme/support/issues/4"),)),
    Because("rule", "when-type-problem", say="Please look at this."),
    Because("command", "/escalate", speaker="ann"),
    Because("command", "/escalate"),
)
_ANSWERS = (
    Answer("/priority huge", Refusal.of("no-value", word="/priority", values=("high", "low"))),
    Answer("/help-desk"),
)
_MISSING = Refusal.of(
    "closed-too-soon", lacking=(Lacking("/cause", "Cause", ("change",)), Lacking("/close", alarm=True))
)
_ITEM = ItemFacts(
    "https://github.com/acme/support/issues/7", "docs/incidents/2026-01-05-7-down.md", "0", "Alert on the queue",
    "ann", "2026-01-16", "2026-01-16", "detect",
)  # fmt: skip
_ENTRY = Entry("dispatch", "backup-done", "run 1", _NOW, "ann", {"product": "shop"})
_POLICY = load("""
version: 1
desk: Support
people: { ann: {} }
roles: { lead: ann }
products: { shop: { name: Web shop } }
duties:
  review: { schedule: { every: 1 week }, owner: lead, checklist: { lead: [Look] }, stop: [closed, all ticked, /done] }
  backup: { schedule: { every: 1 day }, for: product, owner: lead, silent: true, expects: dispatch done, within: 1h }
commands: { /done: { by: lead } }
""")
_DUTY, _BACKUP = _POLICY.duties.values()
_HELP = replace(_ANSWERS[1], may=("/close [reason]", "/priority high | low"), ways=("Is it down? Call: Any hour.",))


def letters(messages: Messages, language: str) -> Iterator[str]:
    """Every letter, in a language."""
    for facts in _FACTS:
        yield render_card(replace(facts, language=language), "", messages=messages)
    for facts in (_BUSY, _FACTS[3]):
        for inside in (True, False):
            asked = () if inside else (("What is wanted?", "A door.\nIn red."), ("Why?", ""))
            yield render_elsewhere(_CASE, facts, "", inside=inside, answers=asked, messages=messages, language=language)
    for say in _comments():
        answers = tuple(replace(answer, language=language) for answer in say.answers)
        relays = tuple(replace(relay, language=language) for relay in say.relays)
        said = replace(say, language=language, answers=answers, relays=relays)
        yield render_comment(said, _BUSY, "", messages=messages)
    for reasons in ((), *((reason,) for reason in _REASONS), _REASONS):
        shadowed = tuple(replace(one, shadow=True) for one in reasons)
        shadow = Call("key", "notify", "bob", ("chat",), shadowed, (), language=language)
        words = render_call(shadow, _CASE, _BUSY, _NOW, messages=messages)
        yield f"{words.subject}\n\n{words.body}"
        call = Call("key", "page", "ann", ("pager",), reasons, (), language=language)
        for facts in (_BUSY, replace(_BUSY, kind=None, fields=())):
            words = render_call(call, _CASE, facts, _NOW, messages=messages)
            yield f"{words.subject}\n\n{words.body}"
    call = Call("key", "notify", "ann", ("chat",), _REASONS[:1], (), language=language)
    part = (render_call(call, _CASE, _BUSY, _NOW, messages=messages), _CASE.url)
    for count in (2, 60):
        together = render_together(call, [part] * count, "Support", "UTC", messages=messages)
        yield f"{together.subject}\n\n{together.body}"
    test = render_test(
        Call("key", "page", "ann", ("pager",), (), (), language=language), "Support", "UTC", "", _NOW, messages=messages
    )
    yield f"{test.subject}\n\n{test.body}"
    for entries in ((), (_ENTRY,), (_ENTRY,) * (MOST_SHOWN + 1)):
        yield log_letter("Support", entries, speaking(language, "Europe/Brussels", messages=messages))
    yield render_card(replace(_BUSY, duty="weekly-review", language=language), "", messages=messages)
    yield from _duties(messages, language)
    yield from _items(messages, language)
    for piece in parts(_NOW):
        yield render_part(piece, speaking(language, "Europe/Brussels", messages=messages))


def _duties(messages: Messages, language: str) -> Iterator[str]:
    voice = speaking(language, "Europe/Brussels", messages=messages)
    for duty, count in ((_DUTY, 1), (_DUTY, MOST_PERIODS + 2), (_BACKUP, 1)):
        days = tuple(Period(_NOW + day * 86_400, _NOW) for day in range(count))
        opening = OpenDuty(duty.name, "shop" if duty.for_ else "", days)
        yield duty_letter(duty, opening, _POLICY, {"lead": ("ann",)}, voice, "A draft.")


def _items(messages: Messages, language: str) -> Iterator[str]:
    voice = speaking(language, "Europe/Brussels", messages=messages)
    for item in (_ITEM, replace(_ITEM, owner="", due="", kind="")):
        yield item_letter(item, "The shop takes no orders", f"{_CASE.url}/document", voice)
    values = ("now", "before", "owner", "rows", "why", "document")
    for kind in voice.words["item"]["told"]:
        yield item_text(kind, {**dict.fromkeys(values, "2026-01-16"), "issue": "#57"}, ("ann",), voice)
    changes = [(kind, {"issue": "#57", "what": "Alert", "owner": "ann"}) for kind in voice.words["item"]["changes"]]
    yield f"{voice.words['item']['pull-title']}\n\n{voice.words['item']['pull-text']}\n\n{changes_text(changes, voice)}"


_RELAYS = (
    Relay("tied", 12, to="carla"),
    Relay("tied", 12, "503 502 503", "carla"),
    Relay("updated", 12, "503\n\n200", "carla"),
    Relay("resolved", 12, to="carla", solved="/solved", not_solved="/not-solved"),
    Relay("resolved", 12, to="carla", solved="/solved"),
    Relay("resolved", 12, to="carla", not_solved="/not-solved"),
    Relay("resolved", 12),
    Relay("again", 12),
    Relay("ended", 12),
)


def _comments() -> Iterator[WriteComment]:
    yield WriteComment("key", ("ann", "bob"), _REASONS, ("A text of the policy.",), ())
    yield WriteComment("key", (), _REASONS, (), ())
    yield WriteComment("key", ("ann",), (), (), ())
    yield WriteComment("key", ("ann",), _REASONS[-2:], (), (), inside=True)
    yield WriteComment("key", (), (), (), (), answers=(_ANSWERS[0], _HELP, Answer("", _MISSING)))
    for reason in _REASONS:
        yield WriteComment("key", ("ann",), (reason,), (), ())
    yield WriteComment("key", (), (), (), (), relays=_RELAYS)
    for relay in _RELAYS:
        yield WriteComment("key", (), (), (), (), relays=(relay,))


_CASE = Case(
    repository="acme/support",
    number=7,
    node_id="I_7",
    url="https://github.com/acme/support/issues/7",
    title="The shop is down",
    author=Actor("carla"),
    created=_NOW,
    open=True,
    labels=frozenset(),
    assignees=(),
    moments=(),
)
