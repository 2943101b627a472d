"""From a scenario's text to a `Scenario`, every problem with its place.

The grammar is LANGUAGE.md's; `schemas/scenario.schema.json` says the same for editors. Deeds of the grammar that this
version cannot play are refused here, so that a scenario never passes by leaving something out.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal

from respondby.calendars.instants import UTC, Instant, iso, parse_time, zone
from respondby.policy import yaml_text
from respondby.policy.cursor import Cursor, Notes, Refused, each
from respondby.policy.problems import PolicyError, Problem
from respondby.policy.yaml_text import Node
from respondby.rehearsal import times
from respondby.rehearsal.reading_expect import in_words, read_expect, texts
from respondby.rehearsal.story import (
    ACTS,
    Assigns,
    Closes,
    Deed,
    Deletes,
    Edits,
    Fault,
    Keeps,
    Labels,
    Lost,
    Opens,
    Part,
    Policy,
    Reopens,
    Says,
    Scenario,
    Step,
    Sweeps,
)

KEYS = ("scenario", "policy", "keeps", "timezone", "starts", "people", "story")

#: Deeds of the grammar that no part of the desk answers yet, and what to do meanwhile.
NOT_PLAYED = {
    "merges": "Post-mortems are not rehearsed yet.",
    "dispatches": "Dispatched alerts are not rehearsed yet.",
    "answers-page": "Answers to a page are not rehearsed yet; let the person say something on the case.",
}

#: As `respondby watch` does: by the minute. What cannot change anything is skipped, so it costs nothing.
DEFAULT_SWEEPS = 60

PARTS: tuple[Part, ...] = ("customer", "member", "stranger")
DELETED: tuple[Literal["comment", "case"], ...] = ("comment", "case")

Answers = tuple[tuple[str, str | tuple[str, ...]], ...]


def read_scenario(path: Path, *, shown_as: str | None = None) -> Scenario:
    """The scenario in that file. PolicyError, worst problem first, for everything that cannot be played."""
    name = shown_as or str(path)
    return parse_scenario(file_text(path, name), name, path.parent)


def file_text(path: Path, shown_as: str) -> str:
    """The text of a file. PolicyError where there is none that can be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        why = f"It is not UTF-8 text: {error.reason}."
    except OSError as error:
        why = f"{error.strerror}."
    raise PolicyError([Problem(shown_as, 1, 1, f"This file cannot be read. {why}", rule="file")])


def parse_scenario(text: str, file: str, folder: Path) -> Scenario:
    """The scenario of that text; its policy's path is relative to `folder`."""
    notes = Notes(file)
    root = Cursor(yaml_text.read(text, path=file), (), notes)
    scenario = None
    try:
        scenario = _scenario(root, file, folder)
    except Refused:
        assert notes.problems, "whoever refuses says why"
    if notes.problems or scenario is None:
        raise PolicyError(notes.problems)
    return scenario


def _scenario(root: Cursor, file: str, folder: Path) -> Scenario:
    root.mapping(KEYS, required=("scenario", "policy", "starts", "story"))
    where = root.maybe("timezone", lambda node: in_words(node, lambda: zone(node.text()))) or UTC
    starts = root.at("starts")
    begins = in_words(starts, lambda: parse_time(starts.text(), where))
    return Scenario(
        name=" ".join(root.at("scenario").text().split()),
        file=file,
        policy=_path(root.at("policy"), folder),
        timezone=where.key,
        starts=begins,
        people=root.maybe("people", _people) or {},
        story=_story(root.at("story"), where, begins, folder),
        keeps=root.maybe("keeps", lambda node: tuple(each(node.one_or_more(), _keeps))) or (),
    )


def _people(cursor: Cursor) -> dict[str, Part]:
    return {login: part.choice(PARTS) for login, part in cursor.items()}


def _keeps(cursor: Cursor) -> Keeps:
    cursor.mapping(("says", "by"), required=("says", "by"))
    return Keeps(cursor.at("says").text(), texts(cursor.at("by")))


def _story(cursor: Cursor, where: tzinfo, starts: Instant, folder: Path) -> tuple[Step, ...]:
    steps: list[Step] = []
    before, opened = starts, 0
    for item in cursor.entries():
        try:
            step = _step(item, _Context(where, before, folder))
            _check_case(item, step, opened)
        except Refused:
            continue
        opened += isinstance(step.deed, Opens)
        steps.append(step)
        before = step.at
    if not cursor.node.value:
        raise cursor.refused("Nothing happens in this story.", hint="Start with somebody who `opens` a case.")
    return tuple(steps)


def _check_case(cursor: Cursor, step: Step, opened: int) -> None:
    if step.case is not None and step.case > opened:
        raise cursor.at("case").refused("This case has not been opened before this step.", rule="case")
    if not opened and isinstance(step.deed, tuple(ACTS.values())) and not isinstance(step.deed, Opens):
        raise cursor.refused("No case has been opened before this step.", value="", rule="case")


def _step(cursor: Cursor, context: _Context) -> Step:
    held = cursor.node.value if cursor.node.kind == "mapping" else {}
    for key in filter(NOT_PLAYED.get, held):
        line, column = cursor.node.keys[key]
        cursor.notes.problem(line, column, f"`{key}` cannot be played.", value=key, hint=NOT_PLAYED[key], rule="deed")
        raise Refused
    verbs = [key for key in held if key in DEEDS]
    verb = verbs[0] if verbs else ""
    who = ("who",) if verb in ACTS else ()
    beside = ("title", "with", "body") if verb == "opens" else ("case",) if who or verb == "expect" else ()
    cursor.mapping(("at", *who, *beside, *DEEDS), required=("at", *who))
    if len(verbs) != 1:
        said = (
            "A step is one deed; here are " + " and ".join(f"`{word}`" for word in verbs)
            if verbs
            else "Here is no deed"
        )
        raise cursor.refused(f"{said}.", value="", hint=f"Known: {', '.join(f'`{word}`' for word in DEEDS)}.")
    moment, case = cursor.at("at"), cursor.get("case")
    at = in_words(moment, lambda: times.instant(moment.text(), context.where, context.at))
    if at < context.at:
        raise moment.refused(
            f"This is before the step above, which is at {iso(context.at)}.", hint=times.SAYINGS, rule="order"
        )
    deed = DEEDS[verb](cursor, cursor.at(verb), replace(context, at=at))
    return Step(at, cursor.node.line, deed, case.whole(least=1) if case else None)


@dataclass(frozen=True, slots=True)
class _Context:
    """What a step is read in: the zone, the instant (of the step before, then its own), where paths start."""

    where: tzinfo
    at: Instant
    folder: Path


def _path(cursor: Cursor, folder: Path) -> Path:
    path = Path(os.path.normpath(folder / cursor.text()))
    if not path.is_file():
        raise cursor.refused("There is no such file.", hint="Paths are relative to the scenario.", rule="file")
    return path


def _who(step: Cursor) -> str:
    return step.at("who").text()


def _answers(cursor: Cursor | None) -> Answers:
    if cursor is None:
        return ()
    return tuple(
        (name, texts(value) if value.node.kind == "list" else value.node.value or "") for name, value in cursor.items()
    )


# --- deeds ----------------------------------------------------------------------------------------------------------


def _opens(step: Cursor, value: Cursor, _: _Context) -> Deed:
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


def _says(step: Cursor, value: Cursor, _: _Context) -> Deed:
    return Says(_who(step), value.text())


def _edits(step: Cursor, value: Cursor, _: _Context) -> Deed:
    if value.node.kind == "text":
        return Edits(_who(step), text=value.text())
    value.mapping(("title", "with"))
    title, given = value.get("title"), value.get("with")
    if title is None and given is None:
        raise value.refused(
            "This edit changes nothing.", hint="Give the new text of the last comment, or `{title: …, with: {…}}`."
        )
    return Edits(_who(step), title=title.text() if title else None, answers=_answers(given))


def _labels(step: Cursor, value: Cursor, _: _Context) -> Deed:
    if value.node.kind != "mapping":
        return Labels(_who(step), texts(value))
    value.mapping(("add", "remove"))
    return Labels(_who(step), value.maybe("add", texts) or (), value.maybe("remove", texts) or ())


def _assigns(step: Cursor, value: Cursor, _: _Context) -> Deed:
    return Assigns(_who(step), texts(value))


def _closes(step: Cursor, value: Cursor, _: _Context) -> Deed:
    if value.node.kind == "nothing":
        return Closes(_who(step))
    done = value.choice(("completed", "not planned")) == "completed"
    return Closes(_who(step), "completed" if done else "not_planned")


def _reopens(step: Cursor, value: Cursor, _: _Context) -> Deed:
    if value.node.kind != "nothing":
        raise value.refused(
            "`reopens` takes no value.", hint="Write `reopens:`; with several cases, `case: N` beside it."
        )
    return Reopens(_who(step))


def _deletes(step: Cursor, value: Cursor, _: _Context) -> Deed:
    return Deletes(_who(step), value.choice(DELETED))


def _fault(_: Cursor, value: Cursor, __: _Context) -> Deed:
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
        if re.fullmatch(r"-?\d+", node.value):
            return int(node.value)
        if re.fullmatch(r"-?\d*\.\d+", node.value):
            return float(node.value)
    return node.value


def _policy(_: Cursor, value: Cursor, context: _Context) -> Deed:
    text = value.text()
    if "\n" in text.strip():
        return Policy(text, "the scenario")
    path = _path(value, context.folder)
    return Policy(file_text(path, str(path)), text)


def _sweeps(_: Cursor, value: Cursor, __: _Context) -> Deed:
    text = value.text()
    if text in ("on", "off"):
        return Sweeps(DEFAULT_SWEEPS if text == "on" else None)
    if not text.startswith("every "):
        raise value.refused("This is no rhythm of sweeps.", hint="Write `on`, `off` or `every 15m`.")
    every = in_words(value, lambda: times.elapsed(text.removeprefix("every ").strip()))
    if every < 60:
        raise value.refused("Sweeps come a minute apart at least.", hint="Write `every 1m`.")
    return Sweeps(every)


def _lost(_: Cursor, value: Cursor, __: _Context) -> Deed:
    return Lost(value.choice(("events", "nothing")) == "events")


def _expect(_: Cursor, value: Cursor, context: _Context) -> Deed:
    return read_expect(value, context.where, context.at)


DEEDS: dict[str, Callable[[Cursor, Cursor, _Context], Deed]] = {
    "opens": _opens,
    "says": _says,
    "edits": _edits,
    "labels": _labels,
    "assigns": _assigns,
    "closes": _closes,
    "reopens": _reopens,
    "deletes": _deletes,
    "fault": _fault,
    "policy": _policy,
    "sweeps": _sweeps,
    "lost": _lost,
    "expect": _expect,
}
