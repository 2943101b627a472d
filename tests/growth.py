"""How the cost of a sweep grows: draws docs/pictures/growth.svg and writes the table of docs/performance.md.

    python -m tests.growth [N …]

Each sweep is a process of its own against the sandbox (`tests/bench/incremental_sweep.py`). Seconds are this machine's:
what they say is how they grow. With requests it is the number that counts.
"""

from __future__ import annotations

import re
import sys
from math import log10
from pathlib import Path

from tests.bench.incremental_sweep import IDLE, STEPS, TOUCHED, Swept, sweeps

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "growth.svg"
PAGE = ROOT / "docs" / "performance.md"
TABLE = re.compile(r"(?s)(<!-- python -m tests\.growth -->\n).*?(<!-- end -->)")
SIZES = (100, 300, 1_000, 3_000, 10_000)

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 370, 280, 46, 26, 34, 40
STYLE = """\
svg { --full: #a40e26; --kept: #0550ae; --grid: #d1d9e0; --text: #1f2328; }
text { font: 12px system-ui, sans-serif; fill: var(--text); }
.title { font-weight: 600; } .grid { stroke: var(--grid); }
polyline { fill: none; stroke-width: 2; } polyline.full { stroke: var(--full); } polyline.kept { stroke: var(--kept); }
text.full { fill: var(--full); } text.kept { fill: var(--kept); }
@media (prefers-color-scheme: dark) {
  svg { --full: #ff7b72; --kept: #79c0ff; --grid: #30363d; --text: #e6edf3; }
}"""
NAMED = (
    'role="img" aria-label="Requests and seconds of a sweep over the number of open issues, with and without its cache"'
)


def chart(x: int, title: str, lines: dict[str, list[tuple[int, float]]], unit: str) -> list[str]:
    """One chart of both lines, on logarithmic scales, with its left border at `x`."""
    values = [value for line in lines.values() for _, value in line]
    sizes = [size for line in lines.values() for size, _ in line]
    low, high = log10(min(values)) - 0.1, log10(max(values)) + 0.15
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    begin, end = log10(min(sizes)), log10(max(sizes))

    def at(size: float, value: float) -> tuple[float, float]:
        right = x + LEFT + across * (log10(size) - begin) / (end - begin)
        return round(right, 1), round(TOP + down * (high - log10(value)) / (high - low), 1)

    drawn = [f'<text class="title" x="{x + LEFT}" y="20">{title}</text>']
    for tick in (0.3, 1, 3, 10, 30, 100, 300):
        if low <= log10(tick) <= high:
            _, y = at(sizes[0], tick)
            drawn.append(f'<line class="grid" x1="{x + LEFT}" x2="{x + LEFT + across}" y1="{y}" y2="{y}"/>')
            drawn.append(f'<text x="{x + LEFT - 6}" y="{y + 4}" text-anchor="end">{tick:g}{unit}</text>')
    drawn += [
        f'<text x="{at(size, values[0])[0]}" y="{TOP + down + 18}" text-anchor="middle">{size:,}</text>'
        for size in (100, 1_000, 10_000)
        if size in sizes
    ]
    drawn.append(f'<text x="{x + LEFT + across / 2}" y="{HEIGHT - 6}" text-anchor="middle">open issues</text>')
    for kind, (name, line) in zip(("full", "kept"), lines.items(), strict=True):
        points = " ".join(f"{a},{b}" for a, b in (at(size, value) for size, value in line))
        drawn.append(f'<polyline class="{kind}" points="{points}"/>')
        right, y = at(*line[-1])
        drawn.append(f'<text class="{kind}" x="{right}" y="{y - 8}" text-anchor="end">{name}</text>')
    return drawn


def picture(found: list[Swept]) -> str:
    """Requests on the left, seconds of CPU on the right."""

    def line(what: str, figure: str) -> list[tuple[int, float]]:
        return [(one.issues, getattr(one, figure)) for one in found if one.what == what]

    parts = []
    for number, (title, figure, unit) in enumerate((("Requests", "requests", ""), ("Seconds of CPU", "cpu", " s"))):
        lines = {"every issue is read": line(STEPS[0], figure), "with the cache": line(IDLE, figure)}
        parts += chart(number * WIDTH, title, lines, unit)
    size = f'width="{2 * WIDTH}" height="{HEIGHT}" viewBox="0 0 {2 * WIDTH} {HEIGHT}"'
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" {size} {NAMED}>', f"<style>{STYLE}</style>", *parts, "</svg>", ""]
    )


def table(found: list[Swept]) -> str:
    """A row for each size and kind of sweep."""
    rows = ["| open issues | sweep | requests | CPU | memory |", "| ---: | --- | ---: | ---: | ---: |"]
    names = {STEPS[0]: "every issue is read", IDLE: "with the cache, nothing changed", TOUCHED: "with it, 1 % touched"}
    rows += [
        f"| {one.issues:,} | {names[one.what]} | {one.requests:,} | {one.cpu:.2f} s | {one.memory:.0f} MB |"
        for one in found
        if one.what in names
    ]
    return "\n".join(rows) + "\n"


def main() -> int:
    """Measure, draw, write."""
    found = []
    for one in sweeps([int(size) for size in sys.argv[1:]] or SIZES):
        print(one, flush=True)
        found.append(one)
    PICTURE.write_text(picture(found), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    written, times = TABLE.subn(lambda match: f"{match[1]}{table(found)}{match[2]}", page)
    assert times == 1, "docs/performance.md has no place for the table"
    PAGE.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
