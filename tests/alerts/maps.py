"""A small map for tests, and what is read with it."""

from respondby.alerts.loading import load_map
from respondby.alerts.model import AlertMap
from respondby.alerts.reading import Reading, read_alerts

NOON = 1_793_620_800  # 2026-11-02T12:00Z

GROUPS = """\
source: groups
about: A list of alerts that share a key
each: $.payload.alerts[*]
id: $.alert.id
key: $.payload.group
cut: $.payload.missing
state: { path: $.alert.state, firing: [bad], acknowledged: [seen], resolved: [good], ignored: [odd] }
summary: $.alert.what
level: { path: $.alert.level, values: { "1": low, "2": high } }
at: { path: $.alert.at, as: iso, zone: Europe/Brussels }
link: $.alert.link
parts: { service: $.alert.service }
examples:
  - says: one alert
    payload: '{"group": "g", "alerts": [{"id": "a", "state": "bad", "at": "2026-11-02T10:00", "what": "Fire",
      "level": 2, "link": "https://m.example/a", "service": "shop"}], "missing": 0}'
    alerts: [{ key: g, id: a, state: firing, at: "2026-11-02T09:00:00Z" }, { key: g, id: (not named), state: resolved }]
"""


def load(text: str) -> AlertMap:
    """The map of a text that must be right."""
    alert_map, problems = load_map(text, file="map.yml")
    assert alert_map is not None, problems
    return alert_map


def read(payload: object, text: str = GROUPS, received: int = NOON) -> Reading:
    """What the map of a text reads from a payload that came at `received`."""
    return read_alerts(load(text), payload, received)


def group(*alerts: dict[str, object], missing: int = 0, name: object = "g") -> dict[str, object]:
    """A payload for `GROUPS`."""
    return {"group": name, "missing": missing, "alerts": list(alerts)}


def bad(**more: object) -> dict[str, object]:
    """One alert of it that fires."""
    return {"id": "a", "state": "bad", "what": "It burns", "at": "2026-11-02T10:00", **more}
