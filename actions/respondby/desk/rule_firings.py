"""Rules of a policy while a case is read: each fires once, each time its `when` becomes true."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.desk.folding import Fold
from respondby.desk.history import Fired
from respondby.policy.model.clocks import Rule
from respondby.policy.model.policy import Policy


class RuleFirings:
    """Which rules have fired in one case."""

    def __init__(self, policy: Policy, fold: Fold) -> None:
        self._policy = policy
        self._fold = fold
        self._true: dict[str, bool] = {}
        self.fired: list[Fired] = []

    def under(self, policy: Policy, since: Instant | None) -> None:
        """From now on (after `since`) another policy judges. What is true already fires none of its new rules."""
        self._policy = policy
        if since is not None:
            for rule in policy.rules:
                self._true.setdefault(rule.id, self._fold.state.holds(rule.when, since))

    def judge(self) -> None:
        """At the end of an instant; what one rule sets may make others true."""
        for _ in range(len(self._policy.rules) + 1):
            if not any(list(self._newly_true())):
                return

    def _newly_true(self) -> Iterator[bool]:
        for rule in self._policy.rules:
            true = self._fold.state.holds(rule.when, self._fold.at)
            fires = true and not self._true.get(rule.id, False)
            self._true[rule.id] = true
            if fires:
                self._fire(rule)
            yield fires

    def _fire(self, rule: Rule) -> None:
        fold, verbs = self._fold, rule.verbs
        # Named by its instant: within one, a condition becomes true once, whatever else is told of it later.
        fired = Fired(rule.id, fold.at, str(fold.at))
        self.fired.append(fired)
        fold.set_fields(verbs.set, fired.key, None, higher=False)
        fold.set_fields(verbs.raise_, fired.key, None, higher=True)
        for label in verbs.label:
            fold.label(label, fired.key, None)
        for label in verbs.unlabel:
            fold.label(label, fired.key, None, added=False)
        if verbs.close:
            fold.close(None, fired.key, until_reply=verbs.until_reply)
        if verbs.reopen:
            fold.reopen(None, fired.key, asked=True)
