"""Which desks can be played: one's own, and the processes that come with respondby."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from respondby import data
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import PolicyError, Problem
from respondby.rehearsal.sense import read_policy

_ROW = re.compile(r"^\| \[`(?P<id>[\w-]+)`\]\([^)]*\) \|(?P<about>[^|]*)\|", re.MULTILINE)

#: The name under which one's own desk is chosen.
OWN = "own"


@dataclass(frozen=True, slots=True)
class Choice:
    """A desk that can be played, or why it cannot: `policy` None, with the `problems` and the `text` they are in.

    `file` is where the policy lies, as people would say it, and `about` what is special about it.
    """

    id: str
    title: str
    file: str
    text: str
    policy: Policy | None
    files: dict[str, str]
    problems: tuple[Problem, ...] = ()
    about: str = ""

    @property
    def holds(self) -> str:
        """What is in it, counted."""
        if self.policy is None:
            return ""
        forms = sum(form.name is not None for form in self.policy.forms.values())
        counted = (
            (forms, "form"),
            (len(self.policy.clocks), "clock"),
            (len(self.policy.rotas), "rota"),
            (len(self.policy.duties), "duty"),
        )
        words = (f"{n} {'duties' if one == 'duty' and n > 1 else one + 's' * (n > 1)}" for n, one in counted if n)
        return " · ".join(words)


def choices(own: Path | None) -> list[Choice]:
    """All of them, one's own first: that one is read anew each time, since it changes while one plays."""
    found = [] if own is None else [choice(OWN, own)]
    return [*found, *(_unchanged(id, file, file.stat().st_mtime_ns) for id, file in _processes())]


def chosen(id: str, own: Path | None) -> Choice | None:
    """The one of that name."""
    places = dict(_processes()) | ({} if own is None else {OWN: own})
    return choice(id, places[id]) if id in places else None


@lru_cache(maxsize=32)
def _unchanged(id: str, file: Path, _changed: int) -> Choice:
    return choice(id, file)


def choice(id: str, file: Path) -> Choice:
    """A desk by its file. One that cannot be read says why."""
    shown = str(file) if id == OWN else f"docs/processes/{id}/support.yml"
    try:
        policy, text, files = read_policy(file)
    except PolicyError as error:
        return Choice(id, _title(id), shown, _text(file), None, {}, error.problems)
    except OSError as error:
        problem = Problem(shown, 1, 1, f"This cannot be read: {error.strerror}.", rule="file")
        return Choice(id, _title(id), shown, "", None, {}, (problem,))
    return Choice(id, policy.desk, shown, text, policy, files, about=_about(id))


def _about(id: str) -> str:
    """What the table of the processes says of one."""
    page = data.root() / "docs" / "processes" / "README.md"
    rows = _ROW.finditer(page.read_text(encoding="utf-8")) if page.is_file() else ()
    said = next((row["about"].strip() for row in rows if row["id"] == id), "")
    return said[:1].upper() + said[1:]


def _title(id: str) -> str:
    return "Your desk" if id == OWN else id.replace("-", " ").capitalize()


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""


def _processes() -> Iterator[tuple[str, Path]]:
    root = data.root() / "docs" / "processes"
    if isinstance(root, Path) and root.is_dir():
        for file in sorted(root.glob("*/support.yml")):
            yield file.parent.name, file
