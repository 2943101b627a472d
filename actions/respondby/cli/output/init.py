"""What `init` tells: the tree of files, the next three steps, and what a month costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from respondby.setup.costs import INCLUDED, PER_MINUTE, PRICES_OF, Cost
from respondby.terminal import width


def tree_lines(written: Sequence[str], left: Sequence[str]) -> Iterator[str]:
    """The files as a tree; those that were left as they are say so."""
    marks = dict.fromkeys(written, "") | dict.fromkeys(left, "  (is there already: left as it is)")
    shown: tuple[str, ...] = ()
    for path in sorted(marks):
        *folders, name = path.split("/")
        common = next((at for at, (one, other) in enumerate(zip(folders, shown, strict=False)) if one != other), None)
        common = min(len(folders), len(shown)) if common is None else common
        for depth, folder in enumerate(folders[common:], common):
            yield f"{'  ' * depth}{folder}/"
        shown = tuple(folders)
        yield f"{'  ' * len(folders)}{name}{marks[path]}"


def step_lines(steps: Sequence[str]) -> Iterator[str]:
    """The next steps, numbered."""
    for number, step in enumerate(steps, 1):
        yield from wrap(
            step, width(), initial_indent=f"  {number}. ", subsequent_indent="     ", break_on_hyphens=False
        )


def cost_lines(cost: Cost) -> Iterator[str]:
    """What a month costs, with its arithmetic."""
    yield "What it costs a month"
    text = "Nothing in a public repository. In a private one every run counts as a minute at least:"
    yield from wrap(text, width(), initial_indent="  ", subsequent_indent="  ")
    for one in cost.scheduled:
        yield f"    {one.name:<15} {one.a_week:>5,} runs a week   {one.minutes:>6,} minutes"
    requests = f"{cost.requests} requests"
    yield f"    {requests:<15} {cost.runs:>5} runs each     {cost.answering:>6,} minutes"
    if cost.watching:
        yield f"    {'a watch':<15} {'perhaps':>5}                {cost.watching:>6,} minutes"
    plans = "; ".join(
        f"{plan} includes {minutes:,}: ${cost.dollars(minutes):,.2f}" for plan, minutes in INCLUDED.items()
    )
    text = (
        f"Together {cost.minutes:,} minutes. By plan: {plans} (at ${PER_MINUTE} a minute, GitHub's price of"
        f" {PRICES_OF}). Sweeps come as often as the policy promises: `respondby cost` says what each promise wants."
    )
    yield from wrap(text, width(), initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
