"""Milestones of the front matter that cannot have happened in that order."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule

#: What cannot be before what. Nothing else has an order: mitigated before it was noticed, or acknowledged, is normal.
_AFTER = (
    ("detected", "started"),
    ("acknowledged", "started"),
    ("mitigated", "started"),
    ("resolved", "started"),
    ("resolved", "detected"),
    ("resolved", "mitigated"),
)


def _look(document: Document, _: Context) -> Iterator[Finding]:
    times = document.milestones
    for later, earlier in _AFTER:
        if later in times and earlier in times and times[later] < times[earlier]:
            line, column = document.front.place(later)
            texts = document.front.text(later), document.front.text(earlier)
            message = f"`{later}` {texts[0]} is before `{earlier}` {texts[1]}."
            yield Finding(
                line, column, message, texts[0], "Correct the one that is wrong, its date and its offset too."
            )


def _document(*lines: str) -> str:
    top = ("---", "incident: https://github.com/acme/shop/issues/41", "status: draft")
    return "\n".join([*top, *lines, "---", "# Orders fail", ""])


RULE = Rule(
    name="milestone-order",
    says=(
        "A milestone that is before one that it cannot precede: resolved before started, "
        "detected or mitigated; anything before started."
    ),
    why="Every figure of the index is worked out from them.",
    look=_look,
    flagged=(
        Example(_document("started: 2026-11-30T09:50+01:00", "resolved: 2026-11-30T09:40+01:00")),
        Example(_document("mitigated: 2026-11-30T09:50Z", "resolved: 2026-11-30T09:50+01:00")),
    ),
    left_alone=(
        Example(_document("started: 2026-11-30T09:50+01:00", "resolved: 2026-11-30T09:10Z")),
        Example(
            _document("acknowledged: 2026-11-30T10:10Z", "detected: 2026-11-30T10:20Z", "mitigated: 2026-11-30T10:00Z")
        ),
    ),
)
