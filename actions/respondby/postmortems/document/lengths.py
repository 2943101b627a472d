"""Lengths of time as people state them: `39 min`, `5 hours and 26 minutes`, `1h50m`, `2d 1h 29m`, `~20 minutes`.

A stated length is as exact as it was written: `3 hours` is not 180 minutes to the minute, `2h 50m` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {"d": 1440, "h": 60, "m": 1}
_UNIT = (
    r"(?:(?P<d{n}>d(?:ays?)?)|(?P<h{n}>h(?:(?:ou)?rs?)?)|(?P<m{n}>m(?:in(?:ute)?s?)?)|(?P<s{n}>s(?:ec(?:ond)?s?)?))"
    r"(?![a-z])"
)
_LENGTH = re.compile(
    # `1h50` says minutes without naming them.
    r"(?<![\w.:,/+#-])(?P<bh>\d{1,3})h(?P<bm>[0-5]\d)(?!\w)"
    r"|(?<![\w.:,/+#$€£-])(?P<n1>\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,2})?)[\s-]?" + _UNIT.replace("{n}", "1")
    + r"(?:,?\s*(?:and\s+)?(?P<n2>\d{1,4})[\s-]?" + _UNIT.replace("{n}", "2")
    + r"(?:,?\s*(?:and\s+)?(?P<n3>\d{1,4})[\s-]?" + _UNIT.replace("{n}", "3") + r")?)?",
    re.IGNORECASE | re.ASCII,
)  # fmt: skip
_ABOUT = re.compile(
    r"(?:~|≈|\babout|\baround|\bapprox(?:\.|imately)?|\broughly|\bnearly|\balmost|\bover|\bmore than|\bless than"
    r"|\bunder|\bup to|\bat least|\bat most|\bsome|\bcirca|\ba few|\bseveral|\bwithin|\bevery|\bbetween|<|>|\bfirst"
    r"|\blast|\bnext|\bother|\b\d+\s?(?:-|–|to|or))\s*(?:a\s+|the\s+)?$",
    re.IGNORECASE,
)
_ABOUT_BEHIND = re.compile(
    r"\s*(?:\+|or so\b|-ish\b|ish\b|or more\b|or less\b|at most\b|each\b|per\b|apart\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Length:
    """A stated length: `text` from `start` to `end` (characters of its line, from 0), in `minutes`.

    `slack` is by how many minutes the truth may differ from it without contradicting it; `about` says that it was
    hedged (`about`, `~`, `over`), so that nothing can be held against it.
    """

    text: str
    start: int
    end: int
    minutes: float
    slack: float
    about: bool


def lengths_in(text: str) -> Iterator[Length]:
    """Every length of time that a text states, in order."""
    for found in _LENGTH.finditer(text):
        length = _length(found, text)
        if length is not None:
            yield length


def said(minutes: float) -> str:
    """A length in words of one reading: `39 min`, `2 h 5 min`, `1 d 6 h`."""
    whole = round(minutes)
    days, rest = divmod(whole, 1440)
    hours, minute = divmod(rest, 60)
    parts = [f"{days} d"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minute} min"] if minute or not parts else []
    return " ".join(parts)


def _length(found: re.Match[str], text: str) -> Length | None:
    parts = _parts(found)
    if parts is None:
        return None
    minutes = sum(number * _UNITS[unit] for number, unit in parts)
    about = bool(_ABOUT.search(text, max(0, found.start() - 24), found.start())) or bool(
        _ABOUT_BEHIND.match(text, found.end())
    )
    return Length(found[0], found.start(), found.end(), minutes, _slack(parts), about)


def _parts(found: re.Match[str]) -> list[tuple[float, str]] | None:
    """Numbers with their units; None for what counts seconds or has no order (`5 min 2 h`)."""
    if found["bh"]:
        return [(int(found["bh"]), "h"), (int(found["bm"]), "m")]
    parts: list[tuple[float, str]] = []
    for place in "123":
        if found[f"n{place}"] is None:
            break
        if found[f"s{place}"]:
            return None
        unit = next(name for name in "dhm" if found[f"{name}{place}"])
        parts.append((float(found[f"n{place}"].replace(",", "")), unit))
    sizes = [_UNITS[unit] for _, unit in parts]
    return parts if sizes == sorted(set(sizes), reverse=True) else None


def _slack(parts: list[tuple[float, str]]) -> float:
    """How far a length may be off: half of the last unit it was told in; round figures are rounded ones."""
    number, unit = parts[-1]
    if len(parts) > 1:
        return 1 if unit == "m" else 30
    if unit == "d":
        return 720
    if unit == "h":
        return 30 if number == int(number) else 15
    if number >= 15 and number % 30 == 0:
        return 5
    return 5 if number >= 20 and number % 10 == 0 else 3 if number >= 15 and number % 5 == 0 else 1
