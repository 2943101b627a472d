#!/bin/sh
# icalendar 7.3.2 — what one would guess: a time with a fixed offset (datetime.timezone, as isoformat's texts give it) is
# written so that the library itself reads the same instant back. What it does: it writes TZID="UTC+03:00" and no VTIMEZONE,
# and reads that as a time without a zone. No error, no warning; whoever compares it with an aware time gets a TypeError
# later, and whoever does not is three hours off.
# It matters to whoever writes shifts or windows into a calendar file: write UTC, or a named zone with its VTIMEZONE.
# Needs Python 3.11 or newer. Exits with 1 when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check icalendar==7.3.2
"$folder/env/bin/python" - <<'PYTHON'
import sys
from datetime import datetime, timedelta, timezone

import icalendar

written = datetime(2026, 11, 30, 10, 0, tzinfo=timezone(timedelta(hours=3)))
event = icalendar.Event()
event.add("dtstart", written)
calendar = icalendar.Calendar()
calendar.add_component(event)
text = calendar.to_ical().decode()
read = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]["DTSTART"].dt
line = next(line for line in text.splitlines() if line.startswith("DTSTART"))
print(f"icalendar {icalendar.__version__}: {written.isoformat()} is written as {line} and read back as {read.isoformat()}")
changed = read.tzinfo is not None or 'TZID="UTC+03:00"' not in line or "VTIMEZONE" in text
sys.exit("this has changed" if changed else 0)
PYTHON
