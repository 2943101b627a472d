"""Every part of a draft, with everything that it can have: what templates are tried on."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.rules import shift_facts
from respondby.rules.drafts import Absence, Coming, Due, Part, Rest, Shift
from respondby.rules.items import OpenItem


def parts(now: Instant) -> Iterator[Part]:
    """Every part of a draft, full and empty."""
    ref = shift_facts.Ref("https://github.com/acme/support/issues/7", "The shop is down")
    promises = (
        shift_facts.RunningPromise("first-response", "", now + 7200, False, False),
        shift_facts.RunningPromise("revert", "1: four workers", now, True, False),
        shift_facts.RunningPromise("solution", "", None, False, True),
        shift_facts.RunningPromise("solution", "", None, False, False),
    )
    missed = (
        shift_facts.Missed(ref, "first-response", "", now, "late", now + 60),
        shift_facts.Missed(ref, "revert", "1: four workers", now, "breached", None),
        shift_facts.Missed(ref, "solution", "", now, "breached", now + 60),
    )
    rests = (Rest("ann", 1, 1, "1 day"), Rest("bob", 6, 2, "1 day"))
    coming = Coming(
        (Due("restore-test", "shop", now), Due("review", "", now)),
        (Absence("ann", now, now + 86_400),),
        (
            shift_facts.MaintenanceWindow(ref, "Web shop", now, now + 3600, False),
            shift_facts.MaintenanceWindow(ref, "", now, now + 3600, True),
        ),
    )
    full: dict[str, object] = {
        "shift": Shift("week", ("ann",), ("bob", "tess"), now - 86_400, now, rests),
        "open": (
            shift_facts.OpenCase(ref, "Problem", ("ann", "bob"), None, promises),
            shift_facts.OpenCase(ref, "", (), now, ()),
        ),
        "notes": (shift_facts.Note(ref, "ann", now, "It was the disk."),),
        "workarounds": (
            shift_facts.Temporary(ref, "1: four workers", "two workers", "ann", now + 7200),
            shift_facts.Temporary(ref, "2", None, "ann", None),
        ),
        "missed": missed,
        "calls": (shift_facts.Calls("ann", 2, 1, 1),),
        "incidents": (
            shift_facts.Incident(
                ref, ("High", "Web shop"), now, now + 60, ("first-response",), ("/root-cause", "post-mortem")
            ),
            shift_facts.Incident(ref, (), now, None, ()),
        ),
        "items": (
            OpenItem(ref, ("ann",), now, True),
            OpenItem(ref, ("ann", "bob"), now, False),
            OpenItem(ref, (), None, False),
        ),
        "coming": coming,
    }
    for name, facts in full.items():
        yield Part(name, facts)
    yield Part("shift", Shift("week", (), (), 0, now, ()))
    yield Part("coming", Coming((), (), ()))
    yield from (Part(name, ()) for name in full if name not in ("shift", "coming"))
    yield Part("notes", (shift_facts.Note(ref, "ann", now, "Again."),) * 41)
