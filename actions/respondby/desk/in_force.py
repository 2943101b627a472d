"""The words that judge a case, as they were in force: what happened is judged by the policy of its own time.

Clocks, rules, commands, stages and roles are edited while cases are open. Which moment started a promise, which rule
set a field and whether a line was a command was decided by the words in force then, and stays. So the record keeps
these words, first as a whole and then whatever changed, each from its instant on. Laws:

- A happening is judged by the words in force at its instant, whether or not a run had read it by then.
- A change counts from the first instant after the policy's own commit, but for nothing that the record holds already.
  What no commit explains counts after everything that has happened so far.
- What is new begins with its policy: no moment of before starts a new clock, nothing that was true fires a new rule.
- What a policy has no more does nothing more: its ladder and the verbs that call are not kept. What a clock that is
  gone has come to stays, and what ran of it is cancelled.
- A promise of before is measured by the target and the calendars of before, unless edits apply at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.desk.case import Case
from respondby.desk.ledger import Ledger
from respondby.desk.policy_then import policy_of, with_gone
from respondby.desk.records import Kept
from respondby.desk.renamed import former
from respondby.desk.words import Words, words_of
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy

#: The kind under which such words are kept.
IN_FORCE = "in-force"


class Earlier(NamedTuple):
    """A policy that was in force up to `until`, that instant included."""

    until: Instant
    policy: Policy


class InForce(NamedTuple):
    """What judges a case: the `earlier` policies, oldest first, then `today`'s, which has the clocks of earlier ones
    too, though nothing starts them any more. `new` is what is to be kept of today's.
    """

    earlier: tuple[Earlier, ...]
    today: Policy
    new: tuple[Kept, ...]


def in_force(policy: Policy, case: Case, ledger: Ledger) -> InForce:
    """What judges the case.

    An earlier policy has today's clocks, in their order, with the words of then, and after them those that today's has
    no more; one that was not there listens to nothing.
    """
    known = [kept for kept in ledger.kept.values() if kept.kind == IN_FORCE]
    if len(known) == 1 and known[0].value == _as_kept(policy):  # nothing was edited since: so with nearly every case
        return InForce((), policy, ())
    today = words_of(policy)
    found = list(_kept_words(policy, ledger))
    if not found:
        return InForce((), policy, (_kept(case.created, today),))
    last_at, last = found[-1]
    changes: tuple[Kept, ...] = ()
    if last != today:
        since = max(last_at + 1, _explained(policy, case, ledger))
        changed = {name: words for name, words in today.items() if last.get(name) != words}
        gone = {name: None for name in last if name not in today}
        changes = (_kept(since, {**changed, **gone}),)
        found.append((since, today))
    if len(found) == 1:
        return InForce((), policy, changes)
    former_clocks = _gone(policy, [words for _, words in found])
    whole = with_gone(policy, former_clocks)
    earlier = (
        Earlier(until, whole if words == today else policy_of(policy, words, former_clocks))
        for (_, words), (until, _) in pairwise(found)
    )
    return InForce(tuple(earlier), whole, changes)


def _gone(policy: Policy, found: Iterable[Words]) -> Mapping[str, Words]:
    """The clocks that the policy has no more, by name, as they were last."""
    return {
        name.removeprefix("clock "): item
        for words in found
        for name, item in words.items()
        if name.startswith("clock ") and name.removeprefix("clock ") not in policy.clocks and isinstance(item, dict)
    }


def roles_in_force(policy: Policy, ledger: Ledger) -> tuple[tuple[Instant, frozenset[str]], ...]:
    """Which roles meant the same as today, since when: oldest first."""
    today = words_of(policy)["roles"]
    return tuple(
        (since, frozenset(name for name, people in words.get("roles", {}).items() if today.get(name) == people))
        for since, words in _kept_words(policy, ledger)
    )


def judged_throughout(policy: Policy, ledger: Ledger) -> bool:
    """Whether the words in force were today's from the case's first instant on, as far as the record tells."""
    today = words_of(policy)
    found = [words for _, words in _kept_words(policy, ledger)]
    return bool(found) and all(words == today for words in found)


def _explained(policy: Policy, case: Case, ledger: Ledger) -> Instant:
    """The last instant that is judged by the words of before."""
    known = [kept.at for kept in ledger.kept.values()]
    known.extend(instant for record in ledger.records.values() for instant in (record.at, record.done))
    if policy.committed is not None:
        known.append(policy.committed)
    else:
        known.extend(moment.at for moment in case.moments)
        known.extend(revision.at for moment in case.moments for revision in moment.revisions)
    return max(known, default=case.created)


# -- the record -------------------------------------------------------------------------------------------------------


@per_policy
def _as_kept(policy: Policy) -> str | None:
    """The policy's words as the record of a case holds them that has known no others; None where a clock of the policy
    had another name once, and the record may hold that.
    """
    return _written(words_of(policy)) if not former(policy) else None


def _written(words: Words) -> str:
    return json.dumps(words, separators=(",", ":"), ensure_ascii=False)


def _kept(at: Instant, words: Words) -> Kept:
    value = _written(words)
    return Kept(f"{IN_FORCE}/{at}/{sha256(value.encode()).hexdigest()[:8]}", at, "", "", IN_FORCE, "", value)


def _kept_words(policy: Policy, ledger: Ledger) -> Iterable[tuple[Instant, Words]]:
    """The words that the record holds and since when each was in force, whole, oldest first.

    Clocks go by their names of today.
    """
    names = {f"clock {old}": f"clock {new}" for old, new in former(policy).items()}
    known = [kept for kept in ledger.kept.values() if kept.kind == IN_FORCE]
    words: Words = {}
    for kept in sorted(known, key=lambda kept: (kept.at, kept.key)):
        changed = _read(kept.value)
        if changed is not None:
            changed = {names[name]: item for name, item in changed.items() if name in names} | {
                name: item for name, item in changed.items() if name not in names
            }
            words = {name: item for name, item in {**words, **changed}.items() if item is not None}
            yield kept.at, words


@lru_cache(maxsize=256)  # the cases of a desk hold the same words
def _read(value: str) -> Words | None:
    try:
        data = json.loads(value)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
