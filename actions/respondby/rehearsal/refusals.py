"""Why a deed of a person did not happen."""

from __future__ import annotations


class ActProblem(ValueError):
    """A deed that cannot be performed as the scenario tells it; the text says why."""


class Refused(Exception):
    """The forge did not accept a deed: its status and its words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{message} ({status})")
        self.status = status
