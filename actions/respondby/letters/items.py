"""An action item's issue, what is said on it, and the pull request that brings back what became of items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from respondby.calendars.instants import parse_time
from respondby.calendars.instants import zone as zone_of
from respondby.desk.blocks import Made, block
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import flat, inline, mention
from respondby.letters.templates import render, with_marker
from respondby.letters.when import Speaking, speaking
from respondby.policy.model.policy import Policy
from respondby.rules.items import ItemFacts, day_of

#: The block of an item's issue, around which people write.
BLOCK = "item"

_TITLE = 200


def item_title(item: ItemFacts) -> str:
    """The issue's title: what is to be done, on one line."""
    return flat(item.words, _TITLE)


def item_part(item: ItemFacts, title: str, address: str, policy: Policy, *, messages: Messages = OURS) -> str:
    """The text of the issue's block. `title` and `address` are the document's."""
    return item_letter(item, title, address, _voice(policy, messages))


def item_letter(item: ItemFacts, title: str, address: str, voice: Speaking) -> str:
    """The same, in somebody's language."""
    words = voice.words["item"]
    context = {
        "title": inline(title) or inline(item.document),
        "document": address,
        "incident": item.incident,
        "what": inline(item.words),
        "owner": inline(item.owner) if item.owner else str(words["no-owner-yet"]),
        "due": _day(item.due, voice) if item.due else str(words["no-due"]),
        "kind": inline(item.kind),
    }
    return render("item.md", context, voice)


def render_item(made: Made, marker: str, policy: Policy, *, messages: Messages = OURS) -> str:
    """The issue's text as it is opened; it ends with `marker`."""
    return with_marker(block(BLOCK, made), marker, _voice(policy, messages))


def item_word(
    kind: str,
    values: Mapping[str, str],
    people: Sequence[str],
    marker: str,
    policy: Policy,
    *,
    messages: Messages = OURS,
) -> str:
    """What is said on an item's issue, for these people; it ends with `marker`."""
    voice = _voice(policy, messages)
    return with_marker(item_text(kind, values, people, voice), marker, voice)


def item_text(kind: str, values: Mapping[str, str], people: Sequence[str], voice: Speaking) -> str:
    """The same without its marker."""
    words = voice.words["item"]
    nothing = str({"owner": words["no-owner-yet"], "due": words["no-due"]}.get(kind, "–"))
    places = {name: _place(kind, name, value, voice) or nothing for name, value in values.items()}
    calls = " ".join(mention(person) for person in people)
    return "\n\n".join(part for part in (calls, _filled(str(words["told"][kind]), places)) if part)


def pull_title(policy: Policy, *, messages: Messages = OURS) -> str:
    """The title of the weekly pull request."""
    return str(_voice(policy, messages).words["item"]["pull-title"])


def pull_text(policy: Policy, *, messages: Messages = OURS) -> str:
    """What the weekly pull request is, above the list of what changed."""
    return str(_voice(policy, messages).words["item"]["pull-text"])


def pull_changes(changes: Iterable[tuple[str, Mapping[str, str]]], policy: Policy, *, messages: Messages = OURS) -> str:
    """The list of what changed: each a kind of change, with what fills its places."""
    return changes_text(changes, _voice(policy, messages))


def changes_text(changes: Iterable[tuple[str, Mapping[str, str]]], voice: Speaking) -> str:
    """The same, in somebody's language."""
    words = voice.words["item"]["changes"]
    return "\n".join(
        f"- {_filled(str(words[kind]), {name: _place(kind, name, value, voice) for name, value in values.items()})}"
        for kind, values in changes
    )


def _voice(policy: Policy, messages: Messages) -> Speaking:
    return speaking(None, policy.timezone, messages=messages)


def _filled(text: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _place(kind: str, name: str, value: str, voice: Speaking) -> str:
    """A value made harmless: `issue` is the desk's own words (`#57`, an address), a day is said in words."""
    if name == "issue":
        return value
    if name == "document":
        return flat(value, 200).replace("`", "")
    return _day(value, voice) if kind == "due" else inline(value, 2_000 if name in ("rows", "why") else 300)


def _day(text: str, voice: Speaking) -> str:
    """A day in words; what is no day stays as it is."""
    day = day_of(text)
    if day is None:
        return inline(text)
    return voice.date(parse_time(f"{text}T12:00", zone_of(voice.zones[0])))
