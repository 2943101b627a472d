"""Reading a payload with a map: `read_alerts(map, payload, received)` gives alerts, and what could not be read.

Laws:

- Nothing is dropped without a word: each item of a payload becomes an alert, is ignored because the map says so, or is
  a problem that says what was expected and what was found.
- The same payload gives the same alerts, whenever and however often it is read, but for the time of one that has none.
- What is in a payload is data: texts of one line and bounded length.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from respondby.alerts.model import Alert, AlertMap, State, TimeMap
from respondby.alerts.paths import first_text, nodes, one_line, plain
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import DAY, UTC, Instant, instant_of, people_instant, read_time, zone

#: A key is at most this long; a longer one keeps its beginning and gets a digest of the whole.
LONGEST_KEY = 200

#: As many alerts as one payload may tell of: more than fit into what GitHub lets a dispatch hold.
MOST_ALERTS = 1_000

#: No alert is older than this (2001-09-09) or later than a day from now: such times are slips, and zero times.
EARLIEST: Instant = 1_000_000_000

#: The id of what a payload has left out (`cut`): something of the group that fires and is not named.
UNNAMED = "(not named)"

_SCALES = {"seconds": 1, "milliseconds": 1_000, "nanoseconds": 1_000_000_000}


class Unreadable(Exception):
    """An alert that the map cannot read; the text says what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a payload told: its alerts, what could not be read, and what was read otherwise than it was written.

    `ignored` counts the items that the map passes over on purpose.
    """

    alerts: tuple[Alert, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    ignored: int = 0


def read_alerts(alert_map: AlertMap, payload: object, received: Instant) -> Reading:
    """The alerts of a payload that came at `received`."""
    try:
        payload = _whole(alert_map, payload)
        items = _items(alert_map, payload)
    except Unreadable as why:
        return Reading(problems=(str(why),))
    if items is None:
        return Reading(ignored=1)
    alerts: list[Alert] = []
    problems: list[str] = []
    remarks: list[str] = []
    ignored = 0
    for place, item in enumerate(items, 1):
        where = f"alert {place} of {len(items)}: " if alert_map.each is not None else ""
        try:
            found = _alert(alert_map, {"payload": payload, "alert": item}, received, remarks, where)
        except Unreadable as why:
            problems.append(f"{where}{why}")
            continue
        if found is None:
            ignored += 1
        else:
            alerts.append(found)
    alerts.extend(_left_out(alert_map, payload, alerts))
    return Reading(tuple(alerts), tuple(problems), tuple(remarks), ignored)


def documents_of(alert_map: AlertMap, payload: object) -> list[Mapping[str, object]]:
    """What the map's paths are asked of: the payload, with each item of the list inside it."""
    try:
        payload = _whole(alert_map, payload)
        items = _items(alert_map, payload)
    except Unreadable:
        items = None
    return [{"payload": payload, "alert": item} for item in (items if items is not None else [payload])]


def _whole(alert_map: AlertMap, payload: object) -> object:
    """The payload itself: what a relay wrapped in `body`, or what the source put into a text."""
    if isinstance(payload, Mapping) and set(payload) == {"body"} and isinstance(payload["body"], Mapping):
        payload = payload["body"]
    if alert_map.json is None:
        return payload
    text = first_text_whole(alert_map.json, {"payload": payload, "alert": payload})
    if text is None:  # a relay that has read it already sends the object itself
        inner = nodes(alert_map.json, {"payload": payload, "alert": payload})
        return inner[0] if inner and isinstance(inner[0], Mapping) else payload
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(f"`{alert_map.json}` holds no JSON: “{one_line(text[:60])}”") from None


def first_text_whole(path: str, document: object) -> str | None:
    """The first text that a path finds, as it was written."""
    return next((value for value in nodes(path, document) if isinstance(value, str)), None)


def _items(alert_map: AlertMap, payload: object) -> list[object] | None:
    """What the payload tells of, one by one; None where it tells of no alert on purpose."""
    document = {"payload": payload, "alert": payload}
    if alert_map.only is not None and not any(value is not None for value in nodes(alert_map.only, document)):
        return None
    if alert_map.each is None:
        return [payload]
    items = nodes(alert_map.each, document)
    if not items:
        raise Unreadable(f"`{alert_map.each}` finds no alert in the payload")
    if len(items) >= MOST_ALERTS:
        raise Unreadable(f"the payload holds {MOST_ALERTS} alerts or more; send them in several")
    return items


def _alert(
    alert_map: AlertMap, document: Mapping[str, object], received: Instant, remarks: list[str], where: str
) -> Alert | None:
    state = _state(alert_map, document)
    if state is None:
        return None
    key = _joined(alert_map.key, document)
    if key is None:
        raise Unreadable(f"it has no key: {_paths(alert_map.key)} finds no text")
    level = first_text(alert_map.level.paths, document) if alert_map.level is not None else None
    if level is not None and alert_map.level is not None:
        level = alert_map.level.values.get(level.casefold(), level)
    said = None
    if alert_map.at is not None:
        said = _time(alert_map.at, state, document, received, remarks, where)
    return Alert(
        source=alert_map.source,
        key=key,
        id=_joined(alert_map.id, document) or key,
        state=state,
        at=received if said is None else said,
        summary=first_text(alert_map.summary, document) or key,
        level=level or "",
        link=_link(alert_map, document),
        parts=_parts(alert_map, document),
        timed=said is not None,
    )


def _state(alert_map: AlertMap, document: object) -> State | None:
    states = alert_map.state
    if states.always is not None:
        return states.always
    found = first_text(states.paths, document)
    known = ", ".join(f"`{value}`" for value in (*states.values, *sorted(states.ignored)))
    if found is None and states.otherwise is not None:
        return states.otherwise
    if found is None:
        raise Unreadable(f"it has no state: {_paths(states.paths)} finds no text; known are {known}")
    low = found.casefold()
    if low in states.ignored:
        return None
    if low not in states.values:
        raise Unreadable(f"its state “{found:.60}” is not in the map; known are {known}")
    return states.values[low]


def _time(
    times: TimeMap, state: State, document: object, received: Instant, remarks: list[str], where: str
) -> Instant | None:
    """When it happened; None where it says no time. One that cannot be true is not believed: the alert counts from when
    it was received, and so does one of a sender whose clock is fast.
    """
    found = first_text(times.paths.get(state, ()), document)
    if found is None:
        return None
    counts = f"it counts from when it was received, {people_instant(received, UTC)}"
    try:
        at = _instant(times, found)
    except (TimeError, ValueError, OverflowError) as wrong:
        remarks.append(f"{where}its time is not read ({wrong}); {counts}")
        return None
    if not EARLIEST <= at <= received + DAY:
        remarks.append(f"{where}its time “{found:.40}” cannot be; {counts}")
        return None
    return at if at <= received else None


def _instant(times: TimeMap, text: str) -> Instant:
    if times.format == "iso":
        return instant_of(read_time(text), zone(times.zone))
    whole, _, fraction = text.partition(".")
    if not whole.lstrip("-").isdigit() or len(whole) > 25 or (fraction and not fraction.isdigit()):
        raise ValueError(f"“{text:.40}” is not a count of {times.format} since 1970")
    return int(whole) // _SCALES[times.format]


def _joined(paths: tuple[str, ...], document: object) -> str | None:
    """All that the paths find, one after another: a key of bounded length and one line."""
    found = [text for path in paths if (text := first_text((path,), document)) is not None]
    if not found:
        return None
    key = " ".join(found)
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{key[: LONGEST_KEY - 18]}… {digest}"


def _link(alert_map: AlertMap, document: object) -> str:
    """The first address that is one of the web's; another kind of link leads nowhere from an issue."""
    for path in alert_map.link:
        text = first_text((path,), document)
        if text is not None and text.startswith(("https://", "http://")) and " " not in text:
            return text
    return ""


def _parts(alert_map: AlertMap, document: Mapping[str, object]) -> dict[str, str]:
    parts: dict[str, str] = {}
    alert = document["alert"]
    if alert_map.all_parts and isinstance(alert, Mapping):
        parts = {one_line(str(name)[:100]): text for name, value in alert.items() if (text := plain(value)) is not None}
    for name, paths in alert_map.parts.items():
        if (text := first_text(paths, document)) is not None:
            parts[name] = text
    return parts


def _left_out(alert_map: AlertMap, payload: object, alerts: list[Alert]) -> list[Alert]:
    """What stands for the alerts that a payload leaves out: firing while some are missing, over when none is."""
    if not alert_map.cut:
        return []
    document = {"payload": payload, "alert": payload}
    missing = first_text(alert_map.cut, document)
    state: State = "firing" if missing not in (None, "0") else "resolved"
    latest: dict[str, Alert] = {}
    for alert in alerts:
        if alert.key not in latest or latest[alert.key].at <= alert.at:
            latest[alert.key] = alert
    return [replace(alert, key=key, id=UNNAMED, state=state) for key, alert in latest.items() if _is_group(alert_map)]


def _is_group(alert_map: AlertMap) -> bool:
    """Whether a key names a group of alerts, so that one which is left out may belong to it."""
    return alert_map.key != alert_map.id


def _paths(paths: tuple[str, ...]) -> str:
    return " or ".join(f"`{path}`" for path in paths) or "nothing"
