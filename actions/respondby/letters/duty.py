"""A duty's issue: its title, its text with the checklist, and the card that says until when it is due.

The text is written once, when the issue is opened: from then on people tick and write in it, and the desk only reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.calendars.instants import Instant
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import filled, flat, inline, mention
from respondby.letters.reasons import clock_name
from respondby.letters.templates import bounded, render, with_marker
from respondby.letters.when import Speaking, speaking
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy
from respondby.rules.duties import OpenDuty

#: More periods than these are counted, not named: the first ones, and the last one.
MOST_PERIODS = 24
_TITLE = 200


def duty_title(opening: OpenDuty, policy: Policy, *, messages: Messages = OURS) -> str:
    """The issue's title: `Restore test (Web shop): Thu 1 Oct 2026`."""
    duty = policy.duties[opening.duty]
    voice = voice_of(duty, policy, messages)
    words = voice.words["duty"]
    first, last = (_period(duty, period.at, voice) for period in (opening.periods[0], opening.last))
    about = about_of(policy, duty, opening.subject)
    text = str(words["title-about" if about else "title"])
    values = {
        "duty": clock_name(duty.name, voice, flat),
        "about": about,
        "period": last if len(opening.periods) == 1 else f"{first} – {last}",
    }
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return flat(text, _TITLE)


def render_duty(
    opening: OpenDuty,
    policy: Policy,
    people: Mapping[str, Sequence[str]],
    marker: str,
    *,
    draft: str = "",
    messages: Messages = OURS,
) -> str:
    """The issue's text. `people` are who holds each role that the checklist has a part for, `draft` a text made from
    facts, marked already, that stands above the checklist."""
    duty = policy.duties[opening.duty]
    voice = voice_of(duty, policy, messages)
    return with_marker(duty_letter(duty, opening, policy, people, voice, draft), marker, voice)


def duty_letter(
    duty: Duty, opening: OpenDuty, policy: Policy, people: Mapping[str, Sequence[str]], voice: Speaking, draft: str = ""
) -> str:
    """The letter without its marker."""
    about = about_of(policy, duty, opening.subject)
    shown = [_period(duty, period.at, voice) for period in opening.periods]
    more = max(0, len(shown) - MOST_PERIODS)
    values = {"product": about, "customer": about}
    context = {
        "desk": inline(voice.name(policy.desk)),
        "duty": clock_name(duty.name, voice, inline),
        "about": inline(about),
        "missing": inline(duty.expects) if duty.silent and duty.expects is not None else "",
        "periods": [inline(period) for period in (*shown[: MOST_PERIODS - 1], shown[-1])] if more else shown,
        "more": more,
        "draft": bounded(draft, 40_000, voice) if draft else "",
        "parts": [
            {
                "role": inline(voice.key(role)) if role is not None else "",
                "people": [mention(login) for login in people.get(role or "", ())],
                "tasks": [" ".join(filled(task, values).split()) for task in tasks],
            }
            for role, tasks in duty.checklist
        ],
        "done": _done(duty, voice),
    }
    return render("duty.md", context, voice)


def voice_of(duty: Duty, policy: Policy, messages: Messages) -> Speaking:
    """The desk's own language, and the zone of the duty's schedule."""
    zone = duty.timezone
    if duty.schedule.rota is not None:
        zone = zone or policy.rotas[duty.schedule.rota].rota.timezone
    return speaking(None, zone or policy.timezone, messages=messages)


def about_of(policy: Policy, duty: Duty, subject: str) -> str:
    """The name of the product or customer that a duty is for."""
    if duty.for_ == "product" and subject in policy.products:
        return policy.products[subject].name
    return subject


def _period(duty: Duty, at: Instant, voice: Speaking) -> str:
    """A period's name: its date, with the time where a day has more than one."""
    schedule = duty.schedule
    if schedule.rota is not None:
        return str(voice.words["duty"]["shift"]).replace("{instant}", voice.at(at))
    if schedule.cadence is not None and schedule.cadence.unit == "hours":
        return voice.at(at)
    return voice.date(at)


def _done(duty: Duty, voice: Speaking) -> str:
    """How people say that it is done."""
    words = voice.words["duty"]["done"]
    kinds = {pattern.kind for pattern in duty.stop} or {"closed"}
    said = [str(words["closed"])] if "closed" in kinds else []
    if "all ticked" in kinds:
        said.append(str(words["ticked"]))
    commands = [f"`{inline(pattern.name)}`" for pattern in duty.stop if pattern.kind == "command"]
    if commands:
        said.append(str(words["command"]).replace("{commands}", f" {voice.words['or']} ".join(commands)))
    if duty.expects is not None:
        said.append(str(words["event"]).replace("{event}", inline(duty.expects)))
    return " ".join(said)
