"""Reads the deeds of a scenario's steps, one function each, and the table of them."""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.text.cursor import Cursor
from respondby.policy.text.problems import PolicyError, Problem
from respondby.policy.text.yaml_text import LARGEST, Node
from respondby.rehearsal import times
from respondby.rehearsal.reading_expect import in_words, read_expect, texts
from respondby.rehearsal.story import (
    AnswersPage,
    Assigns,
    Closes,
    Deed,
    Deletes,
    Dispatches,
    Edits,
    Fault,
    Labels,
    Lost,
    Merges,
    Opens,
    Policy,
    Reopens,
    Says,
    Sweeps,
    Ticks,
    Writes,
)

#: As `respondby watch` does: by the minute. What cannot change anything is skipped, so it costs nothing.
DEFAULT_SWEEPS = 60

DELETED: tuple[Literal["comment", "case"], ...] = ("comment", "case")

Answers = tuple[tuple[str, str | tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a step is read in: the zone, the instant (of the step before, then its own), where paths start."""

    where: tzinfo
    at: Instant
    folder: Path


def file_text(path: Path, shown_as: str) -> str:
    """The text of a file. PolicyError where there is none that can be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) <= LARGEST:
            return content.decode("utf-8")
        why = f"It is larger than {LARGEST // 1024} kB."
    except UnicodeDecodeError as error:
        why = f"It is not UTF-8 text: {error.reason}."
    except OSError as error:
        why = f"{error.strerror}."
    raise PolicyError([Problem(shown_as, 1, 1, f"This file cannot be read. {why}", rule="file")])


def path_of(cursor: Cursor, folder: Path) -> Path:
    """The file that a text names, relative to `folder`."""
    path = Path(os.path.normpath(folder / cursor.text()))
    if not path.is_file():
        raise cursor.refused("There is no such file.", hint="Paths are relative to the scenario.", rule="file")
    return path


def _who(step: Cursor) -> str:
    return step.at("who").text()


def _answers(cursor: Cursor | None) -> Answers:
    if cursor is None:
        return ()
    return tuple((name, _answer(value)) for name, value in cursor.items())


def _answer(value: Cursor) -> str | tuple[str, ...]:
    if value.node.kind == "list":
        return texts(value)
    return "" if value.node.kind == "nothing" else value.text()


def _opens(step: Cursor, value: Cursor, _: Context) -> Deed:
    form = None if value.node.kind == "nothing" else value.text()
    title, given, body = step.get("title"), step.get("with"), step.get("body")
    if title is None:
        raise step.refused("A case needs a title.", value="", hint="Add `title: …`.")
    if form is not None and body is not None:
        raise body.refused(
            "The body of a case that a form makes comes from `with`.", hint="Leave `opens` empty for a blank issue."
        )
    if form is None and given is not None:
        raise given.refused("A blank issue has no answers.", hint="Write its text as `body: …`.")
    return Opens(_who(step), form, title.text(), _answers(given), body.text() if body else "")


def _says(step: Cursor, value: Cursor, _: Context) -> Deed:
    return Says(_who(step), value.text())


def _edits(step: Cursor, value: Cursor, _: Context) -> Deed:
    if value.node.kind == "text":
        return Edits(_who(step), text=value.text())
    value.mapping(("title", "with"))
    title, given = value.get("title"), value.get("with")
    if title is None and given is None:
        raise value.refused(
            "This edit changes nothing.", hint="Give the new text of the last comment, or `{title: …, with: {…}}`."
        )
    return Edits(_who(step), title=title.text() if title else None, answers=_answers(given))


def _ticks(step: Cursor, value: Cursor, _: Context) -> Deed:
    boxes = texts(value)
    return Ticks(_who(step), () if boxes == ("all",) else boxes)


def _labels(step: Cursor, value: Cursor, _: Context) -> Deed:
    if value.node.kind != "mapping":
        return Labels(_who(step), texts(value))
    value.mapping(("add", "remove"))
    return Labels(_who(step), value.maybe("add", texts) or (), value.maybe("remove", texts) or ())


def _assigns(step: Cursor, value: Cursor, _: Context) -> Deed:
    return Assigns(_who(step), texts(value))


#: As what a case can be closed, in a scenario's words and in the forge's.
_REASONS: dict[str, Literal["completed", "not_planned", "duplicate"]] = {
    "completed": "completed",
    "not planned": "not_planned",
    "duplicate": "duplicate",
}


#: Pull requests that the desk opens.
_PROPOSED: tuple[Literal["post-mortem", "action-items"], ...] = ("post-mortem", "action-items")


def _closes(step: Cursor, value: Cursor, _: Context) -> Deed:
    if value.node.kind == "nothing":
        return Closes(_who(step))
    return Closes(_who(step), _REASONS[value.choice(tuple(_REASONS))])


def _reopens(step: Cursor, value: Cursor, _: Context) -> Deed:
    if value.node.kind != "nothing":
        raise value.refused(
            "`reopens` takes no value.", hint="Write `reopens:`; with several cases, `case: N` beside it."
        )
    return Reopens(_who(step))


def _deletes(step: Cursor, value: Cursor, _: Context) -> Deed:
    return Deletes(_who(step), value.choice(DELETED))


def _merges(step: Cursor, value: Cursor, _: Context) -> Deed:
    if value.node.kind == "text":
        return Merges(_who(step), what=value.choice(_PROPOSED))
    value.mapping(("title", "files"), required=("title", "files"))
    files = tuple((path, child.text()) for path, child in value.at("files").items())
    if not files:
        raise value.at("files").refused("This pull request changes nothing.", hint="Write `files: {PATH: TEXT}`.")
    return Merges(_who(step), value.at("title").text(), files)


def _writes(step: Cursor, value: Cursor, _: Context) -> Deed:
    sections = tuple((title, child.text()) for title, child in value.items())
    if not sections:
        raise value.refused("Nothing is written here.", hint="Write `writes: {SECTION: TEXT}`.")
    return Writes(_who(step), sections)


def _dispatches(step: Cursor, value: Cursor, _: Context) -> Deed:
    given = step.get("with")
    payload = {} if given is None else {key: _data(child.node) for key, child in given.items()}
    return Dispatches(_who(step), value.text(), payload)


def _answers_page(step: Cursor, value: Cursor, _: Context) -> Deed:
    if value.node.kind == "nothing":
        return AnswersPage(_who(step))
    return AnswersPage(_who(step), value.choice(("resolve",)))


def _fault(_: Cursor, value: Cursor, __: Context) -> Deed:
    if value.node.kind == "text":
        value.choice(("none",))
        return Fault(())
    return Fault(tuple(_data(plan.node) for plan in value.one_or_more()))


def _data(node: Node) -> Any:
    """Plain data, numbers and truths as YAML's core schema has them: the sandbox takes JSON."""
    if node.kind == "mapping":
        return {key: _data(value) for key, value in node.value.items()}
    if node.kind == "list":
        return [_data(item) for item in node.value]
    if node.kind == "text" and node.plain:
        if node.value in ("true", "false"):
            return node.value == "true"
        if re.fullmatch(r"-?\d{1,18}", node.value):
            return int(node.value)
        if re.fullmatch(r"-?\d{0,18}\.\d{1,18}", node.value):
            return float(node.value)
    return node.value


def _policy(_: Cursor, value: Cursor, context: Context) -> Deed:
    text = value.text()
    if "\n" in text.strip():
        return Policy(text, "the scenario")
    path = path_of(value, context.folder)
    return Policy(file_text(path, str(path)), text)


def _sweeps(_: Cursor, value: Cursor, __: Context) -> Deed:
    text = value.text()
    if text in ("on", "off"):
        return Sweeps(DEFAULT_SWEEPS if text == "on" else None)
    if not text.startswith("every "):
        raise value.refused("This does not say how often sweeps come.", hint="Write `on`, `off` or `every 15m`.")
    every = in_words(value, lambda: times.elapsed(text.removeprefix("every ").strip()))
    if every < 60:
        raise value.refused("Sweeps come a minute apart at least.", hint="Write `every 1m`.")
    return Sweeps(every)


def _lost(_: Cursor, value: Cursor, __: Context) -> Deed:
    return Lost(value.choice(("events", "nothing")) == "events")


def _expect(_: Cursor, value: Cursor, context: Context) -> Deed:
    return read_expect(value, context.where, context.at)


DEEDS: dict[str, Callable[[Cursor, Cursor, Context], Deed]] = {
    "opens": _opens,
    "says": _says,
    "edits": _edits,
    "ticks": _ticks,
    "labels": _labels,
    "assigns": _assigns,
    "closes": _closes,
    "reopens": _reopens,
    "deletes": _deletes,
    "merges": _merges,
    "writes": _writes,
    "dispatches": _dispatches,
    "answers-page": _answers_page,
    "fault": _fault,
    "policy": _policy,
    "sweeps": _sweeps,
    "lost": _lost,
    "expect": _expect,
}
