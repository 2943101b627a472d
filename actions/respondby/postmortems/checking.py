"""Every rule over every document, and what a document allows.

A comment `<!-- respondby:allow RULE because REASON -->` silences a rule in the section in which it stands; before the
first section below the title, in the whole file. An allowance that names no rule, gives no reason or silences nothing
is told of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from respondby.policy.text.problems import Problem, Severity, shorten, suggestion, worst_first
from respondby.postmortems.document.document import Document
from respondby.postmortems.document.outline import Section
from respondby.postmortems.edits import Edit
from respondby.postmortems.registry import all_rules
from respondby.postmortems.rule import Context, Finding, Rule

_ALLOW = re.compile(
    r"<!--\s{0,9}respondby:allow\b\s{0,9}(?P<rule>[\w-]{0,60})\s{0,9}[,:]?\s{0,9}(?:because\b)?(?P<why>[^<>]{0,500}?)-->"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one document: its problems, worst first, and the edits that mend some of them.

    `silenced` counts what the document's own allowances kept quiet, by rule.
    """

    document: Document
    problems: tuple[Problem, ...]
    edits: tuple[Edit, ...] = ()
    rewrite: bool = False
    silenced: tuple[tuple[str, int], ...] = ()


@dataclass
class _Allowance:
    rule: str
    why: str
    line: int
    section: Section
    used: int = 0


def check(documents: Iterable[Document], context: Context) -> tuple[Checked, ...]:
    """Every document under every rule; what cannot be read has that as its only problem."""
    known = list(documents)
    beside = replace(context, documents={document.path: document for document in known}, _shared={})
    return tuple(check_document(document, beside) for document in known)


def check_document(document: Document, context: Context) -> Checked:
    """One document under every rule."""
    refusal = document.source.refusal()
    if refusal is not None:
        return Checked(document, (refusal,))
    allowances = list(_allowances(document))
    problems: list[Problem] = []
    edits: list[Edit] = []
    rewrite = False
    for rule in all_rules().values():
        severity = rule.severity(document)
        if severity is None:
            continue
        for finding in rule.look(document, context):
            if rule.allowed and _silenced(document, finding, rule, allowances):
                continue
            problems.append(_problem(document, rule, finding, severity))
            edits += finding.edits
            rewrite = rewrite or finding.rewrite
    problems += _bad_allowances(document, allowances)
    silenced = tuple((one.rule, one.used) for one in allowances if one.used)
    return Checked(document, worst_first(problems), tuple(dict.fromkeys(edits)), rewrite, silenced)


def _problem(document: Document, rule: Rule, finding: Finding, severity: Severity) -> Problem:
    return Problem(
        document.path,
        finding.line,
        finding.column,
        finding.message,
        shorten(finding.value),
        finding.hint,
        severity,
        rule.name,
    )


def _allowances(document: Document) -> Iterator[_Allowance]:
    if "respondby:allow" not in document.source.text:
        return
    for block in document.outline.blocks:
        if block.kind == "code":
            continue
        for found in _ALLOW.finditer(block.content):
            line = block.line + block.content.count("\n", 0, found.start()) + 1
            yield _Allowance(found["rule"], " ".join((found["why"] or "").split()), line, block.section)


def _silenced(document: Document, finding: Finding, rule: Rule, allowances: list[_Allowance]) -> bool:
    found = False
    for allowance in allowances:
        if allowance.rule == rule.name and allowance.why and _covers(document, allowance.section, finding.line):
            allowance.used += 1
            found = True
    return found


def _covers(document: Document, section: Section, line: int) -> bool:
    """Whether a line (from 1) stands in the section; those of the title and of what is before it are the whole file."""
    if section.level <= 1:
        return True
    after = [
        other.line for other in document.outline.sections if other.line > section.line and other.level <= section.level
    ]
    return section.line < line <= min(after, default=len(document.source.lines))


def _bad_allowances(document: Document, allowances: list[_Allowance]) -> Iterator[Problem]:
    rules = all_rules()
    for allowance in allowances:
        hint = "Write `<!-- respondby:allow RULE because REASON -->`."
        rule = rules.get(allowance.rule)
        if rule is None:
            message, hint = (
                f"There is no rule `{shorten(allowance.rule)}` to allow.",
                suggestion(allowance.rule, rules, what="rules"),
            )
        elif not rule.allowed:
            message, hint = f"`{rule.name}` cannot be allowed.", "Mend what it says instead."
        elif not allowance.why:
            message = f"This allows `{rule.name}` without a reason, so it is not allowed."
        elif not allowance.used:
            message, hint = f"Nothing here is said by `{rule.name}`.", "Remove this comment."
        else:
            continue
        yield Problem(document.path, allowance.line, 1, message, allowance.rule, hint, "warning", "allowance")
