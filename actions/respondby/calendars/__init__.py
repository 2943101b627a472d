"""When: spans, business hours, targets, cadences and rotas. The lowest room: it knows no promise and no policy.

Instants are whole seconds since 1970-01-01T00:00Z (`Instant = int`). Import from the file that holds the thing, so
that a run only pays for what it uses (`holidays` is imported when a calendar that names a country is first asked):

    errors           TimeError(ValueError): the one error; hint(word, valid) -> "; did you mean “…”?"
    instants         Instant, FOREVER, UTC, zone(name), resolve(naive, zone), wall(instant, zone), iso(instant),
                     parse_time(text, zone | None), people_time(instant, zone), people_date(date),
                     people_clock(wall), pass_of(wall): which of an hour that autumn repeats
    zones            zone(name) from the locked database, IANA_VERSION; versions: time_data() in words
    spans            Spans(pairs): & | -, .seconds, in, .clip(a, b), .gaps(a, b), .pairs; Pair = (begin, end)
    dated            read_span(text), read_spans(list, what): SPANs as written; spans_of(dated, zone) -> Spans
    durations        parse_duration(text) -> Duration(seconds, business, business_days, in_days)
    cadences         Cadence.from_mapping({every, at?, from?, until?}, timezone): start(k), index(t), at_or_before(t),
                     after(t), between(a, b), to_mapping()
    hours            Calendar.from_mapping({timezone, hours, holidays, closed, open, sprints}), to_mapping(), is_open,
                     next_opening, next_closing, open_from, closed_by, add, subtract, between, spans
    weeks            read_week(hours), overlaps(week): what `check` refuses and arithmetic merges
    public_holidays  known_years(country, subdivision), holidays_of(…, year), holiday_name(…, date)
    targets          parse_within(text), parse_by(text) -> Within | EndOf | At | ByArgument | Handover;
                     parse_promise(str(…))
    dues             due(target, start, named, default, pauses), elapsed, running, share, offset, measured_on, later,
                     moved
    explaining       explain_due(…as due…) -> Explanation(target, start, unmoved, due, timezone, reasons, steps)
    rotas            Rota.from_mapping(mapping, away): on_call(t) -> Shift(people, since, until), next_shift(t),
                     previous_shift(t), shifts(a, b), handovers(a, b)
    overrides        read_away(people, timezone) -> {person: Spans}; read_overrides(entries, zone, what), read_people

Decisions where the language leaves room:

- `open: [DATE]` opens the whole date, from its midnight to the next; an opening of times belongs to the date it
  begins on.
- A start after midnight inside a night window counts its business days from the window's date (rule 0), so one
  business day after Tuesday 03:00 of Monday's night is Wednesday 03:00 of Tuesday's.
- A sprint may close exactly at its boundary (a calendar without closed hours); `end of sprint` before the first sprint
  is that of the first, `end of next sprint` then is an error.
- A cadence without `from` counts from Monday 1 January 1900; a rota's members take turns from there.
- An `until` is the instant at which something ends; a date there is its midnight, as for every T.
- A year whose holidays are unknown is an error, not a year without holidays.
- A member who is away for part of a turn is replaced for that part. Of a pair, the one who is there stays alone.
- Shifts are cut at every hand-over, and where an override that applies begins or ends, also when the same person stays.
"""
