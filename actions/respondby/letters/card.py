"""The card: our one comment at the top of a case, which tells the customer what is promised and how it stands."""

from __future__ import annotations

from collections.abc import Mapping

from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import inline
from respondby.letters.reasons import clock_name, run_name
from respondby.letters.refusals import reason_text
from respondby.letters.templates import render, with_marker
from respondby.letters.when import Speaking, speaking
from respondby.rules.card_facts import CardClock, CardFacts, CardProposal, CardWindow

#: More than these of a kind are not read by anybody; the newest promises are shown.
MOST_SHOWN = 30


def render_card(facts: CardFacts, marker: str, *, messages: Messages = OURS) -> str:
    """The card's whole text, at most as long as one comment; it ends with `marker`."""
    voice = speaking(facts.language, facts.timezone, facts.customer_timezone, messages=messages)
    if facts.duty is not None:
        return with_marker(_duty_card(facts, facts.duty, voice), marker, voice)
    problems = facts.problems[:MOST_SHOWN] if facts.open else ()  # what is over needs no mending
    commands = [problem.about.startswith(("/", "@")) for problem in problems]
    context = {
        "desk": inline(voice.name(facts.desk)),
        "kind": inline(voice.name(facts.kind)) if facts.kind else "",
        "open": facts.open,
        "fields": [
            {
                "title": inline(voice.name(field.title)),
                "asks": voice.name(field.title).rstrip().endswith("?"),
                "value": inline(voice.name(field.value)) if field.value else "",
            }
            for field in facts.fields[:MOST_SHOWN]
        ],
        "clocks": [_clock(clock, facts, voice) for clock in facts.clocks[-MOST_SHOWN:]],
        "problems": [
            {
                "about": inline(voice.name(problem.about)),
                "asks": voice.name(problem.about).rstrip().endswith("?"),
                "words": reason_text(problem.problem, voice),
            }
            for problem in problems
        ],
        "window": _window(facts.window, voice) if facts.window is not None else None,
        "temporary": [
            {"what": inline(change.what), "until": voice.at_home(change.until) if change.until is not None else ""}
            for change in facts.temporary[:MOST_SHOWN]
        ],
        "proposals": [_proposal(one, voice) for one in facts.proposals],
        "milestones": [
            {"what": voice.words["milestones"][one.name], "at": voice.everywhere(one.at), "corrected": one.corrected}
            for one in facts.milestones
        ],
        "void": facts.void,
        "duplicate": facts.duplicate_of is not None,
        "original": facts.duplicate_of or "",
        "incident": f"#{facts.part_of}" if facts.part_of else "",
        "mend_answers": not all(commands),
        "mend_commands": any(commands),
        "waiting": voice.at_home(facts.waiting_since) if facts.open and facts.waiting_since is not None else "",
    }
    return with_marker(render("card.md", context, voice), marker, voice)


def _proposal(proposal: CardProposal, voice: Speaking) -> Mapping[str, object]:
    return {
        "title": inline(voice.name(proposal.title)),
        "lines": [
            {
                "ask": inline(voice.words["about"].get(line.about) or voice.name(line.ask)),
                "about": line.about,
                "answer": inline(voice.name(line.answer)) if line.answer is not None else "",
                "worth": line.worth,
                "weight": line.weight,
                "points": line.worth * line.weight,
            }
            for line in proposal.lines[:MOST_SHOWN]
        ],
        "total": proposal.total,
        "value": inline(voice.name(proposal.value)) if proposal.value is not None else "",
        "least": proposal.at_least,
        "chosen": inline(voice.name(proposal.chosen)) if proposal.chosen is not None else "",
    }


def _duty_card(facts: CardFacts, duty: str, voice: Speaking) -> str:
    """The card on a duty's issue."""
    clocks = [_clock(clock, facts, voice) for clock in facts.clocks[-MOST_SHOWN:]]
    problems = [reason_text(problem.problem, voice) for problem in facts.problems[:MOST_SHOWN]] if facts.open else []
    return render(
        "duty-card.md", {"duty": clock_name(duty, voice, inline), "clocks": clocks, "problems": problems}, voice
    )


def _clock(clock: CardClock, facts: CardFacts, voice: Speaking) -> Mapping[str, object]:
    return {
        "what": run_name(clock.clock, clock.about, voice, inline),
        "promise": voice.promise(clock.promise),
        "binding": clock.binding,
        "due": voice.everywhere(clock.due) if clock.due is not None and not clock.paused else (),
        "stands": _stands(clock, facts),
        "until": voice.at_home(clock.until) if clock.until is not None and clock.paused else "",
        "lag": voice.lasting(clock.lag) if clock.lag else "",
        "ended": voice.at_home(clock.ended) if clock.ended is not None else "",
    }


def _window(window: CardWindow, voice: Speaking) -> Mapping[str, object]:
    stands = "cancelled" if window.cancelled else "emergency" if window.emergency else "announced"
    return {"starts": voice.everywhere(window.start), "ends": voice.everywhere(window.end), "stands": stands}


def _stands(clock: CardClock, facts: CardFacts) -> str:
    """How a promise stands, as templates name it."""
    if clock.state in ("met", "late"):
        return clock.state
    if clock.state == "cancelled":
        return "off"
    if clock.state == "breached":
        return "overdue" if clock.ended is None else "given up" if facts.open else "missed"
    if not clock.paused:
        return "open"
    return "on hold" if facts.waiting_since is None or clock.until is not None else "paused"
