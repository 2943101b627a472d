"""Draws docs/pictures/try.svg, what a person sees who asks `respondby try`: `python -m tests.terminal_picture`.

It is the real output for a fixed request, as text in a picture that follows the reader's light or dark scheme.
"""

from __future__ import annotations

import os
import re
import subprocess
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "try.svg"

TITLE = "The shop takes no orders"
COMMAND = ["try", TITLE, "--form", "problem", "--with", "priority=production-down", "--with", "reach=many"]
MORE = ["--at", "2026-12-08T03:10", "--policy", "docs/processes/priorities-and-help/support.yml"]

#: Pixels of a line and of a character, in a face of 14.
LINE, CHARACTER = 20, 8.43

NAMED = 'role="img" aria-label="A terminal: who would be told what, and when"'

STYLE = """\
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; white-space: pre; }
rect { fill: #f6f8fa; stroke: #d1d9e0; } .typed { fill: #0550ae; } .called { fill: #a40e26; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } rect { fill: #161b22; stroke: #30363d; } .typed { fill: #79c0ff; } .called { fill: #ff7b72; }
}"""


def picture(lines: list[str]) -> str:
    """The lines as an SVG."""
    width, height = round(80 * CHARACTER) + 32, LINE * len(lines) + 24
    drawn = []
    for number, line in enumerate(lines, 1):
        kind = "typed" if line.startswith("$ ") else "called" if re.search(r" is paged ", line) else ""
        mark = f' class="{kind}"' if kind else ""
        drawn.append(f'<text x="16" y="{number * LINE + 6}"{mark} xml:space="preserve">{escape(line)}</text>')
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {NAMED}>',
            f"<style>{STYLE}</style>",
            f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def typed() -> list[str]:
    """What was typed, and what came out."""
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run(
        ["sh", "actions/run.sh", *COMMAND, *MORE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return [
        f'$ respondby try "{TITLE}" --form problem \\',
        "      --with priority=production-down --with reach=many --at 2026-12-08T03:10",
        "",
        *done.stdout.splitlines(),
    ]


if __name__ == "__main__":
    PICTURE.write_text(picture(typed()), encoding="utf-8")
