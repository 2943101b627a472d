"""What a rehearsal sees the desk do: from the forge's events and from what reached the receiver, never from its words.

Whoever is mentioned in a new comment of the desk is notified, as GitHub does it: an account by that name, in ordinary
text, not in a quote or in code. What arrives at the receiver names its recipient and says whether it pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from html import unescape
from itertools import groupby, pairwise
from typing import Any, Literal

from respondby.calendars.instants import Instant, parse_time, zone
from respondby.dataclass import dataclass
from respondby.desk import markdown, markers
from respondby.desk.ledger import LedgerError
from respondby.desk.results import Deferred
from respondby.letters.neutral import BREAK
from respondby.rehearsal.ground import DESK, INSIDE, REPOSITORY, SIGNING
from respondby.rehearsal.messages import Delivery, at_pager, in_group, in_log, in_post, words_in
from respondby.rehearsal.stage import Stage, opened_names
from respondby.rehearsal.times import time_words

Kind = Literal["act", "desk", "told", "run", "stage"]

_MENTION = re.compile(r"(?<![\w/@-])@([A-Za-z0-9][A-Za-z0-9-]*)(?![\w/-])")
#: What Markdown shows without its backslash.
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTED = re.compile(r"^> ([/@].*)$", re.MULTILINE)
_HEAD = re.compile(r"\|(?: *-+ *\|)+$")
_MARKER = re.compile(r"<!-- .*? -->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `who` did it or was told; `case` is the issue's number where it is about one."""

    at: Instant
    kind: Kind
    who: str
    text: str
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing expected at an instant by the step in `line`: about what, what, what was seen, whether it held."""

    at: Instant
    line: int
    about: str
    expected: str
    seen: str
    kept: bool


def plain(text: str) -> str:
    """A text as people read it, on one line: what keeps it from being markup is gone, and blanks are one."""
    return " ".join(unescape(ESCAPED.sub(r"\1", text)).replace(BREAK, "").split())


@dataclass(slots=True)
class Since:
    """What came since the last `expect`. `quoted` are lines that the desk answers, with the case's number; `messages`
    what came by channels, each by which and its whole text.
    """

    paged: set[str] = field(default_factory=set)
    notified: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    quoted: list[tuple[int, str]] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)


class Observer:
    """Reads events and posts as they come: `story` is all of it, `since` what the next `expect` asks of.

    `groups` are those that follow a rota, and whom each was set to last.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.story: list[Happening | Checked] = []
        self.since = Since()
        self._delivery = 0
        self._post = 0
        self._waits: set[tuple[str, Deferred]] = set()
        self._keys: set[str] = set()
        self.groups: dict[str, tuple[str, ...]] = {}

    def note(self, at: Instant, kind: Kind, who: str, text: str, case: int | None = None) -> None:
        """Write down something that the rehearsal itself knows."""
        self.story.append(Happening(at, kind, who, text, case))

    def deliveries(self) -> list[dict[str, Any]]:
        """The forge's new events, those of the desk written down."""
        new = self.stage.forge.deliveries(self._delivery)
        if new:
            self._delivery = new[-1]["id"]
            for place, group in groupby(new, _where):
                if place == REPOSITORY:
                    self._desk([delivery for delivery in group if delivery["actor"] == DESK])
                else:
                    self._elsewhere(delivery for delivery in group if delivery["actor"] == INSIDE)
            return [delivery for delivery in new if _where(delivery) == REPOSITORY]
        return new

    def calls(self, at: Instant, log: str) -> None:
        """Write down who was called in a run: by what has reached the receiver, and by a console channel's lines."""
        new = self.stage.receiver.posts[self._post :]
        self._post += len(new)
        policy, files = self.stage.policy, self.stage.files
        for post in new:
            if change := at_pager(post, policy, files):
                self.note(at, "told", *change)
                self.since.messages.append((change[0], "\n".join(words_in(post.body))))
            elif group := in_group(post, policy, files):
                self.groups[group[0]] = group[1]
                self.note(at, "told", group[0], f"is set to {', '.join(group[1])}")
            else:
                self._delivered(at, in_post(post, policy, files))
        for delivery in in_log(log, policy):
            self._delivered(at, delivery)

    def _elsewhere(self, deliveries: Iterable[Mapping[str, Any]]) -> None:
        """What the desk does in another repository, where its own workflows do not run."""
        for delivery in deliveries:
            payload, did = delivery["payload"], (delivery["event"], delivery["action"])
            at, where = parse_time(delivery["at"], None), f"{_where(delivery)}#{payload['issue']['number']}"
            match did:
                case ("issues", "opened"):
                    title = payload["issue"]["title"]
                    self.note(at, "desk", DESK, f"opens {where}: {first_line(title)}")
                    self._wrote(at, where, f"{title}\n\n{payload['issue']['body']}")
                case ("issue_comment", "created"):
                    body = payload["comment"]["body"]
                    self.note(at, "desk", DESK, f"comments in {where}: {first_line(visible(body))}")
                    self._wrote(at, where, body)
                case ("issues", "closed" | "reopened"):
                    self.note(at, "desk", DESK, f"{'closes' if did[1] == 'closed' else 'reopens'} {where}")
                case _:
                    pass

    def _wrote(self, at: Instant, where: str, body: str) -> None:
        self.since.elsewhere.append(visible(body))
        for person in mentioned(body, self.stage.people()):
            self.since.notified.add(person)
            self.note(at, "told", person, f"is notified by a mention in {where}")

    def _delivered(self, at: Instant, delivery: Delivery) -> None:
        """A call under a key that has arrived before is the same call: a pager joins it to that and wakes nobody."""
        if delivery.key in self._keys:
            self.note(
                at,
                "told",
                delivery.person,
                f"is not called twice: {delivery.channel} knows the key of this call already",
            )
            return
        if delivery.key:
            self._keys.add(delivery.key)
        self.since.messages.append((delivery.channel, delivery.text))
        (self.since.paged if delivery.pages else self.since.notified).add(delivery.person)
        verb = "is paged" if delivery.pages else "is notified"
        self.note(at, "told", delivery.person, f"{verb} by {delivery.channel}: {first_line(delivery.subject)}")

    def _desk(self, deliveries: Iterable[Mapping[str, Any]]) -> None:
        wanted = [delivery for delivery in deliveries if delivery["event"] in ("issues", "issue_comment")]
        for (event, action, at, number), group in groupby(wanted, _alike):
            payloads = [delivery["payload"] for delivery in group]
            if action in ("labeled", "unlabeled"):
                names = ", ".join(payload["label"]["name"] for payload in payloads)
                self.note(at, "desk", DESK, f"{'adds' if action == 'labeled' else 'removes'} {names}", number)
                continue
            for payload in payloads:
                self._did(event, action, at, number, payload)

    def _did(self, event: str, action: str, at: Instant, number: int | None, payload: Mapping[str, Any]) -> None:
        if event == "issues":
            self.note(at, "desk", DESK, _did(action, payload), number)
            if action == "opened":
                self._opened(at, number, payload["issue"])
        elif event == "issue_comment" and number is not None:
            body, case = payload["comment"]["body"], payload["issue"]["node_id"]
            if action == "created":
                self._commented(at, number, case, body)
            elif action == "edited":
                self._edited(at, number, case, payload["changes"]["body"]["from"], body)
            else:
                self.note(at, "desk", DESK, "deletes a comment of its own", number)

    def _opened(self, at: Instant, number: int | None, issue: Mapping[str, Any]) -> None:
        """An issue of the desk's own: a duty's is told by its name, and tells whom it mentions."""
        self.since.opened += opened_names(self.stage.mark(issue))[:1]
        for person in mentioned(issue["body"] or "", self.stage.people()):
            self.since.notified.add(person)
            self.note(at, "told", person, "is notified by a mention in the issue", number)

    def _commented(self, at: Instant, number: int, case: str, body: str) -> None:
        if self._kind(case, body) == "log":
            return  # what the desk remembers is said to nobody
        self._deferred(at, number, case, body)
        self.since.comments.append(visible(body))
        self.since.quoted += [(number, line) for line in _QUOTED.findall(visible(body))]
        if self._kind(case, body) == "card":
            self.note(at, "desk", DESK, f"posts its card: {card_changes(body)}", number)
        else:
            self.note(at, "desk", DESK, f"comments: {first_line(visible(body))}", number)
        for person in mentioned(body, self.stage.people()):
            self.since.notified.add(person)
            self.note(at, "told", person, "is notified by a mention on the issue", number)

    def _edited(self, at: Instant, number: int, case: str, before: str, body: str) -> None:
        """Only what somebody can see is told (a card carries its record out of sight), and whom quiet hours spare."""
        self._deferred(at, number, case, body)
        if visible(before) != visible(body) and self._kind(case, body) != "log":
            whose = "its card" if self._kind(case, body) == "card" else "its comment"
            self.note(at, "desk", DESK, f"changes {whose}: {card_changes(body, before)}", number)

    def _deferred(self, at: Instant, number: int, case: str, body: str) -> None:
        """Whom the record tells later, since their quiet hours have begun: each wait is told once."""
        marker = self._marker(case, body)
        for key, record in marker.ledger.records.items() if marker else ():
            for result in record.results:
                if isinstance(result, Deferred) and (key, result) not in self._waits:
                    self._waits.add((key, result))
                    person = self.stage.policy.people.get(result.to)
                    own = person.timezone if person is not None else None
                    until = time_words(result.until, zone(own or self.stage.policy.timezone))
                    self.note(at, "told", result.to, f"has quiet hours, and is told at {until} their time", number)

    def _kind(self, case: str, body: str) -> str | None:
        marker = self._marker(case, body)
        return marker.kind if marker else None

    def _marker(self, case: str, body: str) -> markers.Marker | None:
        try:
            return markers.read(body, case, secret=self.stage.secrets[SIGNING].encode())
        except LedgerError:
            return None


def _where(delivery: Mapping[str, Any]) -> str:
    """The repository in which it happened."""
    return str(delivery["payload"].get("repository", {}).get("full_name", REPOSITORY))


def _alike(delivery: Mapping[str, Any]) -> tuple[str, str, Instant, int | None]:
    """What deliveries have in common that are told in one line."""
    number = delivery["payload"].get("issue", {}).get("number")
    return delivery["event"], delivery["action"] or "", parse_time(delivery["at"], None), number


def mentioned(body: str, people: Iterable[str]) -> tuple[str, ...]:
    """Who of `people` a comment mentions, in order, each once."""
    known = {login.lower(): login for login in people}
    pieces = markdown.read(body, _MENTION).pieces
    names = [name.lower() for piece in pieces for name in _MENTION.findall(piece.covered)]
    return tuple(dict.fromkeys(known[name] for name in names if name in known))


def visible(body: str) -> str:
    """A comment without what GitHub does not show."""
    return _MARKER.sub("", body).strip()


def card_changes(body: str, before: str = "") -> str:
    """What a card shows in its table, or where it was another one before, what it shows anew: cells joined by dots."""
    old = visible(before).splitlines()
    lines = visible(body).splitlines()
    heads = [line for line, below in pairwise(lines) if _HEAD.match(below)]
    new = [line for line in lines if line.strip() and line not in old]
    rows = [line for line in new if line.startswith("|") and not _HEAD.match(line) and line not in heads]
    lines_shown = rows or new[:1]
    return "; ".join(" · ".join(_plain(cell) for cell in line.strip("| ").split("|")) for line in lines_shown) or "less"


def _plain(cell: str) -> str:
    """A cell or a line of a list without its Markdown."""
    return cell.replace("**", "").strip(" *").removeprefix("- ").replace("<br>", ", ")


def first_line(text: str, most: int = 200) -> str:
    """The first words of a text that it does not quote itself, in quotes."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = next((line for line in lines if not line.startswith(">")), lines[0] if lines else "")
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"


def _did(action: str, payload: Mapping[str, Any]) -> str:
    match action:
        case "assigned" | "unassigned":
            return f"{'assigns' if action == 'assigned' else 'unassigns'} {payload['assignee']['login']}"
        case "opened":
            return f"opens an issue: {first_line(payload['issue']['title'])}"
        case "closed":
            return "closes it"
        case "reopened":
            return "opens it again"
        case _:
            return f"changed it ({action})"
