"""Rules of a policy while a case is read: each fires once, each time its `when` becomes true.

Laws:

- A rule becomes true by what happens, at the end of its instant, and by time: when a calendar that it names opens or
  closes, or a product enters a stage. It fires then, whenever somebody looks (law 3).
- On a closed case time makes no rule true.
- Earlier versions saw what time had made true at the next happening only. What they recorded there stays there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.boundaries import next_rule_boundary
from respondby.desk.folding import Fold
from respondby.desk.history import Fired
from respondby.policy.model.clocks import Rule
from respondby.policy.model.policy import Policy


class RuleFirings:
    """Which rules have fired in one case."""

    def __init__(self, policy: Policy, fold: Fold, records: Iterable[str] = ()) -> None:
        self._policy = policy
        self._records = records
        self._recorded: dict[str, set[Instant]] | None = None
        self._fold = fold
        self._true: dict[str, bool] = {}
        self.fired: list[Fired] = []

    def under(self, policy: Policy, since: Instant | None) -> None:
        """From now on (after `since`) another policy judges. What is true already fires none of its new rules."""
        self._policy = policy
        if since is not None:
            for rule in policy.rules:
                self._true.setdefault(rule.id, self._fold.state.holds(rule.when, since))

    def boundary(self, after: Instant) -> Instant | None:
        """The next instant after `after` at which time may make a rule true."""
        return next_rule_boundary(self._policy, self._fold.state, after)

    def judge(self, *, by_time: bool = False) -> None:
        """At the end of an instant; what one rule sets may make others true. `by_time`: nothing has happened then."""
        later = self._seen_later() if by_time else frozenset()
        for _ in range(len(self._policy.rules) + 1):
            if not any(list(self._newly_true(later))):
                return

    def _seen_later(self) -> frozenset[str]:
        """The rules of which the record says that they fired after this boundary and before the next, and not at it."""
        at = self._fold.at
        until = self.boundary(at) or FOREVER
        recorded = self._recorded
        if recorded is None:
            recorded = self._recorded = {}
            for key in self._records:
                kind, _, rest = key.partition("/")
                rule, _, instant = rest.rpartition("/")
                if kind == "rule" and instant.isdecimal():
                    recorded.setdefault(rule, set()).add(int(instant))
        return frozenset(
            rule for rule, known in recorded.items() if at not in known and any(at < one < until for one in known)
        )

    def _newly_true(self, later: frozenset[str]) -> Iterator[bool]:
        for rule in self._policy.rules:
            true = self._fold.state.holds(rule.when, self._fold.at)
            if true and rule.id in later:
                continue
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
