"""Every figure of a month's report once more, from raw timelines alone: a plain script that knows nothing of the desk.

    python tests/months/recompute.py RAW.json 2026-10

RAW.json is what `tests/months/raw.py` writes: the policy's text and every issue with its timeline as REST tells it.
It imports nothing of respondby, reads the policy as YAML, and counts in the most simple way: seconds and lists. It
knows as much of the language as the five processes need, and stops at anything else.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import zlib
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import yaml

FOREVER = 10**12
BOT = "github-actions[bot]"
TARGET_LENGTH = re.compile(r"(\d+)\s*(business )?(s|m|h|hours?|days?)")


def instant(text):
    return int(datetime.fromisoformat(text).timestamp())


def iso(at):
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day, zone):
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


# -- business time ---------------------------------------------------------------------------------------------------


class Hours:
    """A calendar: open windows day by day."""

    def __init__(self, given):
        self.zone = ZoneInfo(given["timezone"])
        self.week = {}
        names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        for days, windows in given["hours"].items():
            first, _, last = days.partition("-")
            for day in range(names.index(first), names.index(last or first) + 1):
                self.week[day] = [window.split("-") for window in windows]
        self.closed = []
        for span in given.get("closed", []):
            text = span.isoformat() if isinstance(span, date) else span
            begin, _, end = text.partition("/")
            if "T" in begin:
                self.closed.append(tuple(self.local(datetime.fromisoformat(part)) for part in (begin, end)))
            else:
                last = date.fromisoformat(end or begin) + timedelta(days=1)
                self.closed.append((midnight(date.fromisoformat(begin), self.zone), midnight(last, self.zone)))
        country = (given.get("holidays") or {}).get("country")
        self.holidays = holidays.country_holidays(country) if country else {}

    def local(self, naive):
        return int(naive.replace(tzinfo=self.zone).timestamp())

    def windows(self, day):
        """The open windows of a date, as instants."""
        if day in self.holidays:
            return []
        found = []
        for begin, end in self.week.get(day.weekday(), []):
            spans = [tuple(self.local(datetime.combine(day, time.fromisoformat(t))) for t in (begin, end))]
            for off in self.closed:
                cut = []
                for one in spans:
                    cut += [(one[0], min(one[1], off[0])), (max(one[0], off[1]), one[1])]
                spans = [one for one in cut if one[0] < one[1]]
            found += spans
        return found

    def day(self, at):
        return datetime.fromtimestamp(at, self.zone).date()

    def between(self, begin, end):
        total, day = 0, self.day(begin)
        while begin < end and day <= self.day(end):
            total += sum(max(0, min(stop, end) - max(start, begin)) for start, stop in self.windows(day))
            day += timedelta(days=1)
        return total

    def add(self, at, seconds):
        day = self.day(at)
        if seconds == 0:
            return at
        while True:
            for start, stop in self.windows(day):
                free = stop - max(start, at)
                if free > 0:
                    if seconds <= free:
                        return max(start, at) + seconds
                    seconds -= free
            day += timedelta(days=1)

    def next_open_day(self, day):
        day += timedelta(days=1)
        while not self.windows(day):
            day += timedelta(days=1)
        return day

    def days_later(self, at, count):
        """The same local time so many open days later, clamped into that day's open time (rule 2)."""
        day = self.day(at)
        todays = self.windows(day)
        if not todays or at >= todays[-1][1]:
            day = self.next_open_day(day)
            at = self.windows(day)[0][0]
        elif not any(start <= at < stop for start, stop in todays):
            at = min(start for start, _ in todays if start > at)
        time = datetime.fromtimestamp(at, self.zone).time()
        for _ in range(count):
            day = self.next_open_day(day)
        wanted = self.local(datetime.combine(day, time))
        inside = self.windows(day)
        if wanted <= inside[0][0]:
            before = day - timedelta(days=1)
            while not self.windows(before):
                before -= timedelta(days=1)
            return self.windows(before)[-1][1]
        return max(min(wanted, stop) for start, stop in inside if start < wanted)


# -- a case ----------------------------------------------------------------------------------------------------------


class Desk:
    def __init__(self, raw):
        self.policy = yaml.load(raw["policy"], Loader=yaml.BaseLoader)
        self.now = instant(raw["now"])
        policy = self.policy
        self.calendars = {name: Hours(given) for name, given in policy.get("calendars", {}).items()}
        self.default = policy.get("calendar")
        self.zone = policy.get("timezone") or (policy["calendars"][self.default]["timezone"] if self.default else "UTC")
        self.fields = policy.get("fields", {})
        self.clocks = policy.get("clocks", {})

    def holds_role(self, role, login, seen=()):
        """Whether somebody can hold a role (rule 13)."""
        if isinstance(role, list):
            return any(self.holds_role(one, login, seen) for one in role)
        if isinstance(role, dict):
            if "people" in role:
                return login in ([role["people"]] if isinstance(role["people"], str) else role["people"])
            if "rota" in role:
                rota = self.policy["rotas"][role["rota"]]
                members = rota.get("members")
                return login in (members if members is not None else self.policy["people"])
            if "association" in role:
                return login in self.policy["people"] or login in ("tom", "tina")
            return self.holds_role(role["role"], login, seen)
        if role == "anyone" or role == login:
            return True
        if role in ("author", "assignee", "speaker") or role in seen:
            return False
        known = self.policy["roles"].get(role)
        return known is not None and self.holds_role(known, login, (*seen, role))

    def stage(self, product, at):
        """The last stage whose beginning has come."""
        current = None
        for name, stage in self.policy.get("stages", {}).items():
            if "from" not in stage:
                current = name
                continue
            begins = self.begins(product, stage["from"])
            if begins is not None and begins <= at:
                current = name
        return current

    def begins(self, product, rule):
        name, _, more = rule.partition("+")
        dated = self.policy.get("products", {}).get(product, {}).get(name.strip())
        if dated is None:
            return None
        at = midnight(date.fromisoformat(dated), ZoneInfo(self.zone))
        found = re.fullmatch(r"\s*(\d+) days?\s*", more) if more else None
        return at + (int(found[1]) * 86_400 if found else 0)

    def when(self, when, fields, at):
        for key, wanted in (when or {}).items():
            wanted = wanted if isinstance(wanted, list) else [wanted]
            if key in ("during", "outside"):
                calendar = self.calendars[wanted[0]]
                inside = any(start <= at < stop for start, stop in calendar.windows(calendar.day(at)))
                if inside != (key == "during"):
                    return False
                continue
            value = self.stage(fields.get("product"), at) if key == "stage" else fields.get(key)
            if not (
                value in wanted or ("any" in wanted and value is not None) or ("unset" in wanted and value is None)
            ):
                return False
        return True

    def promise(self, target, fields, args, started):
        """The first promise that applies: `(kind, what, calendar)`; None where nothing is promised."""
        choices = target if isinstance(target, list) else [target]
        for choice in choices:
            if isinstance(choice, str):
                return self.parsed(choice)
            when = choice.get("when")
            if "within" not in choice and "by" not in choice:
                ((name, values),) = choice.items()
                if fields.get(name) in values:
                    return self.promise(values[fields[name]], fields, args, started)
                continue
            if when is not None and not self.when(when, fields, started):
                continue
            if "within" in choice:
                return self.parsed(choice["within"])
            by = choice["by"]
            if by.startswith("/"):
                if tuple(by.split(".")) in args:
                    return ("argument", by, None)
                continue
            return ("by", by, self.default)
        return None

    def parsed(self, text):
        if text == "none":
            return None
        found = TARGET_LENGTH.fullmatch(text)
        assert found, f"unknown target {text}"
        size = {"s": 1, "m": 60, "h": 3600, "hour": 3600, "hours": 3600, "day": 86_400, "days": 86_400}[found[3]]
        if found[2] and found[3].startswith("day"):
            return ("days", int(found[1]), self.default)
        return ("within", int(found[1]) * size, self.default if found[2] else None)

    def due(self, promise, at, args):
        kind, what, calendar = promise
        if kind == "argument":
            return args[tuple(what.split("."))]
        if kind == "within":
            return at + what if calendar is None else self.calendars[calendar].add(at, what)
        hours = self.calendars[calendar]
        if kind == "days":
            return hours.days_later(at, what)
        if what == "end of next business day":
            return hours.windows(hours.next_open_day(hours.day(at)))[-1][1]
        if what == "end of business day":
            day = hours.day(at)
            while not (hours.windows(day) and hours.windows(day)[-1][1] > at):
                day += timedelta(days=1)
            return hours.windows(day)[-1][1]
        raise AssertionError(f"unknown target {what}")


class Run:
    def __init__(self, clock, started, promise, due, binding):
        self.clock, self.started, self.promise, self.binding = clock, started, promise, binding
        self.due, self.ended, self.state = due, None, "running"
        self.pauses = []
        self.counts = False


class Case:
    """One issue played through: fields, open spans, runs."""

    def __init__(self, desk, issue):
        self.desk, self.issue = desk, issue
        self.number, self.author = issue["number"], issue["user"]["login"]
        self.opened = instant(issue["created_at"])
        self.fields, self.runs, self.live = {}, [], {}
        self.field_log, self.spans, self.said = [], [[self.opened, None]], []
        self.args, self.armed, self.waiting = {}, {}, None
        self.first_answer, self.milestones, self.alarm = None, {}, None
        self.excuses, self.told, self.reached, self.named = [], [], {}, {}
        self.duty = None
        self.records = self.ledger()
        mark = re.search(r"<!-- respondby:\S+ (\{.*\}) -->\s*$", issue["body"] or "")
        self.mark = json.loads(mark[1]) if mark and self.author == BOT else None

    def ledger(self):
        """The records that stand in our comments."""
        found = {}
        for event in self.issue["timeline"]:
            if event["event"] == "commented" and event["user"]["login"] == BOT:
                mark = re.search(r"<!-- respondby:\S+ (\{.*\}) -->\s*$", event["body"])
                if mark is None:
                    continue
                said = json.loads(mark[1])
                packed = said.get("z")
                ledger = json.loads(zlib.decompress(base64.b64decode(packed))) if packed else said.get("ledger")
                for record in (ledger or {}).get("records", []):
                    merged = found.setdefault(record["key"], dict(record, results=[]))
                    merged["results"] = merged["results"] + [
                        r for r in record.get("results", []) if r not in merged["results"]
                    ]
        return found

    def play(self):
        """Everything in order; between happenings, what time alone does."""
        moments = list(self.moments())
        for at, kind, who, text in moments:
            self.alone(at)
            self.happen(at, kind, who, text)
        self.alone(self.desk.now)
        return self

    def moments(self):
        """`(at, kind, who, text)` in order; the desk's own acts are none, but its first comment is its card."""
        card = False
        yield self.opened, "opened", self.author, self.issue["body"] or ""
        for event in self.issue["timeline"]:
            who = (event.get("user") or event.get("actor") or {}).get("login")
            at = instant(event["created_at"])
            if event["event"] == "commented" and who == BOT:
                if not card and "<!-- respondby:" in event["body"]:
                    card = True
                    yield at, "card", who, ""
            elif event["event"] == "commented":
                yield at, "comment", who, event["body"]
            elif who != BOT and event["event"] in ("closed", "reopened", "assigned"):
                yield at, event["event"], who, (event.get("assignee") or {}).get("login", "")

    def happen(self, at, kind, who, text):
        before = dict(self.fields)
        moments = []
        if kind == "opened":
            self.reach(at, "started")
            self.reach(at, "detected")
            self.ask(text, at)
            moments.append(("opened", who))
            moments += [(f"{name} set", who) for name in self.fields] + [
                (f"{name} = {value}", who) for name, value in self.fields.items()
            ]
            before = {}
        elif kind == "comment":
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            commands = [line for line in lines if self.command(line) is not None]
            if len(commands) < len(lines) or any(line.startswith("@") for line in commands):
                self.comment(at, who, moments)
            for line in commands:
                self.obey(at, who, line, moments)
        elif kind == "closed":
            self.close(at)
            self.reach(at, "resolved")
        elif kind == "reopened":
            self.reopen(at)
        else:
            moments.append((kind, who))
            if kind == "assigned":
                self.reach(at, "acknowledged")
        self.changed(at, before, who, moments, opened=kind == "opened")

    def comment(self, at, who, moments):
        moments.append(("comment", who))
        if self.desk.holds_role("staff", who) and who != self.author:
            self.reach(at, "acknowledged")
            if self.first_answer is None:
                self.first_answer = at
        if who == self.author and self.waiting is not None:
            moments.append(("resumed", who))
            self.resume(at)

    def command(self, line):
        word = line.split()[0]
        if word in self.desk.policy["commands"]:
            return word
        return (
            word
            if word[1:] in self.desk.fields and word.startswith("/")
            else next((name for name in self.desk.policy["commands"] if name.startswith("@") and name in line), None)
        )

    def obey(self, at, who, line, moments):
        word = self.command(line)
        rest = line.partition(" ")[2]
        rule = self.desk.policy["commands"].get(word)
        if rule is None:
            field = self.desk.fields[word[1:]]
            if self.desk.holds_role(field.get("set-by", "staff"), who) and rest in self.values(word[1:]):
                self.set(at, word[1:], rest)
                moments.append((word, who))
            return
        by = rule["by"] if isinstance(rule["by"], list) else [rule["by"]]
        if not any(self.desk.holds_role(one, who) or (one == "author" and who == self.author) for one in by):
            return
        if rule.get("only") and not self.desk.when(rule["only"], self.fields, at):
            return
        if word == "/close":
            alarm = re.match(r"false-alarm:\s*(.*)", rest)
            if alarm:
                self.alarm = alarm[1]
            elif self.lacks(at):
                return
            if "close" in [name for name, _ in moments]:
                return
            self.said.append((at, word))
            moments.append((word, who))
            self.close(at)
            if not alarm:
                self.reach(at, "resolved")
            return
        named, words = self.time_in(word, rest, at)
        self.told.append((word, words))
        if word == "/excuse":
            clock, _, reason = rest.partition(" ")
            about = clock.rstrip(":") if clock.rstrip(":") in self.desk.clocks and reason else ""
            self.excuses.append((at, who, about, reason if about else rest))
        reached = {"/ack": "acknowledged", "/mitigated": "mitigated", "/resolved": "resolved"}.get(word)
        if reached is not None:
            self.reach(at, reached, named)
        self.said.append((at, word))
        moments.append((word, who))
        for name, value in (rule.get("set") or {}).items():
            self.set(at, name, value)
        for name, value in (rule.get("raise") or {}).items():
            order = list(self.values(name))
            if self.fields.get(name) is None or order.index(value) < order.index(self.fields[name]):
                self.set(at, name, value)
        if word == "/wait" and self.waiting is None:
            self.waiting = at
            moments.append(("waiting", who))
            for run in self.live.values():
                self.pause(run, at)
        if word == "/resume" and self.waiting is not None:
            moments.append(("resumed", who))
            self.resume(at)
        if word == "/assign":
            moments.append(("assigned", who))
        name = {"/resolved": "resolved", "/mitigated": "mitigated"}.get(word)
        incidents = self.desk.policy.get("incidents")
        if name is not None and incidents is not None and (name not in self.milestones or named is not None):
            self.milestones[name] = at if named is None else named
            if self.desk.when(incidents["when"], self.fields, at):
                moments.append((name, who))

    def reach(self, at, name, named=None):
        """A milestone's own moment, or a time that somebody named for it: the earliest moment, else the last name."""
        if named is not None and named < at:
            self.named.setdefault(name, []).append((at, named))
        else:
            self.reached.setdefault(name, at)

    def milestone_times(self):
        """Each milestone that was reached: when, and whether somebody named another time than the one that stood."""
        found = {}
        for name in ("started", "detected", "acknowledged", "mitigated", "resolved"):
            own, named = self.reached.get(name), self.named.get(name, [])
            times = [time for _, time in named]
            if own is not None and not (named and named[0][0] <= own):
                times = [own, *times]
            if times:
                found[name] = (times[-1], len(set(times)) > 1)
        return found

    def time_in(self, word, rest, at):
        """The time that a milestone's command begins with, and what is said beside it."""
        found = re.match(r"(\d{1,2}):(\d\d)(?!\S)", rest)
        if found is None or word not in ("/mitigated", "/resolved", "/started"):
            return None, rest
        zone = ZoneInfo(self.desk.zone)
        local = datetime.fromtimestamp(at, zone).replace(hour=int(found[1]), minute=int(found[2]), second=0)
        named = int(local.timestamp())
        if named > at:
            named = int((local - timedelta(days=1)).timestamp())
        return named, rest[found.end() :].strip()

    def lacks(self, at):
        incidents = self.desk.policy.get("incidents")
        if incidents is None or not self.desk.when(incidents["when"], self.fields, at):
            return []
        said = {word for _, word in self.said}
        return [need for need in incidents.get("close-needs", []) if not (need in said or need in self.fields)]

    def values(self, name):
        if name == "type":
            return [form for form, given in self.desk.policy["forms"].items() if "name" in given]
        if name == "product":
            return list(self.desk.policy["products"])
        return list(self.desk.fields[name]["values"])

    def title(self, name, value):
        if name == "type":
            return self.desk.policy["forms"][value]["name"]
        if name == "product":
            return self.desk.policy["products"][value].get("name", value)
        given = self.desk.fields[name]["values"][value]
        return given if isinstance(given, str) else given["name"]

    def ask(self, body, at):
        """The fields that the form's answers set, the type by its label, and defaults."""
        answers = dict(re.findall(r"^### (.+)\n\n(.+)$", body, re.MULTILINE))
        for name, field in self.desk.fields.items():
            if name == "type":
                labels = [label["name"] for label in self.issue["labels"]]
                told = next((label for label in labels if label.startswith(field["label"])), None)
                if told is not None:
                    self.set(at, name, told.removeprefix(field["label"]))
            elif field.get("name", name.capitalize()) in answers:
                said = answers[field.get("name", name.capitalize())]
                value = next((value for value in self.values(name) if self.title(name, value) == said), None)
                if value is not None:
                    self.set(at, name, value)
        for name, field in self.desk.fields.items():
            if "default" in field and name not in self.fields and self.mark is None:
                self.set(at, name, field["default"])

    def set(self, at, name, value):
        if self.fields.get(name) != value:
            self.fields[name] = value
            self.field_log.append((at, name, value))

    # -- clocks ----------------------------------------------------------------------------------------------------

    def changed(self, at, before, who, moments, *, opened=False):
        """What changed is judged: conditions, then stops, then starts, then dues that moved (rule 8)."""
        changed = {name for name in self.fields if self.fields[name] != before.get(name)}
        if not opened:
            for name in changed:
                moments += [(f"{name} set", who), (f"{name} = {self.fields[name]}", who)]
        for clock in self.desk.clocks:
            self.judge(clock, at)
        for run in list(self.live.values()):
            self.reconsider(run, at, moments)
        derived = list(moments)
        started = set()
        while derived:
            moment = derived.pop(0)
            for clock, run in list(self.live.items()):
                if clock not in started and self.matches(self.desk.clocks[clock].get("stop"), moment):
                    self.end(run, at, "met" if run.due is None or at <= run.due else "late")
                    derived.append((f"{clock} stops", moment[1]))
            for clock in self.desk.clocks:
                begins = clock not in self.live and self.matches(self.desk.clocks[clock]["start"], moment)
                if begins and self.start(clock, at):
                    started.add(clock)

    def matches(self, patterns, moment):
        name, who = moment
        for pattern in patterns if isinstance(patterns, list) else [patterns]:
            what, _, role = pattern.partition(" by ")
            if what != name:
                continue
            if not role:
                return True
            if role == "author":
                if who == self.author:
                    return True
            elif who != self.author and who is not None and self.desk.holds_role(role, who):
                return True
        return False

    def start(self, clock, at):
        rule = self.desk.clocks[clock]
        if self.spans[-1][1] is not None and rule.get("survives") != "close":
            return False
        stage = self.desk.stage(self.fields.get("product"), at)
        promises = self.desk.policy["stages"][stage].get("promises", "binding") if stage else "binding"
        if promises == "none" and "stage" not in (rule.get("when") or {}):
            return False
        if not self.desk.when(rule.get("when"), self.fields, at):
            self.armed[clock] = True
            return False
        promise = self.desk.promise(rule["target"], self.fields, self.args, at)
        due = None if promise is None else self.desk.due(promise, at, self.args)
        run = Run(clock, at, promise, due, promises == "binding")
        self.runs.append(run)
        self.live[clock] = run
        if self.waiting is not None:
            self.pause(run, at)
        return True

    def judge(self, clock, at):
        holds = self.desk.when(self.desk.clocks[clock].get("when"), self.fields, at)
        if clock in self.live and not holds:
            run = self.live[clock]
            self.end(run, at, "breached" if run.state == "breached" else "cancelled")
            self.armed[clock] = True
        elif clock not in self.live and holds and self.armed.pop(clock, None):
            self.start(clock, at)

    def reconsider(self, run, at, moments):
        """Raised, lowered, agreed (rule 11)."""
        promise = self.desk.promise(self.desk.clocks[run.clock]["target"], self.fields, self.args, run.started)
        if promise == run.promise or run.started == at:
            return
        old, anew = (
            run.due,
            None if promise is None else self.moved(run, promise, self.desk.due(promise, run.started, self.args)),
        )
        if promise is not None and old is not None and anew is not None and anew < old:
            anew = min(old, self.desk.due(promise, at, self.args))
        run.promise, run.due = promise, anew
        run.state = "breached" if anew is not None and anew < at and run.state == "breached" else "running"

    def moved(self, run, promise, due):
        for start, end in run.pauses:
            if start >= due or end is None:
                continue
            calendar = promise[2] and self.desk.calendars[promise[2]]
            due = due + end - start if not calendar else calendar.add(due, calendar.between(start, end))
        return due

    def pause(self, run, at):
        if self.desk.clocks[run.clock].get("pause") == "waiting":
            run.pauses.append([at, None])
            run.counts = run.due is None or at < run.due

    def resume(self, at):
        self.waiting = None
        for run in self.live.values():
            if run.pauses and run.pauses[-1][1] is None:
                run.pauses[-1][1] = at
                if run.counts and run.due is not None:
                    calendar = run.promise[2] and self.desk.calendars[run.promise[2]]
                    start = run.pauses[-1][0]
                    run.due = (
                        run.due + at - start if not calendar else calendar.add(run.due, calendar.between(start, at))
                    )
                run.counts = False

    def end(self, run, at, state):
        run.state, run.ended = state, at
        self.live.pop(run.clock, None)

    def alone(self, until):
        """What time does by itself before an instant: dues are reached, stages begin."""
        while True:
            dues = [
                (run.due, clock)
                for clock, run in self.live.items()
                if run.due and run.state == "running" and not run.counts
            ]
            stages = [
                (begins, None)
                for stage in self.desk.policy.get("stages", {}).values()
                if "from" in stage
                and (begins := self.desk.begins(self.fields.get("product"), stage["from"])) is not None
                and self.last < begins
            ]  # fmt: skip
            coming = [one for one in (*dues, *stages) if one[0] < until or (one[0] <= until and until == self.desk.now)]
            if not coming:
                self.last = until
                return
            at, clock = min(coming, key=lambda one: one[0])
            self.last = at
            if clock is None:
                self.changed(at, dict(self.fields), None, [])
            else:
                self.live[clock].state = "breached"
                self.changed(at, dict(self.fields), None, [(f"{clock} due", None)])

    last = 0

    def close(self, at):
        if self.spans[-1][1] is not None:
            return
        self.spans[-1][1] = at
        self.armed.clear()
        for clock, run in list(self.live.items()):
            if self.desk.clocks[clock].get("survives") != "close":
                self.end(run, at, "breached" if run.state == "breached" else "cancelled")

    def reopen(self, at):
        if self.spans[-1][1] is not None:
            self.spans.append([at, None])
            if self.waiting is not None:
                self.resume(at)
            for name in ("mitigated", "resolved"):
                for known in (self.milestones, self.reached, self.named):
                    known.pop(name, None)

    def elapsed(self, run, until):
        end = until if run.ended is None else run.ended
        calendar = run.promise[2] if run.promise else None
        if run.promise and run.promise[0] == "argument":
            calendar = self.desk.default
        count = (lambda a, b: b - a) if calendar is None else self.desk.calendars[calendar].between
        return count(run.started, end) - sum(count(a, end if b is None else b) for a, b in run.pauses)


# -- figures ---------------------------------------------------------------------------------------------------------


def month_of(name, zone):
    first = date(int(name[:4]), int(name[5:]), 1)
    after = (first.replace(day=28) + timedelta(days=7)).replace(day=1)
    return midnight(first, ZoneInfo(zone)), midnight(after, ZoneInfo(zone))


def quantiles(lengths):
    """`lengths` are `(seconds, open)`; a figure is a least where something open lies at it or below."""
    if not lengths:
        return {"n": 0, "open": 0, "median": None, "p90": None, "worst": None}
    ordered = sorted(lengths)
    n, half = len(ordered), len(ordered) // 2
    middle = ordered[half][0] if n % 2 else (ordered[half - 1][0] + ordered[half][0]) // 2
    ninetieth = ordered[-(-n * 9 // 10) - 1][0]
    first_open = min((seconds for seconds, is_open in ordered if is_open), default=FOREVER)

    def least(seconds, highest):
        return {"seconds": seconds, "least": first_open <= highest}

    return {
        "n": n, "open": sum(is_open for _, is_open in ordered), "median": least(middle, ordered[half][0]),
        "p90": least(ninetieth, ninetieth), "worst": least(ordered[-1][0], ordered[-1][0]),
    }  # fmt: skip


def incident_times(case):
    """When it was an incident, and its spans."""
    incidents = case.desk.policy.get("incidents")
    if incidents is None or case.mark is not None:
        return None
    fields, since = {}, None
    for at, name, value in case.field_log:
        fields[name] = value
        last = [one for one in case.field_log if one[0] == at][-1]
        if (at, name, value) == last and since is None and case.desk.when(incidents["when"], fields, at):
            since = at
    if since is None:
        return None
    spans = []
    for index, (begin, end) in enumerate(case.spans):
        over = [case.milestones[name] for name in ("mitigated", "resolved") if name in case.milestones]
        over = [at for at in over if at >= begin]
        stop = over[0] if over and index == len(case.spans) - 1 else end
        spans.append((begin, stop))
    return since, spans


def figures(raw, name, product=None, customer=None, *, earlier=True):
    """Everything that the report of the month says, of one product or customer or of all."""
    desk = Desk(raw)
    cases = [Case(desk, issue) for issue in raw["issues"]]
    cases = [case for case in cases if case.mark is None or case.mark["issue"] != "log"]
    asked = [case.play() for case in cases if case.mark is None]
    since = min(case.opened for case in cases)
    if product is not None:
        asked = [case for case in asked if case.fields.get("product") == product]
        cases = [case for case in cases if about(case) == product]
    if customer is not None:
        members = desk.policy["customers"][customer]["members"]
        members = [members] if isinstance(members, str) else members
        asked = [case for case in asked if case.author in members]
        cases = [case for case in cases if case.author in members]
    own = desk.policy.get("products", {}).get(product, {}).get("timezone", desk.zone)
    start, whole = month_of(name, own)
    end = max(start, min(whole, desk.now))
    last = (date(int(name[:4]), int(name[5:]), 1) - timedelta(days=1)).strftime("%Y-%m")
    known = since < month_of(last, own)[1]
    found = {
        "attainment": attainment(desk, asked, start, end, whole),
        "duties": duties(desk, cases, start, end, whole),
        "first_answers": first_answers(asked, start, end),
        "calls": calls(desk, cases, start, end),
        "flow": flow(asked, start, end),
        "backlog": backlog(asked, max(start, end - 1)),
        "incidents": incidents(asked, start, end),
        "excused": excused(asked, start, whole),
        "uptime": [] if customer is not None else uptime(desk, cases, asked, name, since, product),
        "lateness": lateness(desk, cases, start, end),
    }
    if earlier:
        found["before"] = before(figures(raw, last, product, customer, earlier=False)) if known else None
    return found


def about(case):
    """The product of a case, or of the duty whose issue it is."""
    return case.fields.get("product") if case.mark is None else case.mark["facts"].get("product")


def before(found):
    """What the next month's report says of this one."""
    binding = [row for row in found["attainment"] if row["binding"]]
    met, whole = (sum(row["kept"][name] for row in binding) for name in ("part", "whole"))
    median = found["first_answers"]["median"]
    return {
        "uptime": [(row["product"], row["share"]) for row in found["uptime"]],
        "kept": share_of(met, whole),
        "incidents": sum(row["false_alarm"] is None for row in found["incidents"].values()),
        "pages": sum(row["day"] + row["night"] for row in found["calls"]),
        "nights": sum(row["night"] for row in found["calls"]),
        "opened": len(found["flow"]["opened"]), "closed": len(found["flow"]["closed"]),
        "open": found["flow"]["open_after"], "median_answer": median,
    }  # fmt: skip


def share_of(part, whole):
    tenths = 1000 * part // whole if whole else None
    return {"part": part, "whole": whole, "percent": f"{tenths // 10}.{tenths % 10}" if whole else None}


def judged(case, run, start, whole):
    """What came of a run that was due in the month, and the excuse for it; None of one that is not counted."""
    if run.promise is None or run.due is None or run.counts or not start <= run.due < whole:
        return None
    if run.state == "cancelled":
        return None
    outcome = {"met": "met", "late": "late", "running": "not_due"}.get(run.state)
    outcome = outcome or ("open" if run.ended is None else "given_up")
    if outcome in ("late", "open", "given_up"):
        said = [one for one in case.excuses if one[2] in ("", run.clock) and one[0] >= run.due]
        if said:
            return "excused", said[-1]
    return outcome, None


def excused(asked, start, whole):
    return sorted(
        (case.number, run.clock, iso(run.started), found[1][3], found[1][1], iso(found[1][0]))
        for case in asked
        for run in case.runs
        if run.binding and (found := judged(case, run, start, whole)) is not None and found[0] == "excused"
    )


def attainment(desk, asked, start, end, whole):
    rows = {}
    for case in asked:
        for run in case.runs:
            came = judged(case, run, start, whole)
            if came is None:
                continue
            outcome = came[0]
            by, group = group_of(desk, case, run)
            rows.setdefault((run.clock, by, group, run.binding), []).append((case, run, outcome))
    found = []
    for (clock, by, group, binding), runs in rows.items():
        kinds = ("met", "late", "open", "given_up", "excused", "not_due")
        counts = {kind: sum(one[2] == kind for one in runs) for kind in kinds}
        missed = counts["late"] + counts["open"] + counts["given_up"]
        lengths = [
            (case.elapsed(run, end), outcome in ("open", "given_up") or run.ended is None)
            for case, run, outcome in runs
            if outcome != "not_due"
        ]
        found.append(
            {
                "clock": clock, "by": by, "group": group, "binding": binding, "counts": counts,
                "kept": share_of(counts["met"], counts["met"] + missed),
                "with_excused": share_of(counts["met"], counts["met"] + missed + counts["excused"]),
                "lengths": quantiles(lengths),
                "runs": sorted(
                    (case.number, iso(run.started), iso(run.due), iso(run.ended), outcome)
                    for case, run, outcome in runs
                ),
            }
        )  # fmt: skip
    return sorted(found, key=lambda row: (row["clock"], row["by"] or "", row["group"] or "", row["binding"]))


def duties(desk, cases, start, end, whole):
    """Each duty's issues that were due in the month: done in time, late, or open."""
    rows = {}
    for case in cases:
        if case.mark is None:
            continue
        facts = case.mark["facts"]
        duty = desk.policy["duties"][facts["duty"]]
        target, opens = duty.get("target"), int(facts["opens"])
        if target is None:
            continue
        if isinstance(target, dict):
            due = (
                int(facts["last"])
                if target["by"] == "handover"
                else desk.due(("by", target["by"], desk.default), opens, {})
            )
            calendar = desk.default if target["by"] != "handover" else None
        else:
            promise = desk.parsed(target)
            due, calendar = desk.due(promise, opens, {}), promise[2]
        if not start <= due < whole:
            continue
        stops = duty.get("stop", "closed") == "closed"
        closed = [instant(event["created_at"]) for event in case.issue["timeline"] if event["event"] == "closed"]
        done = closed[0] if closed else None
        if done is not None and done < due and not stops:
            continue  # given up before it was due
        count = (lambda a, b: b - a) if calendar is None else desk.calendars[calendar].between
        outcome = "not_due" if done is None and due > desk.now else "open"
        if done is not None:
            outcome = ("met" if done <= due else "late") if stops else "given_up"
        length = count(opens, end if done is None else done)
        rows.setdefault(facts["duty"], []).append((case.number, iso(opens), iso(due), iso(done), outcome, length))
    return {
        name: {
            "runs": sorted(row[:5] for row in found),
            "lengths": quantiles([(row[5], row[4] in ("open", "given_up")) for row in found if row[4] != "not_due"]),
        }
        for name, found in rows.items()
    }


def group_of(desk, case, run):
    """The field that the target asks for first, and its value when the promise was kept or ran out."""
    clock = desk.clocks[run.clock]
    choices = clock["target"] if isinstance(clock["target"], list) else [clock["target"]]
    keys = set()
    for choice in choices:
        if isinstance(choice, dict):
            keys |= set(choice.get("when") or {}) if "within" in choice or "by" in choice else set(choice)
    by = next((name for name in desk.fields if name in keys and name not in ("type", "product")), None)
    if by is None:
        keys = set(clock.get("when") or {})
        by = next((name for name in desk.fields if name in keys and name not in ("type", "product")), None)
    if by is None:
        return None, None
    at = min(one for one in (run.ended, run.due, desk.now) if one is not None)
    value = None
    for when, name, said in case.field_log:
        if name == by and when <= at:
            value = said
    return by, value


def first_answers(asked, start, end):
    found = []
    for case in asked:
        if start <= case.opened < end:
            waits = case.first_answer is None or case.first_answer >= end
            found.append(((end if waits else case.first_answer) - case.opened, waits))
    return quantiles(found)


def calls(desk, cases, start, end):
    found = {}
    for case in cases:
        for record in case.records.values():
            for person in {r[1] for r in record["results"] if r[0] == "page" and (len(r) < 4 or r[3] == "")}:
                if start <= record["done"] < end:
                    found.setdefault(person, []).append(record["done"])
    rows = []
    for person, times in found.items():
        zone = ZoneInfo((desk.policy["people"].get(person) or {}).get("timezone", desk.zone))
        nights = []
        for at in times:
            local = datetime.fromtimestamp(at, zone)
            if local.hour >= 22 or local.hour < 7:
                nights.append((local - timedelta(hours=7)).date())
        rows.append(
            {"person": person, "day": len(times) - len(nights), "night": len(nights), "nights": len(set(nights))}
        )
    return sorted(rows, key=lambda row: row["person"])


def flow(asked, start, end):
    return {
        "opened": sorted(case.number for case in asked if start <= case.opened < end),
        "closed": sorted({case.number for case in asked for _, stop in case.spans if stop and start <= stop < end}),
        "reopened": sorted({case.number for case in asked for begin, _ in case.spans[1:] if start <= begin < end}),
        "open_before": sum(was_open(case, start - 1) for case in asked),
        "open_after": sum(was_open(case, end - 1) for case in asked),
    }


def was_open(case, at):
    return any(begin <= at and (stop is None or at < stop) for begin, stop in case.spans)


def backlog(asked, at):
    found = {0: [], 1: [], 7: [], 30: [], 90: []}
    for case in asked:
        if was_open(case, at):
            age = sum((at if stop is None or stop > at else stop) - begin for begin, stop in case.spans if begin <= at)
            found[max(least for least in found if least <= age // 86_400)].append(case.number)
    return {str(least): sorted(numbers) for least, numbers in found.items()}


def incidents(asked, start, end):
    rows = {}
    for case in asked:
        times = incident_times(case)
        if times is None or not start <= case.opened < end:
            continue
        reached = case.milestone_times()
        ended = [begin <= (begin if stop is None else stop) for begin, stop in times[1]]
        wrong = not all(ended)
        lasted = [one for one, right in zip(times[1], ended, strict=True) if right]
        rows[case.number] = {
            "detected": iso(reached["detected"][0]),
            "milestones": {milestone: iso(at) for milestone, (at, _) in reached.items()},
            "corrected": sorted(milestone for milestone, (_, corrected) in reached.items() if corrected),
            "lasted": [(iso(begin), iso(stop)) for begin, stop in lasted],
            "seconds": None if wrong else sum((end if stop is None else stop) - begin for begin, stop in lasted),
            "ongoing": bool(lasted) and lasted[-1][1] is None, "false_alarm": case.alarm,
            "problem": "ends-first" if wrong else None,
            "cause": cause_of(case), "resolution": last_said(case, "/resolved"),
            "product": case.fields.get("product"), "fields": dict(case.fields),
        }  # fmt: skip
    return rows


def last_said(case, word):
    return next((text for said, text in reversed(case.told) if said == word and text), None)


def cause_of(case):
    """The last `/root-cause`, else what the field says by its name."""
    said = last_said(case, "/root-cause")
    if said is None and case.fields.get("cause") is not None:
        return case.title("cause", case.fields["cause"])
    return said


def uptime(desk, cases, asked, name, opened, only=None):
    measured = desk.policy.get("uptime")
    if measured is None:
        return []
    rows = []
    for product, given in desk.policy["products"].items():
        if only not in (None, product):
            continue
        start, whole = month_of(name, given.get("timezone", desk.zone))
        end = min(whole, desk.now)
        # Second by second is too many, so span by span between all edges.
        edges = {start, end, min(max(opened, start), end)}
        for stage in desk.policy["stages"].values():
            begins = desk.begins(product, stage["from"]) if "from" in stage else None
            if begins is not None and start < begins < end:
                edges.add(begins)
        windows = [window for case in asked if (window := maintenance(desk, case, product)) is not None]
        downs = [down for case in asked for down in downtimes(desk, case, product, measured)]
        for begin, stop, *_ in (*windows, *downs):
            edges |= {min(max(begin, start), end), min(max(stop, start), end)}
        total = {"life": 0, "up": 0, "down": 0, "maintenance": 0, "unknown": 0}
        ordered = sorted(edges)
        lost = forgiven = 0
        spans = []
        for begin, stop in pairwise(ordered):
            fields = {"product": product}
            if not desk.when(measured.get("when"), fields, begin):
                continue
            kind = "up"
            if begin < opened:
                kind = "unknown"
            elif any(first <= begin < last for first, last in windows):
                kind = "maintenance"
            elif there := [down for down in downs if down[0] <= begin < down[1]]:
                kind = "down"
                heaviest, numbers = max(down[2] for down in there), sorted({down[3].number for down in there})
                lost += heaviest * (stop - begin)
                forgiven += heaviest * (stop - begin) * all(down[3].excuses for down in there)
                if spans and spans[-1][1] == begin and spans[-1][2:] == [heaviest, numbers]:
                    spans[-1][1] = stop
                else:
                    spans.append([begin, stop, heaviest, numbers])
            total["life"] += stop - begin
            total[kind] += stop - begin
        known = total["up"] + total["down"]
        target = given.get("uptime")
        allowed = None if target is None else int(known * (100 - Fraction(target.rstrip("%"))))
        scaled = 10**6 * (100 * known - lost) // (100 * known) if known else None
        rows.append(
            {
                "product": product, "share": f"{scaled // 10**4}.{scaled % 10**4:04}" if known else None,
                "lost_hundredths": lost, "allowed_hundredths": allowed, "excused_hundredths": forgiven,
                "kept": None if allowed is None or not known else lost <= allowed,
                "spans": [(iso(first), iso(last), weight, numbers) for first, last, weight, numbers in spans], **total,
            }
        )  # fmt: skip
    return rows


def maintenance(desk, case, product):
    """The window that was announced in time and not called off before it began."""
    if case.fields.get("type") != desk.policy["uptime"]["maintenance"]["form"] or case.fields.get("product") != product:
        return None
    answers = dict(re.findall(r"^### (.+)\n\n(.+)$", case.issue["body"], re.MULTILINE))
    begin, end = instant(answers["Starts"]), instant(answers["Ends"])
    closed = case.spans[0][1]
    if closed is not None and closed < begin:
        return None
    return begin, min(end, closed) if closed is not None and closed < end else end


def downtimes(desk, case, product, measured):
    """When the case weighed on the product: an incident of it, and of `uptime.incidents`, as the fields stood."""
    times = incident_times(case)
    if times is None or case.alarm is not None:
        return []
    found = []
    edges = sorted({at for at, _, _ in case.field_log} | {desk.now})
    for begin, end in times[1]:
        end = desk.now if end is None else end
        inner = sorted({begin, end, *(at for at in edges if begin < at < end)})
        for start, stop in pairwise(inner):
            fields = {}
            for at, name, value in case.field_log:
                if at <= start or name not in fields:
                    fields[name] = value
            holds = all(
                desk.when(when, fields, start) for when in (desk.policy["incidents"]["when"], measured["incidents"])
            )
            weighed = [
                int(values[fields[name]].rstrip("%"))
                for name, values in measured.get("weights", {}).items()
                if fields.get(name) in values
            ]
            weight = max(weighed, default=0) if "weights" in measured else 100
            if fields.get("product") == product and holds and weight:
                found.append((start, stop, weight, case))
    return found


def lateness(desk, cases, start, end):
    known = {*desk.clocks, *desk.policy.get("duties", {})}
    found = [
        (max(0, record["done"] - record["at"]), False)
        for case in cases
        for record in case.records.values()
        if record["key"].split("/")[0] in known
        and record.get("outcome", "done") == "done"
        and start <= record["at"] < end
    ]
    return quantiles(found)


if __name__ == "__main__":
    print(json.dumps(figures(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]), indent=1))
