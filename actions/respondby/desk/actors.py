"""Who did what in a case that is being read: as what a person stood when they did it."""

from __future__ import annotations

from respondby.desk.case import Actor, Case, Moment
from respondby.desk.folding import Fold
from respondby.desk.happenings import Edit
from respondby.desk.remembered import Remembered
from respondby.desk.standings import Standings, acts_as
from respondby.policy.model.policy import Policy


class Actors:
    """The people and bots of one case."""

    def __init__(self, policy: Policy, case: Case, fold: Fold, standings: Standings, remembered: Remembered) -> None:
        self._policy = policy
        self._fold = fold
        self._standings = standings
        self._remembered = remembered
        self._known = {moment.by.login.lower(): moment.by for moment in case.moments}

    def under(self, policy: Policy) -> None:
        """From now on another policy says who is a bot."""
        self._policy = policy

    def as_then(self, by: Actor) -> Actor:
        """The same person with what they stood as now, in the story."""
        return self._standings.of(by, self._fold.at, self._fold.state)

    def of(self, moment: Moment) -> Actor:
        """Who did that, and what they stood as."""
        return self.as_then(self._remembered.by(moment.by, moment.source))

    def editor(self, edit: Edit, source: str) -> Actor:
        """Who wrote a later text. A draft that the desk writes anew is nobody's act."""
        known = self._known.get(edit.revision.by.lower()) or Actor(edit.revision.by)
        editor = self._remembered.by(known, source)
        return editor if edit.revision.ours else self.as_then(editor)

    def is_bot(self, by: Actor) -> bool:
        """Whether that is an account that the forge, or the policy, calls a bot."""
        return by.bot or acts_as(self._policy, "bots", by, self._fold.state)
