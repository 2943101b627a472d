"""A map read from its YAML, and held against its own examples.

A map without an example is refused: nobody would know whether its paths find anything. `try_examples` runs the map on
each of them, and `try_paths` asks each path for something, so a path that finds nothing, or a list where a text was
meant, is found in review and not at night.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from respondby.alerts.model import FORMATS, STATES, Alert, AlertMap, Example, LevelMap, State, StateMap, TimeMap
from respondby.alerts.paths import PathError, compiled, nodes
from respondby.alerts.reading import documents_of, read_alerts
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, iso, parse_time, zone
from respondby.policy.text.cursor import Cursor, Notes, Refused, each
from respondby.policy.text.problems import Problem, shorten
from respondby.policy.text.yaml_text import Node, read

_KEYS = (
    "source", "about", "each", "only", "json", "key", "id", "state", "summary", "level", "at", "link", "parts", "cut",
    "examples",
)  # fmt: skip

#: Where a map has paths, and where a path need not find a text.
_PATHS = ("each", "only", "json", "key", "id", "state", "summary", "level", "at", "link", "parts", "cut")
_NO_TEXTS = ("each", "only", "json")

#: When an example's payload is said to have come, where nothing else is said: later than every time in it.
RECEIVED: Instant = 4_000_000_000


def load_map(text: str, *, file: str, strict: bool = False) -> tuple[AlertMap | None, list[Problem]]:
    """The map that a file holds, and what is wrong with it. PolicyError where it is no YAML.

    With `strict`, for whoever reviews it, each of its paths has to find something in an example.
    """
    notes = Notes(file)
    root = read(text, path=file)
    try:
        alert_map = parse_map(Cursor(root, (), notes))
    except Refused:
        alert_map = None
    if notes.problems or alert_map is None:
        return None, notes.problems
    problems = try_examples(alert_map, file) or (try_paths(alert_map, root, file) if strict else [])
    return (None if problems else alert_map), problems


def parse_map(cursor: Cursor) -> AlertMap:
    """The map at this place. Raises Refused, its problems noted."""
    cursor.mapping(_KEYS, required=("source", "about", "key", "state", "summary", "examples"))
    key = _paths(cursor.at("key"))
    parts = cursor.get("parts")
    all_parts = parts is not None and parts.node.kind == "text" and parts.node.value == "all"
    examples = cursor.several("examples", _example, alone=False)
    if not examples and not cursor.notes.problems:
        raise cursor.at("examples").refused(
            "A map needs at least one example.", hint="Write `- { says: …, payload: …, alerts: [ … ] }`."
        )
    return AlertMap(
        source=cursor.at("source").text(),
        about=cursor.at("about").text(),
        key=key,
        id=cursor.maybe("id", _paths) or key,
        state=_state(cursor.at("state")),
        summary=_paths(cursor.at("summary")),
        at=cursor.maybe("at", _time),
        level=cursor.maybe("level", _level),
        link=cursor.maybe("link", _paths) or (),
        parts={} if parts is None or all_parts else {name: _paths(item) for name, item in parts.items()},
        all_parts=all_parts,
        each=cursor.maybe("each", _path),
        only=cursor.maybe("only", _path),
        json=cursor.maybe("json", _path),
        cut=cursor.maybe("cut", _paths) or (),
        examples=examples,
    )


def _path(cursor: Cursor) -> str:
    path = cursor.text()
    try:
        compiled(path)
    except PathError as wrong:
        raise cursor.refused(f"{wrong}.", hint="Begin with `$.alert` or `$.payload`.") from None
    if not path.startswith(("$.alert", "$['alert']", "$.payload", "$['payload']")):
        raise cursor.refused("This path finds nothing.", hint="Begin with `$.alert` or `$.payload`.")
    return path


def _paths(cursor: Cursor) -> tuple[str, ...]:
    return tuple(each(cursor.one_or_more(), _path))


def _state(cursor: Cursor) -> StateMap:
    if cursor.node.kind == "text":
        return StateMap(always=cursor.choice(STATES))
    cursor.mapping(("path", *STATES, "ignored", "otherwise"), required=("path", "firing"))
    values: dict[str, State] = {}
    for state in STATES:
        for item in cursor.several(state, lambda child: child):
            value = item.text().casefold()
            if value in values:
                raise item.refused(f"`{shorten(value)}` is listed twice.", hint="One value means one state.")
            values[value] = state
    ignored = frozenset(item.text().casefold() for item in cursor.several("ignored", lambda child: child))
    for value in sorted(ignored & set(values)):
        raise cursor.at("ignored").refused(f"`{shorten(value)}` is listed twice.", hint="One value means one state.")
    otherwise = cursor.maybe("otherwise", lambda child: child.choice(STATES))
    return StateMap(_paths(cursor.at("path")), values, ignored, otherwise)


def _level(cursor: Cursor) -> LevelMap:
    if cursor.node.kind != "mapping":
        return LevelMap(_paths(cursor))
    cursor.mapping(("path", "values"), required=("path",))
    values: dict[str, str] = {}
    if (section := cursor.get("values")) is not None:
        values = {name.casefold(): item.text() for name, item in section.items()}
    return LevelMap(_paths(cursor.at("path")), values)


def _time(cursor: Cursor) -> TimeMap:
    if cursor.node.kind != "mapping":
        return TimeMap(dict.fromkeys(STATES, _paths(cursor)))
    cursor.mapping(("path", *STATES, "as", "zone"))
    common = cursor.maybe("path", _paths) or ()
    paths = {state: cursor.maybe(state, _paths) or common for state in STATES}
    if not any(paths.values()):
        raise cursor.refused("No path says where the time stands.", hint="Add `path: $.alert.…`.")
    where = cursor.get("zone")
    name = where.text() if where is not None else "UTC"
    try:
        zone(name)
    except TimeError as wrong:
        raise (where or cursor).refused(f"{wrong}.") from None
    form = cursor.get("as")
    return TimeMap(paths, form.choice(FORMATS) if form is not None else "iso", name)


def _example(cursor: Cursor) -> Example:
    cursor.mapping(("says", "payload", "alerts"), required=("says", "payload", "alerts"))
    payload = cursor.at("payload")
    try:
        data = json.loads(payload.text())
    except (ValueError, RecursionError) as wrong:
        raise payload.refused(f"This is not JSON: {wrong}.", hint="Write the payload as it is sent.") from None
    alerts = [{name: child.text() for name, child in item.items()} for item in cursor.at("alerts").entries()]
    return Example(cursor.at("says").text(), data, tuple(alerts), cursor.node.line)


def try_examples(alert_map: AlertMap, file: str) -> list[Problem]:
    """What the map reads otherwise from its examples than they say."""
    problems: list[Problem] = []
    for example in alert_map.examples:
        reading = read_alerts(alert_map, example.payload, RECEIVED)
        wrong = [*reading.problems, *reading.remarks]
        if not wrong and len(reading.alerts) != len(example.alerts):
            wrong.append(f"the map reads {len(reading.alerts)} alerts; the example says {len(example.alerts)}")
        if not wrong:
            for alert, said in zip(reading.alerts, example.alerts, strict=True):
                wrong.extend(_differences(alert, said))
        hint = "Change the map, or what the example says."
        problems.extend(
            Problem(file, example.line, 1, f"Example “{shorten(example.says)}”: {why}.", "", hint, rule="example")
            for why in wrong
        )
    return problems


def try_paths(alert_map: AlertMap, root: Node, file: str) -> list[Problem]:
    """The paths that find nothing in any example, or a list or an object where a text is meant, each at its line."""
    sent = [{"payload": example.payload, "alert": example.payload} for example in alert_map.examples]
    documents = [document for example in alert_map.examples for document in documents_of(alert_map, example.payload)]
    problems: list[Problem] = []
    for key, node in _paths_below(root):
        asked = sent if key == "json" else documents
        found = [value for document in asked for value in nodes(node.value, document) if value is not None]
        if not found:
            message, hint = "This path finds nothing in any example.", "Mend it, or add an example in which it does."
        elif key not in _NO_TEXTS and all(isinstance(value, list | dict) for value in found):
            kind = "a list" if isinstance(found[0], list) else "an object"
            message, hint = f"This path finds {kind}, and a text is meant.", "Name the text in it, such as `[0]`."
        else:
            continue
        problems.append(Problem(file, node.line, node.column, message, shorten(node.value), hint, rule="example"))
    return problems


def _paths_below(root: Node, key: str = "") -> Iterator[tuple[str, Node]]:
    """Every path of a map, with the key of the map that it stands under."""
    if root.kind == "mapping":
        for name, child in root.value.items():
            if key or name in _PATHS:
                yield from _paths_below(child, key or name)
    elif root.kind == "list":
        for child in root.value:
            yield from _paths_below(child, key)
    elif root.kind == "text" and root.value.startswith("$"):
        yield key, root


def shown(alert: Alert) -> Mapping[str, str]:
    """An alert as an example writes it: texts by name, parts as `parts.NAME`; what is empty is left out."""
    texts = {
        "key": alert.key, "id": alert.id if alert.id != alert.key else "", "state": alert.state, "at": iso(alert.at),
        "summary": alert.summary, "level": alert.level, "link": alert.link,
    }  # fmt: skip
    texts |= {f"parts.{name}": value for name, value in alert.parts.items()}
    return {name: text for name, text in texts.items() if text}


def _differences(alert: Alert, said: Mapping[str, str]) -> list[str]:
    read_as = shown(alert)
    found = []
    for name, expected in said.items():
        actual = read_as.get(name, "")
        same = _same_time(actual, expected) if name == "at" else actual == expected
        if not same:
            found.append(f"`{name}` is read as “{shorten(actual)}”, the example says “{shorten(expected)}”")
    return found


def _same_time(actual: str, expected: str) -> bool:
    try:
        return parse_time(actual, None) == parse_time(expected, None)
    except TimeError:
        return False
