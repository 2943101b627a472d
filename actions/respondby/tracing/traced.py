"""Which key keeps a promise, which scenario shows it, and what came of that: one row for each sentence.

A scenario says in `keeps` what it proves: `says` is the sentence, or a part of just one sentence, and `by` names the
keys of the policy. So nothing is written twice, and a row is as true as its scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from respondby.dataclass import dataclass
from respondby.policy.text import yaml_text
from respondby.policy.text.problems import PolicyError, Problem, nearest
from respondby.rehearsal.reading import read_scenario
from respondby.rehearsal.reading_deeds import file_text
from respondby.rehearsal.story import Keeps, Scenario
from respondby.tracing.document import FILE, Promised, Written, quoted_problems, read_written, words
from respondby.tracing.rehearsed import Rehearsed, beside, hash_of, read_rehearsed, scenarios_of

#: How a scenario stands: as it is, it was kept or broken, or it has not been rehearsed since something changed.
Standing = Literal["kept", "broken", "changed", "never"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A scenario that shows a promise, and how it stands."""

    file: Path
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Row:
    """A promise with the keys that keep it and the scenarios that show it, in the order of their files."""

    promise: Promised
    by: tuple[str, ...]
    shown: tuple[Shown, ...]

    @property
    def kept(self) -> bool:
        """Whether some scenario shows it, and every one that does was kept as it stands."""
        return bool(self.shown) and all(one.standing == "kept" for one in self.shown)


@dataclass(frozen=True, slots=True)
class Traced:
    """A whole document: its promises, its policy, a row for each promise, and what is wrong."""

    written: Written
    policy: Path
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def traced(policy: Path) -> Traced:
    """The promises of the document whose policy that is, each traced. PolicyError where its list cannot be read.

    A scenario that cannot be read shows nothing; what is wrong with it is its own.
    """
    written = read_written(policy.parent / FILE)
    stories = _stories(policy)
    problems = list(quoted_problems(written))
    known, unreadable = _remembered(policy)
    problems += unreadable
    standing = {scenario.file: _standing(Path(scenario.file), known) for scenario in stories}
    by: dict[str, list[str]] = {one.says: [] for one in written.promises}
    shown: dict[str, list[Shown]] = {one.says: [] for one in written.promises}
    there = _keys(policy)
    for scenario in stories:
        for kept in scenario.keeps:
            problems += _unknown_keys(scenario, kept, there)
            meant = _meant(kept, written.promises)
            if len(meant) != 1:
                problems.append(_not_one(scenario, kept, meant, written))
                continue
            says = meant[0].says
            by[says] += [key for key in kept.by if key not in by[says]]
            here = Shown(Path(scenario.file), scenario.name, standing[scenario.file])
            shown[says] += [] if here in shown[says] else [here]
    rows = tuple(Row(one, tuple(by[one.says]), tuple(shown[one.says])) for one in written.promises)
    problems += _not_shown(rows, written)
    problems += _not_kept(rows, policy)
    return Traced(written, policy, rows, tuple(problems))


def _stories(policy: Path) -> list[Scenario]:
    found = []
    for file in scenarios_of(policy):
        try:
            scenario = read_scenario(file)
        except PolicyError:
            continue  # `check` says of the scenario's own file what is wrong with it
        if scenario.policy.resolve() == policy.resolve():
            found.append(scenario)
    return found


def _remembered(policy: Path) -> tuple[Mapping[str, Rehearsed], tuple[Problem, ...]]:
    try:
        return read_rehearsed(beside(policy)), ()
    except PolicyError as error:
        return {}, error.problems


def _standing(file: Path, known: Mapping[str, Rehearsed]) -> Standing:
    last = known.get(f"scenarios/{file.name}")
    if last is None:
        return "never"
    return last.result if last.of == hash_of(file) else "changed"


def _meant(kept: Keeps, promises: Sequence[Promised]) -> tuple[Promised, ...]:
    """The promise whose sentence that is; else those of which it is a part, in whole words."""
    quote = words(kept.says)
    whole = tuple(one for one in promises if words(one.says) == quote)
    part = re.compile(rf"(?<!\w){re.escape(quote)}(?!\w)")
    return whole or tuple(one for one in promises if quote and part.search(words(one.says)))


def _keys(policy: Path) -> Any:
    return yaml_text.read(file_text(policy, str(policy)), path=str(policy)).data()


def _written_at(keys: Any, key: str) -> bool:
    """Whether something stands at `clocks.first-response` and the like; a name may hold dots of its own."""
    if key == "":
        return True
    if not isinstance(keys, dict):
        return False
    return any(
        key == name or (key.startswith(f"{name}.") and _written_at(below, key[len(name) + 1 :]))
        for name, below in keys.items()
    )


# -- what is wrong -----------------------------------------------------------------------------------------------------


def _unknown_keys(scenario: Scenario, kept: Keeps, there: Any) -> Iterator[Problem]:
    for key in kept.by:
        if not _written_at(there, key):
            hint = f"Name what keeps it in {scenario.policy}, such as `clocks.NAME`."
            yield Problem(scenario.file, kept.line, 1, f"The policy has no key `{key}`.", key, hint, rule="promise")


def _not_one(scenario: Scenario, kept: Keeps, meant: Sequence[Promised], written: Written) -> Problem:
    if meant:
        lines = ", ".join(str(one.line) for one in meant)
        said, hint = f"This stands in {len(meant)} promises of {written.file}.", f"Quote more of one: lines {lines}."
    else:
        like = nearest(kept.says, [one.says for one in written.promises])
        said = f"{written.file} lists no such promise."
        hint = (
            f"Did you mean “{like}”?" if like else "Quote the document word for word, or add the sentence to the list."
        )
    return Problem(scenario.file, kept.line, 1, said, kept.says, hint, rule="promise")


def _not_shown(rows: Sequence[Row], written: Written) -> Iterator[Problem]:
    for row in rows:
        if not row.shown:
            said = f"No scenario shows this promise: “{row.promise.says}”"
            hint = (
                "Quote it in `keeps` of a scenario beside the policy, with the key that keeps it: `respondby rehearse`."
            )
            yield Problem(str(written.file), row.promise.line, 1, said, row.promise.says, hint, rule="promise")


def _not_kept(rows: Sequence[Row], policy: Path) -> Iterator[Problem]:
    """Scenarios that were broken, one by one; those that have to be rehearsed, all in one."""
    showing = {one.file: one.standing for row in rows for one in row.shown}
    again = f"`respondby rehearse {policy.parent}` plays all of them."
    for file in sorted(file for file, standing in showing.items() if standing == "broken"):
        many = sum(any(one.file == file for one in row.shown) for row in rows)
        said = f"This scenario, which shows {_promises(many)}, was not kept when it was rehearsed."
        yield Problem(str(file), 1, 1, said, hint=again, rule="rehearsed")
    stale = sorted(file for file, standing in showing.items() if standing in ("changed", "never"))
    if stale:
        many = sum(any(one.file in stale for one in row.shown) for row in rows)
        names = ", ".join(file.stem for file in stale[:5]) + (", …" if len(stale) > 5 else "")
        said = f"{_scenarios(len(stale))} not rehearsed as they stand, which show {_promises(many)}: {names}."
        hint = f"{again} Then commit {beside(policy)}."
        yield Problem(str(beside(policy)), 1, 1, said, hint=hint, rule="rehearsed")


def _promises(many: int) -> str:
    return "one promise" if many == 1 else f"{many} promises"


def _scenarios(many: int) -> str:
    return "1 scenario" if many == 1 else f"{many} scenarios"
