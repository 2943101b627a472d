"""Rules about what this version reads and does not act on yet. A line goes from the tables when it is acted on.

docs/language.md lists the same ("What this release does, and what it only checks"); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.clocks import Clock
from respondby.policy.model.conditions import Pattern, PatternKind
from respondby.policy.text.cursor import Path
from respondby.policy.text.yaml_text import Node

#: Keys that are not acted on, by their place (`*` is any name or item), with what happens instead.
UNSERVED: tuple[tuple[str, str], ...] = (
    ("duties.*.do", "nothing is reported, and this duty opens no issue"),
    ("fields.*.propose", "its questions are asked, and nothing is proposed"),

    ("incidents.close-needs", "`/close` is not held back"),
    ("incidents.post-mortem", "no post-mortem is asked for"),
    ("products.*.uptime", "nothing is measured"),
    ("stages.*.channels", "nothing reads it"),
    ("stages.*.ends", "nothing reads it"),
    ("uptime.incidents", "nothing is measured"),
    ("uptime.when", "nothing is measured"),
    *(
        (f"{place}.track", "the run's summary asks a maintainer to do it by hand")
        for place in (
            "clocks.*.ladder.*", "clocks.*.ladder.*.repeat.then", "commands.*", "duties.*.done", "duties.*.ladder.*",
            "duties.*.ladder.*.repeat.then", "ladders.*.*", "ladders.*.*.repeat.then", "rules.*",
        )
    ),
)  # fmt: skip

_MAY_STAY = "It may stay: docs/language.md lists what is only checked."

#: Moments that never happen.
NEVER: tuple[PatternKind, ...] = ("merged", "post-mortem merged")


def _not_acted_on(subject: Subject) -> Iterator[Finding]:
    """One finding for each key, at its first place."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for place, instead in UNSERVED:
        parts = place.split(".")
        for path in _paths(subject.reading.root, tuple(parts)):
            found.setdefault(parts[-1] if parts[0] != "uptime" else "uptime", []).append((path, instead))
    for key, places in found.items():
        path, instead = min(places, key=lambda found: subject.reading.key(found[0]))
        also = f" ({len(places)} places)" if len(places) > 1 else ""
        message = f"`{key}` is not acted on by this version: {instead}{also}."
        hint = _MAY_STAY
        yield Finding(path, message, key, hint, at_key=True)


def _paths(node: Node | None, parts: tuple[str, ...], path: Path = ()) -> Iterator[Path]:
    """The paths of the text that a place with stars means."""
    if not parts:
        yield path
        return
    if node is None or node.kind not in ("mapping", "list"):
        return
    items = node.value.items() if node.kind == "mapping" else enumerate(node.value)
    for key, value in items:
        if parts[0] == "*" or parts[0] == key:
            yield from _paths(value, parts[1:], (*path, key))


def _never_happens(subject: Subject) -> Iterator[Finding]:
    """A clock that has other moments as well goes on without this one."""
    for name, clock in subject.policy.clocks.items():
        for key, patterns in (("start", clock.start), ("stop", clock.stop), ("pause", clock.pause)):
            for pattern in patterns:
                if pattern.kind in NEVER and not (key == "stop" and _never_stops(clock, subject.policy.clocks)):
                    message = f"`{pattern.text}` never happens in this version."
                    yield Finding(
                        ("clocks", name, key),
                        message,
                        pattern.text,
                        "It may stay: docs/language.md lists what is only checked.",
                    )


def _unstoppable(subject: Subject) -> Iterator[Finding]:
    clocks = subject.policy.clocks
    for name, clock in clocks.items():
        if _never_stops(clock, clocks):
            moments = ", ".join(f"`{pattern.text}`" for pattern in clock.stop)
            message = f"Nothing can stop this clock in this version: {moments} never happens."
            hint = "Let it also stop on a command, such as `/done`: it would always run out."
            yield Finding(("clocks", name, "stop"), message, clock.stop[0].text, hint)


def _never_stops(clock: Clock, clocks: Mapping[str, Clock], seen: frozenset[str] = frozenset()) -> bool:
    """Whether no moment that stops the clock can happen; a clock that stops with another one depends on that one."""

    def never(pattern: Pattern) -> bool:
        if pattern.kind != "clock stops":
            return pattern.kind in NEVER
        other = clocks.get(pattern.name)
        return other is not None and (other.name in seen or _never_stops(other, clocks, seen | {clock.name}))

    return all(never(pattern) for pattern in clock.stop)


RULES = (
    Rule("not-acted-on", "warning", _not_acted_on),
    Rule("never-happens", "warning", _never_happens),
    Rule("clock-never-stops", "error", _unstoppable),
)
