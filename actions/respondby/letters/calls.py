"""What a page or a chat message says: plain text, read when it arrives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import filled, flat
from respondby.letters.reasons import reasons
from respondby.letters.templates import bounded, render
from respondby.letters.when import speaking
from respondby.rules.card_facts import CardFacts
from respondby.rules.plan import Call

#: What every pager and chat shows whole.
MOST_SUBJECT = 200
MOST_BODY = 4_000


@dataclass(frozen=True, slots=True)
class Words:
    """A call's subject, one line of at most 200 characters, and its body."""

    subject: str
    body: str


def render_together(
    call: Call, parts: Sequence[tuple[Words, str]], desk: str, timezone: str, *, messages: Messages = OURS
) -> Words:
    """What a message about several cases says: each case's own words, or where these are too long, its subject.

    `parts` are the words about each case, with its address.
    """
    voice = speaking(call.language, timezone, messages=messages)
    subject = str(voice.words["together"]).replace("{count}", str(len(parts))).replace("{desk}", flat(voice.name(desk)))
    body = "\n\n".join(words.body for words, _ in parts)
    if len(body) > MOST_BODY:
        body = "\n\n".join(f"{words.subject}\n{url}" for words, url in parts)
    return Words(flat(subject, MOST_SUBJECT), bounded(body, MOST_BODY, voice))


def render_test(call: Call, desk: str, timezone: str, url: str, now: Instant, *, messages: Messages = OURS) -> Words:
    """What a test page says: that it is one, and when it was sent."""
    voice = speaking(call.language, timezone, messages=messages)
    words, name = voice.words["test"], flat(voice.name(desk))
    subject = str(words["subject"]).replace("{desk}", name)
    body = str(words["body"]).replace("{desk}", name)
    return Words(flat(subject, MOST_SUBJECT), "\n".join(filter(None, (body, voice.at(now), url))))


def render_call(
    call: Call,
    case: Case,
    facts: CardFacts,
    now: Instant,
    *,
    values: Mapping[str, str] | None = None,
    messages: Messages = OURS,
) -> Words:
    """What this call says. `values` are what `{FIELD}` stands for in texts of the policy (`{url}` is the case's)."""
    voice = speaking(call.language, facts.timezone, messages=messages)
    known = {"url": case.url, **(values or {})}
    context = {
        "desk": flat(voice.name(facts.desk)),
        "case": case.ref,
        "title": flat(case.title, 120),
        "url": case.url,
        "kind": flat(voice.name(facts.kind)) if facts.kind else "",
        "fields": [{"value": flat(voice.name(field.value), 80) if field.value else ""} for field in facts.fields],
        "reasons": reasons(call.because, voice, flat, lambda text: filled(text, known, flat), now=now),
        "shadow": bool(call.because) and all(reason.shadow for reason in call.because),
    }
    subject = flat(render("subject.txt", context, voice), MOST_SUBJECT)
    return Words(subject, bounded(render("call.txt", context, voice), MOST_BODY, voice))
