"""A section that the policy names and that the document lacks, or has without a word in it."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.outline import Outline, Section, outline_of, role_of
from respondby.postmortems.edits import Edit, edited
from respondby.postmortems.rule import SECTIONS, Context, Example, Finding, Rule
from respondby.postmortems.template import section as section_text


def _look(document: Document, context: Context) -> Iterator[Finding]:
    missing: dict[str, Edit] = {}
    for place, title in enumerate(context.sections):
        section = section_of(document.outline, title)
        if section is None:
            line = _line_for(document, context.sections[place + 1 :])
            missing[title] = Edit(line, line, (*section_text(title).split("\n"), ""))
        elif document.front.text("status") != "draft" and not _says(document, section):
            message = f"The section “{title}” says nothing."
            hint = "Write it, or that there is nothing to say."
            yield Finding(section.line + 1, 1, message, section.title, hint)
    mends = _helps(document, missing)
    for title, edit in missing.items():
        message = f"The section “{title}” is missing."
        hint = "Add it, or copy it from docs/incidents/TEMPLATE.md."
        yield Finding(min(edit.line, _last_line(document)), 1, message, "", hint, (edit,) if mends else ())


def _helps(document: Document, missing: dict[str, Edit]) -> bool:
    """Whether the sections would be there once they are added: below an open fence they would be code."""
    lines = edited(document.source.lines, missing.values())
    outline = outline_of(lines, document.front.body)
    return all(section_of(outline, title) is not None for title in missing)


def _last_line(document: Document) -> int:
    return len(document.source.plain.rstrip("\n").split("\n"))


def section_of(outline: Outline, title: str) -> Section | None:
    """The section of that title; one that means the same serves as well."""
    wanted, role = " ".join(title.casefold().split()), role_of(title)
    headings = [section for section in outline.sections if 0 < section.level <= 6]
    for section in headings:
        if " ".join(section.title.casefold().split()) == wanted:
            return section
    return next((section for section in headings if role and section.role == role), None)


def _says(document: Document, section: Section) -> bool:
    inside = False
    for block in document.outline.blocks:
        if block.kind == "heading" and block.section is section:
            inside = True
            continue
        if not inside:
            continue
        if block.kind == "heading" and block.level <= section.level:
            return False
        if block.kind in ("code", "cell") or (block.kind == "text" and block.content.strip(" -*_")):
            return True
    return False


def _line_for(document: Document, following: tuple[str, ...]) -> int:
    """The line (from 1) before which a missing section goes: above the first of those that are to follow it."""
    for title in following:
        section = section_of(document.outline, title)
        if section is not None:
            return section.line + 1
    return len(document.source.lines) if document.source.plain.endswith("\n") else len(document.source.lines) + 1


_TOP = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: review\n---\n# Orders fail\n\n"
_ALL = "".join(f"## {title}\n\nWords.\n\n" for title in SECTIONS)

RULE = Rule(
    name="missing-section",
    says=(
        "A section that the policy's `sections` name (or the seven of the template) and that "
        "is missing, or empty once it is no draft."
    ),
    why="What nobody was asked for is not written.",
    look=_look,
    mends=True,
    flagged=(
        Example(_TOP + _ALL.replace("## Root cause\n\nWords.\n\n", "")),
        Example(_TOP + _ALL.replace("## What went well\n\nWords.", "## What went well\n")),
        Example(_TOP),
    ),
    left_alone=(
        Example(_TOP + _ALL),
        Example(_TOP + _ALL.replace("Incident summary", "Summary").replace("Root cause", "Root causes")),
        Example("# Orders fail\n", path="notes.md"),
    ),
)
