"""The section `watch`: when a job stays awake, so that a step is taken to the second."""

from __future__ import annotations

from respondby.policy.loading.times import parse_elapsed
from respondby.policy.loading.words import parse_when
from respondby.policy.model.conditions import ALWAYS
from respondby.policy.model.watch import AT_MOST, IDLE, LONGEST, MOST, Watch, price
from respondby.policy.text.cursor import Cursor


def parse_watch(cursor: Cursor) -> Watch:
    """Whether, for which cases, and for how long at most."""
    cursor.mapping(("when", "idle", "at-most"))
    when = cursor.maybe("when", parse_when)
    idle = cursor.maybe("idle", parse_elapsed)
    at_most = cursor.maybe("at-most", parse_elapsed)
    if idle is not None and not 60 <= idle <= LONGEST:
        hint = "A watch ends when nothing is due for so long: write `1h`, or `5h` at most."
        raise cursor.at("idle").refused(
            "This is too short or too long to wait for what is due.", hint=hint, rule="watch"
        )
    if at_most is not None and at_most > MOST:
        hours = at_most // 3600
        raise cursor.at("at-most").refused(
            f"A watch of {hours} hours a month bills {price(at_most)} in a private repository.",
            hint=f"Write `{MOST // 3600}h` or less; or watch on a host of your own, for nothing: respondby watch --repo"
            " OWNER/NAME (docs/on-time.md).",
            rule="watch",
        )
    return Watch(
        when=ALWAYS if when is None else when,
        idle=IDLE if idle is None else idle,
        at_most=AT_MOST if at_most is None else at_most,
    )
