"""Receiving a dispatched event: first it is written down, then the ordinary loop runs over what it touched.

Which event types the policy knows is `policy.repository.dispatches`; who records each is `RECORDERS`. Laws:

- A dispatch is written down once, however often its run is started again: what names it decides (`desk.dispatches`).
- What cannot be recorded is a failure that says what to send instead; nothing of it is kept.
- Nothing in a payload is code, a path or a part of a template (law 8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from respondby.alerts.reading import read_alerts
from respondby.channels.message import short_key
from respondby.channels.pagerduty import dedup_key
from respondby.dataclass import dataclass
from respondby.desk.dispatches import MOST_CHARACTERS, Dispatch, read_dispatch
from respondby.desk.keeping import answered_at_pager
from respondby.desk.ledger import Ledger
from respondby.desk.log import Entry, Log
from respondby.forge.gathering import Gathered, gather_open
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.hearing_chats import NotHeard, said_in_chat
from respondby.jobs.inputs.desk import CLOSED_LATELY, Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.run import Selection
from respondby.jobs.receiving_alerts import Delivery, NoMap, entries_of, map_of
from respondby.jobs.runs import run_over, wake_for
from respondby.policy.model.policy import Policy
from respondby.policy.repository.dispatches import DispatchUse, Purpose, known_dispatches
from respondby.rules.incidents import source_name
from respondby.rules.pages import answerable


class NotRecorded(Exception):
    """A dispatch that nobody can record; the text says what to send instead."""


@dataclass(slots=True)
class Receipt:
    """What recording needs (`log` is what the desk's log says), and what comes of it.

    A recorder puts into `entries` what the desk's log shall remember, into `touched` the numbers of the issues that
    the loop has to look at, into `memory` what their cards shall keep, and into `remarks` what a maintainer should
    know.
    """

    desk: Desk
    policy: Policy
    gathered: Gathered
    dispatch: Dispatch
    event: Mapping[str, Any]
    log: Log
    entries: list[Entry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    memory: dict[int, Ledger] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


#: Records a dispatch for one of the things it is for. Raises NotRecorded; CaseError where the forge did not take it.
Recorder = Callable[[Receipt, DispatchUse], None]


def _for_duty(receipt: Receipt, use: DispatchUse) -> None:
    """A duty expects it: its subject must be one that the duty is for."""
    duty, payload = receipt.policy.duties[use.name], receipt.dispatch.payload
    if duty.for_ is not None:
        known = receipt.policy.products if duty.for_ == "product" else receipt.policy.customers
        said = payload.get(duty.for_)
        subject = _named(known, said)
        if subject is None:
            what = f"names no {duty.for_}" if said is None else f"names the {duty.for_} “{said}”, which is not known"
            raise NotRecorded(
                f"the dispatch `{receipt.dispatch.name}` {what}: send client_payload"
                f' {{"{duty.for_}": …}} with one of {", ".join(known)}'
            )
        receipt.entries.append(_about(receipt.dispatch, duty.for_, subject))
    else:
        receipt.entries.append(receipt.dispatch.entry())


def _named(known: Mapping[str, Any], said: str | None) -> str | None:
    """The product or customer that a sender means: by its key or by its name, whatever the case of its letters."""
    if said is None:
        return None
    low = said.casefold()
    names = {key.casefold(): key for key in known}
    titles = {str(one.name).casefold(): key for key, one in known.items()}
    return names.get(low) or titles.get(low)


def _about(dispatch: Dispatch, what: str, subject: str) -> Entry:
    entry = dispatch.entry()
    return Entry(entry.kind, entry.name, entry.id, entry.at, entry.by, {**entry.facts, what: subject})


def _for_incident(receipt: Receipt, use: DispatchUse) -> None:
    """Alerts: each is written down; what could not be read is too, and fails the run."""
    assert receipt.policy.incidents is not None, "only incidents name alerts"
    alerts = receipt.policy.incidents.alerts[int(use.name)]
    dispatch = receipt.dispatch
    delivery = Delivery(dispatch.key, dispatch.by, receipt.gathered.now)
    try:
        alert_map = map_of(alerts, receipt.desk.client, receipt.policy.commit, resolved=use.purpose == "resolved alert")
    except NoMap as why:
        receipt.entries.extend(delivery.unread(source_name(alerts), str(why), receipt.log))
        raise NotRecorded(str(why)) from None
    reading = read_alerts(alert_map, receipt.event.get("client_payload"), receipt.gathered.now)
    receipt.entries.extend(entries_of(alerts, reading, delivery, receipt.log))
    receipt.remarks.extend(f"the dispatch `{dispatch.name}`: {remark}" for remark in reading.remarks)
    wrong = reading.problems
    if wrong:
        raise NotRecorded(
            f"the dispatch `{dispatch.name}` brought {len(wrong)} that could not be read, and the desk's log keeps why:"
            f" {'; '.join(wrong[:5])}"
        )


def _for_page(receipt: Receipt, _: DispatchUse) -> None:
    """Somebody answered a page in another system: it is their `/ack`, kept on the case's card."""
    policy, dispatch = receipt.policy, receipt.dispatch
    key, about, by = (dispatch.payload.get(name) for name in ("key", "case", "by"))
    logins = {login.lower(): login for login in policy.people}
    logins |= {person.pager.lower(): login for login, person in policy.people.items() if person.pager is not None}
    who = logins.get((by or "").lower())
    found = [
        (case, page)
        for case in receipt.gathered.cases
        for page in answerable(policy, case, dispatch.name)
        if (key is not None and key in (dedup_key(page.key)[:MOST_CHARACTERS], short_key(page.key)))
        or (key is None and about is not None and about == case.ref and who in (None, page.to))
    ]
    if not found:
        raise NotRecorded(
            f"the dispatch `{dispatch.name}` answers no page that went out: send client_payload with the page's `key`,"
            " or with `case` (owner/name#7) and `by` (a login of the policy, or a `pager` of its people)"
        )
    case, page = found[-1]
    kept = answered_at_pager(page.key, max(dispatch.at, page.at), who or page.to)
    receipt.touched.add(case.number)
    receipt.memory[case.number] = Ledger(kept={kept.key: kept}).merge(receipt.memory.get(case.number, Ledger()))


def _for_chat(receipt: Receipt, use: DispatchUse) -> None:
    """Somebody said a command in a chat: kept on the case's card as theirs, and in the desk's log as it came."""
    channel, dispatch = receipt.policy.channels[use.name], receipt.dispatch
    try:
        case, kept = said_in_chat(receipt.policy, channel, receipt.gathered, dispatch, receipt.event)
    except NotHeard as why:
        raise NotRecorded(f"the dispatch `{dispatch.name}` {why}") from None
    receipt.entries.append(_about(dispatch, "case", case.ref))
    receipt.touched.add(case.number)
    receipt.memory[case.number] = Ledger(kept=kept).merge(receipt.memory.get(case.number, Ledger()))


#: What comes by a map, which reads the payload's times itself and drops no alert because of one.
ALERTS: tuple[Purpose, ...] = ("alert", "resolved alert")

RECORDERS: Mapping[Purpose, Recorder] = {
    "duty": _for_duty,
    "alert": _for_incident,
    "resolved alert": _for_incident,
    "answer": _for_page,
    "said": _for_chat,
}


def receive(desk: Desk, event: Mapping[str, Any], run: str, *, dry: bool = False) -> Report:
    """Write a dispatched event down and run the loop over what it touched. `run` is the id of this run."""
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY)
    dispatch = read_dispatch(event, run, gathered.now)

    def record(policy: Policy, logbook: Logbook, report: Report) -> Selection:
        return _record(Receipt(desk, policy, gathered, dispatch, event, logbook.log), logbook, report)

    report = run_over(desk, "receive", gathered, dry=dry, first=record)
    wake_for(desk, gathered, report)
    return report


def _record(receipt: Receipt, logbook: Logbook, report: Report) -> Selection:
    known = known_dispatches(receipt.policy)
    name = receipt.dispatch.name
    if name not in known:
        names = ", ".join(f"`{one}`" for one in sorted(known)) or "none"
        report.failed.append(f"the policy knows no dispatch `{name}`; it knows {names}")
        return Selection()
    for use in known[name]:
        if receipt.dispatch.problem and use.purpose not in ALERTS:
            report.failed.append(receipt.dispatch.problem)
            continue
        try:
            RECORDERS[use.purpose](receipt, use)
        except NotRecorded as why:
            report.failed.append(str(why))
    if not (report.dry or report.shadow or receipt.policy.mode == "off"):
        logbook.write(receipt.entries)
    return Selection(frozenset(receipt.touched), tuple(receipt.remarks), receipt.memory)
