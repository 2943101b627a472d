"""Recording a dispatched alert: the payload becomes entries of the desk's log, by the map that the policy names.

What cannot be read is written down too, with the reason, and the run ends non-zero: an alert is never dropped without a
word. Opening incidents from the log is any run's business (`jobs.effects.incidents`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.alerts.loading import load_map
from respondby.alerts.model import AlertMap, State, StateMap
from respondby.alerts.reading import Reading
from respondby.alerts.shipped import NoSuchSource, shipped
from respondby.calendars.instants import DAY, Instant
from respondby.dataclass import dataclass
from respondby.desk.log import Entry, Log
from respondby.forge.client import Client
from respondby.forge.files import read_files
from respondby.policy.model.incidents import Alerts
from respondby.policy.text.problems import PolicyError
from respondby.rules.incidents import UNREAD, alert_entry, repeats, source_name, states_of, unread_entry


class NoMap(Exception):
    """The map of a source cannot be used; the text says why and what to do."""


def entries_of(alerts: Alerts, reading: Reading, delivery: Delivery, log: Log) -> Iterator[Entry]:
    """The log's entries for what was read of a payload, and for what could not be.

    What says no time and only repeats what the log has is not written again: each delivery would be another entry.
    """
    source = source_name(alerts)
    stood = states_of(log, source)
    for alert in reading.alerts:
        if not alert.timed and repeats(stood.get((alert.key, alert.id)), alert.state):
            continue
        stood[alert.key, alert.id] = alert.state
        yield alert_entry(replace(alert, source=source), delivery.by)
    for why in reading.problems:
        yield from delivery.unread(source, why, log)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a dispatch: what names it, who sent it, when it was received."""

    name: str
    by: str
    now: Instant

    def unread(self, source: str, why: str, log: Log) -> Iterator[Entry]:
        """What could not be read of it, with the reason; the same of the same source once a day."""
        said_at = (entry.at for entry in log.of_kind(UNREAD, source) if entry.facts.get("why") == why)
        if all(abs(self.now - at) >= DAY for at in said_at):
            yield unread_entry(source, self.name, self.now, self.by, why)


def map_of(alerts: Alerts, client: Client, commit: str | None, *, resolved: bool) -> AlertMap:
    """The map that reads this source's payloads. Raises NoMap; FileUnreadable where the named file is no text."""
    if alerts.source is not None:
        try:
            return shipped(alerts.source)
        except NoSuchSource as why:
            raise NoMap(f"incidents.alerts: {why}") from None
    if alerts.map is not None:
        return _of_file(alerts.map, client, commit)
    plain = shipped("plain")
    if alerts.key is not None:
        key = (f"$.payload['{_quoted(alerts.key)}']",)
        plain = replace(plain, key=key, id=key)
    if resolved or alerts.resolve is not None:
        state: State = "resolved" if resolved else "firing"
        plain = replace(plain, state=StateMap(always=state))
    return plain


def _of_file(path: str, client: Client, commit: str | None) -> AlertMap:
    text = read_files(client, [path], commit or "HEAD").get(path)
    if text is None:
        raise NoMap(f"incidents.alerts names the map {path}, and there is no such file: add it, or name a `source`")
    try:
        alert_map, problems = load_map(text, file=path)
    except PolicyError as error:
        problems, alert_map = list(error.problems), None
    if alert_map is None:
        raise NoMap(f"the map {path} cannot be used: {problems[0].message} (line {problems[0].line})")
    return alert_map


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")
