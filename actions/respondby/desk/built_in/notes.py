"""`/note`: what people keep for the hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.desk.history import Invocation
from respondby.policy.model.built_in import NOTE


def notes_in(commands: Iterable[Invocation]) -> Iterator[tuple[Invocation, str]]:
    """The notes among a case's commands, each with its text on one line."""
    for said in commands:
        if said.word == NOTE and said.verdict == "accepted":
            yield said, " ".join(said.args.values()).strip()
