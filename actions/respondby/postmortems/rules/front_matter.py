"""A front matter that is missing, that cannot be read, or that is not what the schema says."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.text.shape import shape_problems
from respondby.postmortems.document.document import Document
from respondby.postmortems.edits import Edit
from respondby.postmortems.rule import Context, Example, Finding, Rule

SCHEMA = "schemas/post-mortem.schema.json"


def _look(document: Document, _: Context) -> Iterator[Finding]:
    front = document.front
    for problem in front.problems:
        yield Finding(problem.line, problem.column, f"Front matter: {problem.message}", problem.value, problem.hint)
    if front.second is not None:
        message = "A second front matter begins here; only the first one counts."
        yield Finding(front.second + 1, 1, message, "---", "Move its keys into the first and remove it.")
    if not document.ours or front.problems:
        return
    if front.root is None:
        message = "This post-mortem has no front matter."
        hint = (
            "Begin the file with `---`, `incident: LINK`, `status: draft`, `---`; "
            "docs/incidents/TEMPLATE.md has it all."
        )
        yield Finding(1, 1, message, "", hint)
        return
    lead = _lines_above(document)
    if lead:
        message = "Lines stand above the front matter: GitHub shows it as text then."
        yield Finding(1, 1, message, "", "Remove the empty lines.", (Edit(1, lead + 1),))
    for problem in shape_problems(front.root, SCHEMA, path=document.path):
        yield Finding(problem.line, problem.column, f"Front matter: {problem.message}", problem.value, problem.hint)


def _lines_above(document: Document) -> int:
    return next((number for number, line in enumerate(document.source.lines) if line.strip()), 0)


_GOOD = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\n---\n# Orders fail\n"

RULE = Rule(
    name="front-matter",
    says=(
        "A front matter that is missing, stands twice, is no YAML, or is not as `schemas/post-mortem.schema.json` says."
    ),
    why="Clock, index and follow-up find a document by it.",
    look=_look,
    ours="error",
    others="warning",
    allowed=False,
    mends=True,
    flagged=(
        Example("# Orders fail\n"),
        Example(_GOOD.replace("status: draft", "status: finished")),
        Example(_GOOD.replace("status: draft", "status: draft\nduration: 40 min")),
        Example(_GOOD.replace("status: draft", "status: draft\nstarted: 22025-03-18T09:36Z")),
        Example(_GOOD.replace("# Orders", "---\ntitle: Twice\n---\n# Orders")),
        Example("---\ntitle: a: b\n---\n# Orders fail\n", path="elsewhere/notes.md"),
        Example("\n\n" + _GOOD),
        Example("---\nincident: https://github.com/acme/shop/issues/41\n# Orders fail\n"),
    ),
    left_alone=(
        Example(_GOOD),
        Example("\ufeff" + _GOOD),
        Example(_GOOD.replace("\n", "\r\n")),
        Example("# Orders fail\n\n---\n\nNote: a line is drawn above.\n\n---\n", path="elsewhere/notes.md"),
        Example(
            _GOOD.replace(
                "incident: https://github.com/acme/shop/issues/41", "incident: [https://github.com/acme/shop/issues/41]"
            )
        ),
    ),
)
