"""What `cost` tells: a month in minutes of runners, by what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from respondby.policy.model.watch import MOST, price
from respondby.setup.costs import PER_MINUTE, PRICES_OF
from respondby.terminal import width

#: A job that is awake all day, every day of the longest month.
_ALWAYS = 31 * 86_400


def cost_report(output: dict[str, Any]) -> Iterator[str]:
    """The month, then each promise, then what could be done about it."""
    yield from wrap("A month in minutes of runners (a public repository pays nothing)", width())
    for one in output["workflows"]:
        yield f"  {one['name']:<28} {one['minutes']:>8,}"
    yield f"  {_requests(output):<28} {output['events']:>8,}"
    if output["watch_at_most"]:
        yield f"  {'a watch, perhaps':<28} {output['watch']:>8,}  {output['watch_at_most']:,} at most"
    yield f"  {'together':<28} {output['minutes']:>8,}"
    if output["from_policy"] != output["minutes"]:
        text = (
            f"With sweeps as often as the policy needs them it would be {output['from_policy']:,}:"
            " respondby sync --workflows writes that schedule."
        )
        yield from wrap(text, width(), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    plans = "; ".join(f"{plan} ${dollars:,.2f}" for plan, dollars in output["dollars"].items())
    text = f"Beyond what the plan includes, at ${PER_MINUTE} a minute ({PRICES_OF}): {plans}."
    yield from wrap(text, width(), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    if "seen" in output:
        yield ""
        yield from _as_it_was(output["seen"])
    yield ""
    yield "How often each promise wants a sweep"
    for one in output["promises"]:
        hours = "at any hour" if one["hours"] == "all" else "in its hours"
        minutes = f"{one['every']} to {one['up_to']}" if one["up_to"] > one["every"] else f"{one['every']}"
        line = f"every {minutes} min, {hours}: {one['promise']}{' (a watch is awake for it)' if one['watched'] else ''}"
        yield from wrap(line, width(), initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
    yield ""
    text = (
        f"A job that stays awake day and night costs {price(_ALWAYS)}, so a policy may have one for"
        f" {MOST // 3600} hours a month. For nothing: respondby watch --repo OWNER/NAME on a host of yours, or a"
        " scheduler of yours that starts enforce.yml (docs/on-time.md)."
    )
    yield from wrap(text, width(), break_on_hyphens=False)


def _as_it_was(seen: dict[str, Any]) -> Iterator[str]:
    """What the runs of the last days came to."""
    yield f"As it was in the last {seen['days']} days"
    for one in seen["workflows"]:
        if one["runs"]:
            yield f"  {one['name']:<28} {one['minutes']:>8,}  of {one['runs']:,} runs"
    yield f"  {'together':<28} {seen['minutes']:>8,}  {seen['month']:,} in a month like these"


def _requests(output: dict[str, Any]) -> str:
    return f"{output['requests']} requests of {output['runs_of_a_request']} runs"
