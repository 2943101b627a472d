"""Cases that were read again, before or after something was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case

#: Later than every instant: no answer has come.
LATER = 1 << 62


@dataclass(frozen=True, slots=True)
class Again:
    """Cases as they are now, by number: those that were read, why others could not be, and which are gone."""

    now: Instant
    cases: Mapping[int, Case]
    failed: Mapping[int, str] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()

    def and_(self, other: Again) -> Again:
        """Both; the earlier instant counts."""
        return Again(
            min(self.now, other.now),
            {**self.cases, **other.cases},
            {**self.failed, **other.failed},
            self.gone | other.gone,
        )
