"""A report's figures in words: `paper_of(report, voice)`."""

from __future__ import annotations

from respondby.letters.report.meeting import SECTIONS_OF_MEETING
from respondby.letters.report.paper import Paper
from respondby.letters.report.sections import SECTIONS
from respondby.letters.report.words import Voice
from respondby.policy.model.policy import Policy
from respondby.reports.meeting import Meeting
from respondby.reports.monthly import Report


def paper_of(report: Report, voice: Voice) -> Paper:
    """The report as people read it."""
    facts = report.facts
    about = ", ".join(_about(facts.policy, facts.product, facts.customer, voice))
    desk = voice.name(facts.policy.desk)
    lead = [] if report.period.over else [voice.say("running", instant=voice.moment(report.period.end))]
    lead.append(voice.say("times", zone=report.period.timezone))
    return Paper(
        name=report.name,
        title=voice.say("title", report.kind, period=voice.period(report.period)),
        subtitle=voice.say("of", desk=desk, about=about) if about else voice.say("desk", desk=desk),
        lead=tuple(lead),
        sections=tuple(SECTIONS[name](report, voice) for name in report.sections),
        language=voice.speaking.language,
    )


def paper_of_meeting(meeting: Meeting, voice: Voice) -> Paper:
    """The page of a status meeting."""
    facts = meeting.facts
    about = ", ".join(_about(facts.policy, facts.product, facts.customer, voice))
    desk = voice.name(facts.policy.desk)
    return Paper(
        name=meeting.name,
        title=voice.say("title", "meeting", since=voice.speaking.date(meeting.period.start)),
        subtitle=voice.say("of", desk=desk, about=about) if about else voice.say("desk", desk=desk),
        lead=(voice.say("running", instant=voice.moment(meeting.period.end)),),
        sections=tuple(SECTIONS_OF_MEETING[name](meeting, voice) for name in ("asked", "answered", "decided", "open")),
        language=voice.speaking.language,
    )


def _about(policy: Policy, product: str | None, customer: str | None, voice: Voice) -> list[str]:
    known = policy.products.get(product or "")
    names = [voice.name(known.name) if known is not None else product, customer]
    return [name for name in names if name is not None]
