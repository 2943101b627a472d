"""Reports made: from the facts to every form in which one is read."""

from __future__ import annotations

import json
from collections.abc import Mapping

from respondby.calendars.instants import Instant, parse_time, zone
from respondby.dataclass import dataclass
from respondby.jobs.report_facts import ReportInput
from respondby.letters.messages import Messages
from respondby.letters.report.markdown import markdown
from respondby.letters.report.page import page
from respondby.letters.report.paper import Paper
from respondby.letters.report.sheet import sheet
from respondby.letters.report.words import Voice, voice
from respondby.letters.report.writing import paper_of, paper_of_meeting
from respondby.policy.model.duties import ReportKind
from respondby.policy.model.policy import Policy
from respondby.reports.as_json import meeting_json, report_json
from respondby.reports.meeting import meeting
from respondby.reports.monthly import Report, between, monthly, zone_of
from respondby.reports.periods import month_before, month_of

#: The forms of a report, by what their files end in.
FORMS = ("md", "html", "csv", "json")


@dataclass(frozen=True, slots=True)
class Written:
    """A report in all its forms: the texts by what their files end in. `over` says that its period is."""

    name: str
    title: str
    paper: Paper
    texts: Mapping[str, str]
    over: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is to be about: `product` and `customer` are names of the policy, None is everything; in which
    language it speaks, None is the desk's own.
    """

    kind: ReportKind = "monthly"
    product: str | None = None
    customer: str | None = None
    language: str | None = None


def month_report(given: ReportInput, asked: Asked, month: str | None = None) -> Written:
    """The report of a month `YYYY-MM`, by default of the last one that is over. Raises TimeError for what is none."""
    facts, product, customer = given.facts, asked.product, asked.customer
    where = zone_of(facts.policy, product, customer)
    name = month or month_before(month_of(facts.now, where)).name
    return _written(given, asked, monthly(facts, name, kind=asked.kind, product=product, customer=customer))


def span_report(given: ReportInput, asked: Asked, start: Instant, end: Instant) -> Written:
    """The report of the time between two instants."""
    facts = given.facts
    report = between(facts, start, end, kind=asked.kind, product=asked.product, customer=asked.customer)
    return _written(given, asked, report)


def meeting_report(given: ReportInput, asked: Asked, since: str) -> Written:
    """What a status meeting goes through. Raises TimeError where `since` is no date and no time."""
    policy = given.facts.policy
    where = zone_of(policy, asked.product, asked.customer)
    found = meeting(given.facts, parse_time(since, zone(where)), product=asked.product, customer=asked.customer)
    paper = paper_of_meeting(found, _voice(given, asked, where))
    return Written(found.name, paper.title, paper, _forms(paper, meeting_json(found)), over=True)


def _written(given: ReportInput, asked: Asked, report: Report) -> Written:
    paper = paper_of(report, _voice(given, asked, report.period.timezone))
    return Written(report.name, paper.title, paper, _forms(paper, report_json(report)), report.period.over)


def _voice(given: ReportInput, asked: Asked, where: str) -> Voice:
    policy: Policy = given.facts.policy
    customer = policy.customers.get(asked.customer or "")
    language = asked.language or (customer.language if customer is not None else None)
    return voice(language, where, Messages.of(policy, given.in_force.files))


def _forms(paper: Paper, data: object) -> Mapping[str, str]:
    return {
        "md": markdown(paper),
        "html": page(paper),
        "csv": sheet(paper),
        "json": json.dumps(data, ensure_ascii=False, indent=1) + "\n",
    }
