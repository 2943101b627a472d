#!/bin/sh
# icalevents 0.3.1 beside icalendar 7.3.2 and recurring-ical-events 3.8.2 — what one would guess: importing one library that
# reads calendars changes nothing of what another one answers. What it does: the import alone switches icalendar, for the whole
# process, from zoneinfo to pytz. Recurring shifts that recurring-ical-events expands then keep their length in hours where the
# clocks change, instead of their end by the clock on the wall: a week from Monday 09:00 ends at 10:00 in spring, and two people
# are on call for an hour; it ends at 08:00 in autumn, and nobody is. No error, no warning, and the order of imports decides.
# It matters to whoever asks a rota in a calendar file who is on call, in a program that others import into: call
# icalendar.use_zoneinfo() after all imports, or compare the end of a shift with the beginning of the next one.
# Needs Python 3.11 or newer. Exits with 1 when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check icalevents==0.3.1 icalendar==7.3.2 recurring-ical-events==3.8.2
cat >"$folder/rota.py" <<'PYTHON'
import importlib
import sys
from datetime import datetime, timedelta, timezone

import icalendar
import recurring_ical_events

for name in sys.argv[1:]:
    importlib.import_module(name)

PERSON = """BEGIN:VEVENT
UID:{0}
SUMMARY:{0}
DTSTART;TZID=Europe/Brussels:202601{1}T090000
DTEND;TZID=Europe/Brussels:202601{2}T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
END:VEVENT
"""
people = PERSON.format("Ann", "05", "12") + PERSON.format("Bob", "12", "19")
rota = icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//rota//EN\n{people}END:VCALENDAR\n")
# Half past nine in Brussels after the spring change, half past eight after the autumn change.
for month, day, hour in (3, 30, 7), (10, 26, 7):
    instant = datetime(2026, month, day, hour, 30, tzinfo=timezone.utc)
    shifts = recurring_ical_events.of(rota).between(instant - timedelta(days=1), instant + timedelta(days=1))
    on_call = [str(one["SUMMARY"]) for one in shifts if one["DTSTART"].dt <= instant < one["DTEND"].dt]
    print(f"{instant:%d %B, %H:%M} UTC: {' and '.join(sorted(on_call)) or 'nobody'}")
PYTHON
status=0
expect() { # WHAT FOUND EXPECTED
    printf '%s:\n%s\n' "$1" "$2"
    [ "$2" = "$3" ] || status=1
}
alone=$("$folder/env/bin/python" "$folder/rota.py")
beside=$("$folder/env/bin/python" "$folder/rota.py" icalevents.icalevents)
expect "without icalevents" "$alone" "30 March, 07:30 UTC: Ann
26 October, 07:30 UTC: Bob"
expect "with icalevents imported" "$beside" "30 March, 07:30 UTC: Ann and Bob
26 October, 07:30 UTC: nobody"
exit $status
