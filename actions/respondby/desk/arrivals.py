"""An issue that was transferred in: for this desk it begins when it arrives.

What was promised, answered and commanded elsewhere was so under another policy, if under any. What an issue brings
along is how it stands on arrival: its text, its labels, its assignees, whether it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.desk.case import Case, Moment, Revision


def arrived(case: Case, at: Instant, earlier: Sequence[Moment]) -> Case:
    """The case as one that was opened at `at`, when it was transferred; `earlier` are its moments before that."""
    before = {moment.source for moment in earlier}
    later = [moment for moment in case.moments if moment.source not in before]
    opened = next(moment for moment in earlier if moment.kind == "opened")
    brought = [
        *_standing(earlier, "labeled", "unlabeled", _labels(case, later)),
        *_standing(earlier, "assigned", "unassigned", None),
        *_closing(earlier),
    ]
    first = replace(opened, at=at, revisions=_from(opened.revisions, at))
    moments = (first, *(replace(moment, at=at) for moment in brought), *later)
    return replace(case, created=at, moments=moments, arrived=True)


def _from(revisions: Sequence[Revision], at: Instant) -> tuple[Revision, ...]:
    """The text as it stood on arrival, then its later edits."""
    old = [revision for revision in revisions if revision.at <= at]
    return (*(replace(revision, at=at) for revision in old[-1:]), *revisions[len(old) :])


def _labels(case: Case, later: Iterable[Moment]) -> frozenset[str]:
    """Labels that came along: the new repository has only those of the same name."""
    gone = {moment.text.lower() for moment in later if moment.kind == "unlabeled"}
    return frozenset({label.lower() for label in case.labels} | gone)


def _standing(earlier: Iterable[Moment], on: str, off: str, among: frozenset[str] | None) -> Iterable[Moment]:
    """What was put on and not taken off again."""
    found: dict[str, Moment] = {}
    for moment in earlier:
        if moment.kind == on and (among is None or moment.text.lower() in among):
            found[moment.text.lower()] = moment
        elif moment.kind == off:
            found.pop(moment.text.lower(), None)
    return found.values()


def _closing(earlier: Iterable[Moment]) -> Iterable[Moment]:
    states = [moment for moment in earlier if moment.kind in ("closed", "reopened")]
    return states[-1:] if states and states[-1].kind == "closed" else ()
