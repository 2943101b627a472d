"""A team with a written document, a policy, and two scenarios that quote it."""

from __future__ import annotations

from pathlib import Path

from tests.policy.policies import SMALL

PROMISES = """\
document: Our support
promises:
  Times:
    - We answer within four hours.
    - { says: The lead hears of it when we do not., beyond: Whether he acts is up to him. }
  People / Staff:
    - "Everybody says who they are."
"""

ANSWERED = """\
scenario: Answered in time
policy: ../support.yml
keeps: [{ says: within four hours, by: clocks.answer }]
timezone: Europe/Brussels
starts: 2026-10-20T10:00
people: { carla: customer }
story:
  - { at: 10:00, who: carla, opens: request, title: A question, with: { what: "How?" } }
  - { at: 10:30, who: ann, says: Like this. }
  - { at: +1s, expect: { clocks: { answer: met } } }
"""

LATE = """\
scenario: Nobody answers
policy: ../support.yml
keeps:
  - { says: The lead hears of it when we do not., by: [clocks.answer, roles.lead] }
  - { says: Everybody says who they are., by: people }
timezone: Europe/Brussels
starts: 2026-10-20T10:00
people: { carla: customer }
story:
  - { at: 10:00, who: carla, opens: request, title: A question, with: { what: "How?" } }
  - { at: 14:01, expect: { clocks: { answer: breached }, notified: [bob] } }
"""


class Team:
    """Its files, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policy = folder / "support.yml"
        (folder / "scenarios").mkdir(parents=True)
        self.write("support.yml", SMALL)
        self.write("promises.yml", PROMISES)
        self.write("scenarios/answered.yml", ANSWERED)
        self.write("scenarios/late.yml", LATE)

    def write(self, name: str, text: str) -> Path:
        """A file of that text."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """A file with one text in place of another, which has to be there."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))
