"""A task: something that a rung, a rule, a command or a window asks for."""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.history import Invocation
from respondby.desk.records import Effect, Record
from respondby.policy.model.clocks import Rung, Verbs
from respondby.rules.plan import Answer, Because, Relay


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for: `key` is its record's, `at` when it was due.

    `acts` says whether it is still to be done (else it was overtaken), `calls` whether people are to be told of it.
    `next_rungs` are those of the ladder that come after it; `ahead` are people whom an earlier one called in its place.
    `passed` says that its own people are not called at this time: only another rung's, in their place. `recorded` is
    its record where one exists. `labels` are those that apply even when it was overtaken. `command` is the one that
    asks, if one does; `speaker` who gave it, or what started the clock of a rung. `relay` is what the customer is to
    hear of an incident.
    """

    key: str
    at: Instant
    verbs: Verbs
    because: Because
    acts: bool
    calls: bool
    labels: tuple[str, ...]
    command: Invocation | None = None
    recorded: Record | None = None
    speaker: str | None = None
    next_rungs: tuple[Rung, ...] = ()
    ahead: frozenset[str] = frozenset()
    passed: bool = False
    relay: Relay | None = None

    def answer(self, language: str | None, ways: tuple[str, ...]) -> Answer | None:
        """What a comment of ours has to say to the command: why it was refused, or what its speaker may say.

        `language` is the speaker's; `ways` are the policy's other ways to reach somebody, for who asks for help.
        """
        said = self.command
        if said is None or not (said.verdict == "refused" or (said.may and said.verdict == "accepted")):
            return None
        return Answer(said.line, said.why, said.may, language, ways if said.may else ())

    def is_outstanding(self, effect: Effect) -> bool:
        """Whether this effect is not known to be done."""
        return self.recorded is None or effect in self.recorded.outstanding
