"""A rota as an iCalendar file (RFC 5545) that Google, Apple and Outlook subscribe to: one event a shift.

Laws:

- The same shifts give the same bytes: nothing is read from a clock. `DTSTAMP`, which the format requires, is the
  shift's own beginning.
- An event's `UID` is made of the desk, the rota and the instant at which the shift begins. A swap changes who the
  event names and leaves its `UID`; a shift cut in two keeps the first part's.
- Lines end in CRLF and are folded at 75 octets, never inside a character; text is escaped, so that whatever stands in
  a reviewed file stays text.

Times are UTC instants: every calendar shows them in its reader's zone, and no zone of ours has to be described. Events
are transparent: being on call does not make somebody busy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from respondby.cli.output.oncall import names, reason
from respondby.letters.neutral import flat

Facts = Mapping[str, Any]

_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def icalendar(facts: Facts, desk: str) -> str:
    """The shifts of `policy.people.roster` as a calendar. Those of nobody, or without an end, are no events."""
    return "".join(f"{folded}\r\n" for line in _lines(facts, flat(desk)) for folded in _folded(line))


def _lines(facts: Facts, desk: str) -> Iterator[str]:
    title = ", ".join(flat(name) for name in facts["rotas"])
    who = f" ({flat(facts['person'])})" if facts["person"] else ""
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//respondby//on call//EN", "CALSCALE:GREGORIAN")
    yield "METHOD:PUBLISH"
    # RFC 7986's names, and those that Apple and Outlook knew before it.
    for key in ("NAME", "X-WR-CALNAME"):
        yield f"{key}:{_text(f'{desk}: {title}{who}')}"
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    for name, rota in facts["rotas"].items():
        for shift in rota["shifts"]:
            if shift["on_call"] and shift["since"] and shift["until"]:
                yield from _event(desk, name, rota, shift)
    yield "END:VCALENDAR"


def _event(desk: str, name: str, rota: Facts, shift: Facts) -> Iterator[str]:
    begin, end = _instant(shift["since"]), _instant(shift["until"])
    about = [f"Answers as {', '.join(rota['roles'])}."] if rota["roles"] else []
    about += [f"{why[0].upper()}{why[1:]}."] if (why := reason(shift)) else []
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(NAMESPACE_URL, f'respondby:{desk}/{name}/{begin}')}"
    yield f"DTSTAMP:{begin}"
    yield f"DTSTART:{begin}"
    yield f"DTEND:{end}"
    who = names(shift["on_call"])
    yield f"SUMMARY:{_text(f'{who} on call: {flat(name)}')}"
    if about:
        yield f"DESCRIPTION:{_text(chr(10).join(about))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _instant(text: str) -> str:
    """`2026-11-23T08:30:00Z` as `20261123T083000Z`."""
    return text.replace("-", "").replace(":", "")


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets; each but the first begins with a blank."""
    piece, room = "", _OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = " ", _OCTETS - 1
        piece += character
        room -= size
    yield piece
