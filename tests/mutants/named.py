"""Mutants that are named in `equivalent.txt`, each with the reason why no test can tell it from the code as it is.

A line at the margin is a mutant as `python -m tests.mutants` writes it, with its room instead of its file and line;
what is indented below it is the reason. A line that begins with `#` is for readers.
"""

from __future__ import annotations

from pathlib import Path

EQUIVALENT = Path(__file__).with_name("equivalent.txt")


def equivalent() -> dict[str, str]:
    """The reason for each mutant, by its name."""
    reasons: dict[str, str] = {}
    name = ""
    for line in EQUIVALENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.strip() and not line.startswith(" "):
            name = line.strip()
            reasons[name] = ""
        elif line.strip():
            reasons[name] = f"{reasons[name]} {line.strip()}".strip()
    return reasons
