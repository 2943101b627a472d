"""Every part of a draft, with everything that it can have: what templates are tried on."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.rules import told_of
from respondby.rules.drafts import Absence, Coming, Due, Part, Rest, Shift


def parts(now: Instant) -> Iterator[Part]:
    """Every part of a draft, full and empty."""
    ref = told_of.Ref("https://github.com/acme/support/issues/7", "The shop is down")
    promises = (
        told_of.Promised("first-response", "", now + 7200, False, False),
        told_of.Promised("revert", "1: four workers", now, True, False),
        told_of.Promised("solution", "", None, False, True),
        told_of.Promised("solution", "", None, False, False),
    )
    missed = (
        told_of.Missed(ref, "first-response", "", now, "late", now + 60),
        told_of.Missed(ref, "revert", "1: four workers", now, "breached", None),
        told_of.Missed(ref, "solution", "", now, "breached", now + 60),
    )
    rests = (Rest("ann", 1, 1, "1 day"), Rest("bob", 6, 2, "1 day"))
    coming = Coming(
        (Due("restore-test", "shop", now), Due("review", "", now)),
        (Absence("ann", now, now + 86_400),),
        (
            told_of.Works(ref, "Web shop", now, now + 3600, False),
            told_of.Works(ref, "", now, now + 3600, True),
        ),
    )
    full: dict[str, object] = {
        "shift": Shift("week", ("ann",), ("bob", "tess"), now - 86_400, now, rests),
        "open": (
            told_of.OpenCase(ref, "Problem", ("ann", "bob"), None, promises),
            told_of.OpenCase(ref, "", (), now, ()),
        ),
        "notes": (told_of.Note(ref, "ann", now, "It was the disk."),),
        "workarounds": (
            told_of.Temporary(ref, "1: four workers", "two workers", "ann", now + 7200),
            told_of.Temporary(ref, "2", None, "ann", None),
        ),
        "missed": missed,
        "calls": (told_of.Calls("ann", 2, 1, 1),),
        "incidents": (
            told_of.Incident(
                ref, ("High", "Web shop"), now, now + 60, ("first-response",), ("/root-cause", "post-mortem")
            ),
            told_of.Incident(ref, (), now, None, ()),
        ),
        "coming": coming,
    }
    for name, facts in full.items():
        yield Part(name, facts)
    yield Part("shift", Shift("week", (), (), 0, now, ()))
    yield Part("coming", Coming((), (), ()))
    yield from (Part(name, ()) for name in full if name not in ("shift", "coming"))
    yield Part("notes", (told_of.Note(ref, "ann", now, "Again."),) * 41)
