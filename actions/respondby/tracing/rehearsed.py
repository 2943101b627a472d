"""What came of each scenario when it was last rehearsed: `rehearsed.json` beside a policy.

Laws: a result holds for exactly the texts that were played, which its hash names: the scenario, the policies that it
plays under, the files that these name. Nothing else stands in the file, no time and no machine, so who rehearses again
what has not changed writes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from respondby.dataclass import dataclass
from respondby.policy.text.json_text import read_json
from respondby.policy.text.problems import PolicyError, Problem
from respondby.rehearsal.reading import read_scenario
from respondby.rehearsal.reading_deeds import file_text
from respondby.rehearsal.sense import policy_texts
from respondby.rehearsal.story import Policy
from respondby.tracing.document import FILE as PROMISES

FILE = "rehearsed.json"
VERSION = 1

Result = Literal["kept", "broken"]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One scenario's last result, and the hash of what was played."""

    of: str
    result: Result


def beside(policy: Path) -> Path:
    """Where the results of a policy's scenarios are remembered."""
    return policy.parent / FILE


def scenarios_of(policy: Path) -> tuple[Path, ...]:
    """The scenario files that lie beside a policy, in the alphabet's order."""
    folder = policy.parent / "scenarios"
    return tuple(sorted(path for path in folder.glob("*") if path.suffix in (".yml", ".yaml") and path.is_file()))


def hash_of(scenario: Path) -> str:
    """The SHA-256, in hex digits, of all that a scenario is played with. PolicyError for what cannot be read."""
    story = read_scenario(scenario)
    text, files = policy_texts(story.policy)
    later = [step.deed.text for step in story.story if isinstance(step.deed, Policy)]
    parts = [file_text(scenario, str(scenario)), text, sorted(files.items()), later]
    # Line ends are git's business: a checkout on Windows rehearses the same story.
    written = json.dumps(parts, ensure_ascii=False).replace("\\r\\n", "\\n")
    return hashlib.sha256(written.encode()).hexdigest()


def read_rehearsed(path: Path) -> Mapping[str, Rehearsed]:
    """The results in that file, by the scenario's path from its folder; nothing where there is no such file.

    PolicyError for one that cannot be read.
    """
    if not path.is_file():
        return {}
    text = file_text(path, str(path))
    try:
        read = read_json(text)
        if read["version"] != VERSION:
            raise ValueError(read["version"])
        return {name: Rehearsed(str(one["of"]), _result(one["result"])) for name, one in read["scenarios"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        hint = f"`respondby rehearse {path.parent}` writes it anew."
        said = "What came of rehearsals cannot be read here."
        raise PolicyError([Problem(str(path), 1, 1, said, hint=hint, rule="rehearsed")]) from None


def _result(value: object) -> Result:
    if value == "kept":
        return "kept"
    if value == "broken":
        return "broken"
    raise ValueError(value)


def wants_memory(scenario: Path, policy: Path) -> bool:
    """Whether what comes of a scenario is remembered: its policy has a list of promises, and it lies beside that."""
    return (policy.parent / PROMISES).is_file() and scenario.resolve().parent == (policy.parent / "scenarios").resolve()


def hashes_of(files: Iterable[Path]) -> Mapping[str, str]:
    """The hashes of those of these scenarios whose results are remembered, by their files as text; asked before they
    are played. What cannot be read is left out: who plays it says why.
    """
    found = {}
    for file in files:
        try:
            if wants_memory(file, read_scenario(file).policy):
                found[str(file)] = hash_of(file)
        except PolicyError:
            continue
    return found


def remember(results: Iterable[tuple[Path, Path, str, bool]]) -> tuple[Path, ...]:
    """Write down whether scenarios were kept: the scenario's file, its policy's, the hash of what was played, the
    result. Which files that changed.

    What is remembered of scenarios that are gone is forgotten. OSError where a file cannot be written.
    """
    by_policy: dict[Path, dict[str, Rehearsed]] = {}
    for scenario, policy, of, kept in results:
        by_policy.setdefault(policy, {})[_name(scenario)] = Rehearsed(of, "kept" if kept else "broken")
    return tuple(path for policy, new in by_policy.items() if _written(path := beside(policy), policy, new))


def _name(scenario: Path) -> str:
    return f"scenarios/{scenario.name}"


def _written(path: Path, policy: Path, new: Mapping[str, Rehearsed]) -> bool:
    try:
        known = dict(read_rehearsed(path))
    except PolicyError:
        known = {}  # two branches met in it: what is played now is written, the rest has to be played again
    there = {_name(scenario) for scenario in scenarios_of(policy)}
    all_known = {name: one for name, one in {**known, **new}.items() if name in there}
    lines = [
        f"  {json.dumps(name, ensure_ascii=False)}: "
        + json.dumps({"of": one.of, "result": one.result}, ensure_ascii=False)
        for name, one in sorted(all_known.items())
    ]
    text = "\n".join(["{", f' "version": {VERSION},', ' "scenarios": {', ",\n".join(lines), " }", "}"]) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return False
    there_now = path.with_name(f".{path.name}.{os.getpid()}")
    there_now.write_text(text, encoding="utf-8", newline="")
    there_now.replace(path)
    return True
