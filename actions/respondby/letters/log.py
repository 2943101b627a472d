"""The desk's log, for people: what the issue is, and the newest of what it holds.

Customers may read it, so it names nobody; the record behind it does, where that matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.desk.log import Entry, Log
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import inline
from respondby.letters.templates import render, with_marker
from respondby.letters.when import Speaking, speaking
from respondby.policy.model.policy import Policy

#: Kinds of entries whose name is a person's.
_ABOUT_PEOPLE = frozenset({"page test"})

#: Kinds of entries that carry a case's record, which names people.
_CARRIES_RECORDS = frozenset({"locked"})

#: Kinds of entries whose facts are for the desk alone.
_COUNTED = frozenset({"storm begun", "storm", "storm page", "storm over"})

#: More rows than these nobody reads; the record behind them has them all.
MOST_SHOWN = 20

#: So many cases are named behind a person; whoever has more of them looks at the labels.
MOST_NAMED = 200


def log_title(policy: Policy, *, messages: Messages = OURS) -> str:
    """The title of the log issue."""
    voice = speaking(None, policy.timezone, messages=messages)
    return str(voice.words["log"]["title"]).replace("{desk}", voice.name(policy.desk))


def render_log(policy: Policy, marker: str, *, messages: Messages = OURS) -> str:
    """The text of the log issue: what it is."""
    voice = speaking(None, policy.timezone, messages=messages)
    return with_marker(log_letter(policy.desk, (), voice), marker, voice)


def render_entries(log: Log, policy: Policy, marker: str, *, messages: Messages = OURS) -> str:
    """One comment of the log: its newest entries as a table."""
    voice = speaking(None, policy.timezone, messages=messages)
    return with_marker(log_letter(policy.desk, list(log.entries.values()), voice), marker, voice)


def render_storm(
    policy: Policy,
    numbers: Sequence[int],
    mentions: Mapping[str, Sequence[int]],
    marker: str,
    *,
    messages: Messages = OURS,
) -> str:
    """The one comment about many cases that have come due at once: which, and who would have been mentioned on each."""
    voice = speaking(None, policy.timezone, messages=messages)
    words = voice.words["storm"]
    lines = [str(words["head"]).replace("{count}", str(len(numbers)))]
    lines += ["", f"{words['cases']}: {_numbers(numbers)}"]
    lines += (
        ["", *(f"- @{person}: {_numbers(about)}" for person, about in sorted(mentions.items()))] if mentions else []
    )
    return with_marker("\n".join(lines), marker, voice)


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(f"#{number}" for number in numbers[:MOST_NAMED])
    return shown if len(numbers) <= MOST_NAMED else f"{shown}, …"


def log_letter(desk: str, entries: Sequence[Entry], voice: Speaking) -> str:
    """The letter without its marker: the entries, newest first; without any, what the log is."""
    context = {
        "desk": inline(voice.name(desk)),
        "entries": [_entry(entry, voice) for entry in reversed(entries[-MOST_SHOWN:])],
        "more": max(0, len(entries) - MOST_SHOWN),
    }
    return render("log.md", context, voice)


def _entry(entry: Entry, voice: Speaking) -> dict[str, str]:
    kinds = voice.words["log"]["kinds"]
    if entry.kind in _ABOUT_PEOPLE:  # why a channel failed may name a secret, and that a person
        about = [f"{name}: {value if value == 'ok' else '–'}" for name, value in entry.facts.items()]
    elif entry.kind in _CARRIES_RECORDS:
        about = [f"#{entry.facts.get('number', '')}"]
    elif entry.kind in _COUNTED:
        about = [entry.name]
    else:
        about = [voice.name(entry.name), *(f"{name}: {value}" for name, value in entry.facts.items())]
    return {
        "at": voice.at(entry.at),
        "what": inline(str(kinds.get(entry.kind, entry.kind))),
        "about": inline(", ".join(about)),
    }
