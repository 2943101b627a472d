"""One field's answer: from the lines below its heading to a value, by the field's type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from respondby.dataclass import dataclass
from respondby.desk.refusals import Refusal
from respondby.desk.sections import Section

FieldType = Literal["input", "textarea", "dropdown", "checkboxes"]

#: Text and a choice are a string; choices of several, and ticked boxes, a list; None is no answer.
Answer = str | list[str] | None

#: What GitHub writes for a field that was left empty.
NO_RESPONSE = "_No response_"

_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
_BOX = re.compile(r"\s*[-*+]\s+\[\s*([xX]?)\s*\]\s*(.*)")
#: A choice of several that can be cut in more ways than these is not looked into further.
_MOST_CUTS = 10_000


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of an issue form.

    `options` are those of a dropdown, or the boxes; `multiple` lets a dropdown have several; `must_tick` are the boxes
    that have to be ticked; `render` says that GitHub puts the text into a code block.
    """

    id: str
    label: str
    type: FieldType
    options: tuple[str, ...] = ()
    multiple: bool = False
    required: bool = False
    render: bool = False
    must_tick: tuple[str, ...] = ()


def fits(field: FormField, lines: Sequence[str], section: Section) -> bool:
    """Whether the section's lines are what the field can become when GitHub writes it."""
    if field.type == "textarea" and not field.render:
        return True
    content = _content(lines, section)
    if content in ([], [NO_RESPONSE]):
        return True
    if field.type == "textarea":
        return _unwrapped(content) is not None
    if field.type == "checkboxes":
        return [label for _, label in _boxes(content)] == [_plain(option) for option in field.options]
    return len(content) == 1 and read_answer(field, lines, section)[1] is None


def read_answer(field: FormField, lines: Sequence[str], section: Section) -> tuple[Answer, Refusal | None]:
    """The field's answer in this section, and what is wrong with it."""
    content = _content(lines, section)
    if content in ([], [NO_RESPONSE]):
        return None, None
    if field.type == "checkboxes":
        return _ticked(field, content)
    if field.type == "dropdown":
        return _chosen(field, "\n".join(content).strip())
    if field.render:
        inside = _unwrapped(content)
        content = content if inside is None else inside
    text = "\n".join(content).strip("\n")
    if field.type == "input":
        text = text.strip()
    return (text if text.strip() else None), None


def _content(lines: Sequence[str], section: Section) -> list[str]:
    """The section's lines without the blank ones at both ends."""
    start, end = section
    while start < end and not lines[start].strip():
        start += 1
    while start < end and not lines[end - 1].strip():
        end -= 1
    return list(lines[start:end])


def _unwrapped(content: list[str]) -> list[str] | None:
    """The lines inside the code block that all of the content is, or None."""
    opening = _FENCE.fullmatch(content[0])
    if opening is None or len(content) < 2:
        return None
    closing = content[-1].rstrip()
    fence = opening[1]
    if len(closing) < len(fence) or closing != fence[0] * len(closing):
        return None
    return content[1:-1]


def _chosen(field: FormField, text: str) -> tuple[Answer, Refusal | None]:
    if not field.multiple:
        if text in field.options:
            return text, None
        if text == "None":  # what GitHub once wrote for a dropdown that was left alone; it is no option's name
            return None, None
        return None, Refusal.of("no-option", said=_short(text), options=field.options)
    cuts = _cuts(text, field.options)
    if len({frozenset(cut) for cut in cuts}) == 1:
        return list(cuts[0]), None
    if cuts:
        return None, Refusal.of("several-readings", said=_short(text))
    return None, Refusal.of("no-options", said=_short(text), options=field.options)


def _cuts(text: str, options: Sequence[str]) -> list[tuple[str, ...]]:
    """The ways in which the text is a list of different options with `, ` between them."""
    found: list[tuple[str, ...]] = []
    open_: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for _ in range(_MOST_CUTS):
        if not open_:
            break
        at, said = open_.pop()
        for option in options:
            end = at + len(option)
            if option in said or not text.startswith(option, at):
                continue
            if end == len(text):
                found.append((*said, option))
            elif text.startswith(", ", end):
                open_.append((end + 2, (*said, option)))
    return found


def _ticked(field: FormField, content: list[str]) -> tuple[Answer, Refusal | None]:
    boxes = _boxes(content)
    options = {_plain(option): option for option in field.options}
    if [label for _, label in boxes] == list(map(_plain, field.options)):
        ticked = [option for option, (tick, _) in zip(field.options, boxes, strict=True) if tick]
    else:
        unknown = [label for tick, label in boxes if tick and label not in options]
        doubled = {label for tick, label in boxes if tick} & {label for tick, label in boxes if not tick}
        if unknown or doubled or len(boxes) < len([line for line in content if line.strip()]):
            return None, Refusal.of("other-boxes", options=field.options)
        said = {label for tick, label in boxes if tick}
        ticked = [option for label, option in options.items() if label in said]
    missing = tuple(box for box in field.must_tick if box not in ticked)
    return ticked or None, Refusal.of("not-ticked", missing=missing) if missing else None


def _boxes(content: Sequence[str]) -> list[tuple[bool, str]]:
    """The lines that are boxes: whether they are ticked, and their label."""
    found = (_BOX.fullmatch(line) for line in content)
    return [(bool(box[1]), _plain(box[2])) for box in found if box]


def _plain(label: str) -> str:
    return " ".join(label.split())


def _short(text: str) -> str:
    flat = " ".join(text[:200].split())
    return flat if len(flat) <= 60 and len(text) <= 200 else f"{flat[:59]}…"
