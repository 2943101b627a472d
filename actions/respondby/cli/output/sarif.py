"""Problems as SARIF 2.1.0, the shape that code scanning reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from respondby import __version__
from respondby.policy.text.problems import Problem
from respondby.postmortems.registry import all_rules


def sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """One run, with every rule that there is and a result for each problem."""
    rules = [
        {
            "id": rule.name,
            "shortDescription": {"text": rule.says},
            "fullDescription": {"text": rule.why},
            "defaultConfiguration": {"level": rule.ours or rule.others or "warning"},
        }
        for rule in all_rules().values()
    ]
    known = {rule["id"] for rule in rules}
    rules += [{"id": name} for name in sorted({problem.rule for problem in problems} - known)]
    driver = {"name": "respondby", "version": __version__, "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem) for problem in problems],
            }
        ],
    }


def _result(problem: Problem) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(problem.path), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    words = " ".join(part for part in (problem.message, problem.hint) if part)
    return {
        "ruleId": problem.rule,
        "level": problem.severity,
        "message": {"text": words},
        "locations": [{"physicalLocation": place}],
    }
