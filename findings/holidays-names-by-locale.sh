#!/bin/sh
# holidays 0.109 — what one would guess: the names of a country's holidays are in its own language unless another one is
# asked for, and a language that the library lacks is an error. What it does: without a language, and with one that it does not
# have, the names follow LANG of the process. The same program names Christmas in three languages on three machines.
# It matters to whoever compares names, writes them down, or lets people leave a day out by its name.
# Needs Python 3.11 or newer. Exits with 1 when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
names='
import datetime, holidays, sys
language = sys.argv[1] or None
print(holidays.country_holidays("BE", years=2026, language=language)[datetime.date(2026, 12, 25)])
'
ask() { # LANG LANGUAGE-ASKED
    env -u LC_ALL -u LC_MESSAGES -u LANGUAGE LANG="$1" "$folder/env/bin/python" -c "$names" "$2"
}
status=0
expect() { # LANG LANGUAGE-ASKED NAME
    found=$(ask "$1" "$2")
    echo "holidays 0.109, Belgium, LANG=$1, language ${2:-not given}: 25 December is $found"
    [ "$found" = "$3" ] || status=1
}
expect C '' Kerstmis
expect de_DE.UTF-8 '' Weihnachten
expect fr_BE.UTF-8 '' Noël
expect de_DE.UTF-8 xx Weihnachten
expect de_DE.UTF-8 nl Kerstmis
[ "$status" -eq 0 ] || echo "this has changed"
exit "$status"
