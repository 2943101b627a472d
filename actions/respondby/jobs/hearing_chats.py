"""What somebody said in a chat about a case: its commands count as said on the issue, by that person, at that time.

- Who it was is known by `as` of the channel or as a login of the policy, or not at all: nobody is believed to be
  somebody.
- A command is judged as it stands, like one on the issue, and refused with its reason. Nobody in the chat reads that:
  nothing of a message is kept where one of its commands is refused, so that it is said again, whole.
- A message is known by the sender's `key`: what is sent twice is heard once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from respondby.desk.case import Actor, Case
from respondby.desk.dispatches import Dispatch
from respondby.desk.history import History
from respondby.desk.keeping import chat_source
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.desk.records import Kept
from respondby.desk.refusals import Refusal
from respondby.desk.speech import speech_of
from respondby.forge.gathering import Gathered
from respondby.letters.neutral import flat
from respondby.letters.refusals import reason_text
from respondby.letters.when import speaking
from respondby.policy.model.policy import Channel, Policy

#: As much of a message is read.
MOST_CHARACTERS = 4_000

_NUMBER = re.compile(r"(?:(?P<where>[\w.-]+/[\w.-]+)?#|/issues/)(?P<number>[1-9][0-9]{0,8})\b")


class NotHeard(Exception):
    """Nobody can say what a message does; the text goes on after the dispatch's name, and says what to do."""


def said_in_chat(
    policy: Policy, channel: Channel, gathered: Gathered, dispatch: Dispatch, event: Mapping[str, Any]
) -> tuple[Case, dict[str, Kept]]:
    """The case that a message is about, and what is kept of it. Raises NotHeard."""
    payload = event.get("client_payload")
    text = str(payload.get("text") or "")[:MOST_CHARACTERS] if isinstance(payload, dict) else ""
    who = _speaker(policy, channel, dispatch.payload.get("by", ""))
    case = _case(gathered, dispatch.payload.get("case") or text)
    return case, _kept(policy, case, gathered, dispatch, text, who)


def _speaker(policy: Policy, channel: Channel, by: str) -> Actor:
    known = {name: login for login, name in channel.names} | {login.lower(): login for login in policy.people}
    login = known.get(by) or known.get(by.lower())
    if login is None:
        raise NotHeard(
            f"is of “{by:.40}”, whom nobody knows: write who that is into `as` of the channel `{channel.name}`,"
            f" such as `as: {{ ann: {by:.40} }}`"
        )
    staff = any(login.lower() == person.lower() for person in policy.people)
    return Actor(login, "MEMBER" if staff else "NONE", login.endswith("[bot]"))


def _case(gathered: Gathered, said: str) -> Case:
    found = _NUMBER.search(said)
    cases = {case.number: case for case in gathered.cases if case.is_request}
    case = cases.get(int(found["number"])) if found is not None else None
    if case is None or (found is not None and found["where"] not in (None, case.repository)):
        raise NotHeard(
            "is about no open request: name it in the message, as `#7`, or send `case`; what is to become a request is"
            " dispatched by another event, which stands under `incidents.alerts`"
        )
    return case


def _kept(policy: Policy, case: Case, gathered: Gathered, dispatch: Dispatch, text: str, who: Actor) -> dict[str, Kept]:
    history: History = read(policy, case, Known(now=gathered.now))
    speech, source, at = speech_of(policy), chat_source(dispatch.key), max(dispatch.at, case.created)
    if heard := {key: one for key, one in history.ledger.kept.items() if key.startswith(f"{source}:")}:
        return heard
    words = "\n".join(_NUMBER.sub(" ", line).strip() for line in text.splitlines())
    kept: dict[str, Kept] = {}
    for spoken in speech.lines(words):
        verdict, reason, given = speech.judge(spoken, who, at, history.state.spoken_by(who.login), history.commands)
        if verdict != "accepted":
            raise NotHeard(f"says `{spoken.line:.60}`, which is not done: {_why(policy, reason)}")
        field = spoken.field is not None
        kind, name = ("field", spoken.word[1:]) if field else ("command", spoken.word)
        value = given["value"] if field else json.dumps(given, sort_keys=True, separators=(",", ":")) if given else ""
        fact = Kept(f"{source}:{spoken.number} {kind} {name}", at, who.login, who.association, kind, name, value)
        kept[fact.key] = fact
    if not kept:
        known = ", ".join(f"`{word}`" for word in sorted(speech.words)[:12])
        raise NotHeard(f"says no command of this desk; it knows {known}")
    return kept


def _why(policy: Policy, reason: Refusal | None) -> str:
    if reason is None:
        return "it was said a moment ago"
    return reason_text(reason, speaking(None, policy.timezone), flat)
