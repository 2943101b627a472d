"""Which cases and post-mortems are most like one case."""

from __future__ import annotations

from collections.abc import Iterable

from respondby.desk.case import Case
from respondby.desk.related import IndexedText, Related, answers_of
from respondby.forge.gathering import gather_case, gather_open
from respondby.jobs.inputs.desk import Desk

#: How far back closed cases are looked at, in seconds: a year.
CLOSED_WITHIN = 365 * 86_400


def related(desk: Desk, number: int, others: Iterable[IndexedText] = ()) -> list[IndexedText]:
    """The five that are most like case `number`, the likest first: of the open ones, of those that were closed and
    touched within a year, and of `others`. The desk's own issues are none, but for incidents that an alert opened.
    """
    (case,) = gather_case(desk.client, number, identify=desk.identify).cases
    gathered = gather_open(desk.client, closed_within=CLOSED_WITHIN, identify=desk.identify)
    documents = [_document(one) for one in gathered.cases if one.is_request]
    return Related([*documents, *others]).most_alike(_document(case))


def _document(case: Case) -> IndexedText:
    opened = next((moment for moment in case.moments if moment.kind == "opened"), None)
    text = opened.revisions[-1].text if opened is not None and opened.revisions else ""
    return IndexedText(case.ref, case.title, answers_of(text), case.url)
