"""The lease of a watch: which of them is awake, in one comment of the desk's log.

Laws:

- At any time the comment names one holder. Whoever writes it reads it back, and whoever looks again and finds another
  holder there ends: of two that start in one second one goes on.
- A number that only rises tells a holder that slept too long (a stopped machine) from the one that came after it.
- A lease that is not renewed runs out, so a watch that was killed keeps nobody from starting another one.
- Two that act at once before one of them has looked do no harm: their calls carry the same keys, as those of a sweep.
- The seconds that jobs have watched in a calendar month (UTC) are counted in it, and are those of the holders before.
"""

from __future__ import annotations

from dataclasses import replace

from respondby.calendars.instants import Instant, iso
from respondby.dataclass import dataclass
from respondby.desk.log import Entry

KIND, NAME = "watch", "lease"

#: A lease that was not renewed for so many seconds has run out; it is renewed in time.
LASTS, RENEWED_AFTER = 900, 300


@dataclass(frozen=True, slots=True)
class Lease:
    """`holder` is awake since `since`, under a `number`, until `until` unless it is renewed; `spent` seconds of `month`
    (`2026-11`) have been watched, up to `at`.
    """

    number: int
    holder: str
    since: Instant
    at: Instant
    until: Instant
    month: str
    spent: int = 0

    def entry(self) -> Entry:
        """The lease as the log keeps it."""
        facts = {
            "holder": self.holder, "since": str(self.since), "until": str(self.until), "month": self.month,
            "spent": str(self.spent),
        }  # fmt: skip
        return Entry(KIND, NAME, str(self.number), self.at, facts=facts)

    def holds(self, now: Instant) -> bool:
        """Whether its holder has to be taken for awake."""
        return now < self.until

    def renewed(self, now: Instant) -> Lease:
        """The same, for as long again, with the time that went by."""
        month = month_of(now)
        spent = self.spent if month == self.month else 0
        return replace(self, at=now, until=now + LASTS, month=month, spent=spent + max(0, now - self.at))

    def ended(self, now: Instant) -> Lease:
        """The same, given back."""
        return replace(self.renewed(now), until=now)


def taken(before: Lease | None, holder: str, now: Instant) -> Lease:
    """A lease after that one."""
    month = month_of(now)
    spent = before.spent if before is not None and before.month == month else 0
    number = before.number + 1 if before is not None else 1
    return Lease(number, holder, now, now, now + LASTS, month, spent)


def read_lease(entry: Entry | None) -> Lease | None:
    """The lease that was kept; None where there is none. The record is ours, but it is read as if it were not."""
    if entry is None or entry.kind != KIND or not entry.id.isdigit():
        return None
    facts = entry.facts
    numbers = [facts.get(name, "") for name in ("since", "until", "spent")]
    if not all(text.isdigit() for text in numbers):
        return None
    since, until, spent = (int(text) for text in numbers)
    return Lease(int(entry.id), facts.get("holder", ""), since, entry.at, until, facts.get("month", ""), spent)


def month_of(at: Instant) -> str:
    """The calendar month of an instant, in UTC."""
    return iso(at)[:7]
