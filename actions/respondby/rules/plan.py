"""What to do to one case, as data: actions in the order they are performed, and when to look again.

A plan never asks the one who applies it to choose: a call lists its channels in order (the fallbacks), and what became
of each is told back as an `Outcome`, which becomes a fact of the record. Every action that a person could notice twice
has a key; performing a plan whose effects already stand changes nothing (law 2).

Order of application: calls, answers to pagers, issues elsewhere, project boards, comments (those inside first), labels,
assignments, reactions, state, and last the card, which carries the record (law 5: a page goes out before its record,
which the next run reads).
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.records import Kept, Pin, Record
from respondby.desk.refusals import Refusal
from respondby.desk.results import Change, Commented, Mentioned
from respondby.rules.card_facts import CardFacts


@dataclass(frozen=True, slots=True)
class Because:
    """Why somebody is told: the rung, rule, command, window or related cases, in words that letters can use.

    `kind` says which; `name` is the clock, rule id or command word; `rung` the rung id; `due` and `state` are the run's
    at the time of the plan; `about` tells runs side by side apart. `instead` are roles that nobody holds, in whose
    place somebody is told; `late` is how many seconds after its time a rung is performed, where our own run was so late
    that it matters. A `shadow` only hears of it.

    Of a maintenance window, `name` is what is maintained, `rung` what became of it (`announced`, `moved`, `soon`,
    `cancelled`, `meets`), `started` and `due` its start and end, `state` `emergency` where it is one, and `about` the
    address of the request that another one meets. Of `related` cases, `links` has the title of each and where it is.
    """

    kind: Literal["rung", "rule", "command", "window", "incident", "related"]
    name: str
    rung: str = ""
    due: Instant | None = None
    started: Instant | None = None
    state: str = ""
    say: str = ""
    speaker: str = ""
    about: str = ""
    instead: tuple[str, ...] = ()
    late: int = 0
    shadow: bool = False
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Call (`page`) or tell (`notify`) one person, once.

    `key` is the key of law 5: case, clock, source of the run, rung, repetition, recipient; `by_id` says that it names
    the case by its node id, as `Tried` tells. `via` are channel names in order: the first that works is enough. A
    `mention` is the issue's own comment (see `WriteComment`), never in `via`. `records` are the keys of the records
    that this call answers for. `language` is the called one's (None: the desk's own).
    """

    key: str
    verb: Literal["page", "notify"]
    to: str
    via: tuple[str, ...]
    because: tuple[Because, ...]
    records: tuple[str, ...]
    language: str | None = None
    by_id: bool = False


@dataclass(frozen=True, slots=True)
class UpdatePager:
    """Acknowledge or resolve, at the pager `via`, the page that `to` got under `key`; `record` is where it is noted."""

    key: str
    change: Change
    to: str
    via: str
    record: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply says to one command: the line as it was typed, and why it was refused, or (for `/help-desk`) what
    its speaker `may` say here, and where else people are to be found (`ways`, texts of the policy). `language` is the
    speaker's (None: the desk's own).
    """

    line: str
    why: Refusal | None = None
    may: tuple[str, ...] = ()
    language: str | None = None
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relay:
    """What a comment says of the incident `incident` (its number) that the request is part of: that it is (`tied`), its
    `updated` text, that it is `resolved`, goes on `again`, or has `ended` and was none.

    `to` is the requester (empty: nobody to mention), who may write `solved` or `not_solved` where the policy lists
    these commands; `language` is theirs (None: the desk's own). Of a tie, the text is the latest update so far.
    """

    what: Literal["tied", "updated", "resolved", "again", "ended"]
    incident: int
    text: str = ""
    to: str = ""
    solved: str = ""
    not_solved: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class WriteComment:
    """One comment: who is mentioned, why, and the texts that the policy asks for (`comment:`; `texts_of` are their
    records).

    `records` are the records that it carries in its own marker, so that a crash after it loses nothing. `language` is
    the one that all who are mentioned share (None: the desk's own). `inside` is said in the case's companion;
    `relays` are what it says of an incident.
    `outstanding` is what another comment still has to say under the same records, as not said yet: (record, what).
    """

    key: str
    mentions: tuple[str, ...]
    because: tuple[Because, ...]
    texts: tuple[str, ...]
    records: tuple[str, ...]
    texts_of: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    language: str | None = None
    inside: bool = False
    outstanding: tuple[tuple[str, Mentioned | Commented], ...] = ()
    relays: tuple[Relay, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenElsewhere:
    """Open an issue about this case in the repository `where`, with the token that the secret `token` holds (None: the
    run's own), with the questions of `form` and the case's `answers` to them. `record` is what asks for it.
    """

    record: str
    where: str
    form: str | None = None
    token: str | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PutOnBoard:
    """Put the issue on the project board `project` (`owner/number`), with the token that the secret `token` holds; and
    its due date, `day` (`2026-12-24`; empty: none), into the date field `field` (None: none). With `item` it is there
    already, and only the date moves. `record` is what asks for it.
    """

    record: str
    project: str
    field: str | None = None
    day: str = ""
    token: str | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """Close or open again an issue of the `internal` repository: the companion goes with its case, a twin goes.

    `record` notes that it has been done, where it is to be noted.
    """

    number: int
    open: bool
    record: str = ""


@dataclass(frozen=True, slots=True)
class Relabel:
    """Labels to add and to remove (only ones that the policy declares are ever removed: law 6)."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """People to assign. `records` owe it until it is done, and note whom GitHub did not take, so that it is not asked
    again.
    """

    people: tuple[str, ...]
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class React:
    """Show on a comment (its REST id; 0 is the request itself) what became of a command in it. `records` owe it until
    it is done.
    """

    comment: int
    content: Literal["+1", "confused", "eyes"]
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Close:
    """Close the issue; `reason` is the forge's word (`completed`, `not_planned`)."""

    reason: Literal["completed", "not_planned"] = "completed"


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open the issue again: it was closed until the customer replies, and they have."""


@dataclass(frozen=True, slots=True)
class DropTwin:
    """Delete a comment of ours that stands twice, `inside` the companion or here; its records are kept before."""

    comment: int
    inside: bool = False


@dataclass(frozen=True, slots=True)
class WriteCard:
    """Write the card anew: `comment` is its REST id, None to make it. `digest` is of the facts that it shows."""

    comment: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class Open:
    """Open the issue of a duty: of no case, and so performed by no applier of cases."""

    duty: str
    subject: str
    periods: tuple[Instant, ...]


Action = (
    Open | Call | UpdatePager | OpenElsewhere | PutOnBoard | WriteComment | Relabel | Assign | React | Close | Reopen
    | WriteCard | DropTwin | Follow
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done for one case now.

    `records` (and `pins`, `kept`) are what the ledger gains when the actions succeed; outcomes of calls are added by
    who applies them. `next` is the next instant at which anything may change if nothing happens (None: never by
    itself). `remarks` are things a maintainer should know (a role that nobody holds), for the run's summary. `inside`
    says that the plan needs to know the companion: who applies it looks for it first, and decides again. `shown` are
    the facts that the card shows, for who applies it; None where the desk has nothing to do with the case.
    """

    case: str
    actions: tuple[Action, ...] = ()
    records: tuple[Record, ...] = ()
    pins: tuple[Pin, ...] = ()
    kept: tuple[Kept, ...] = ()
    next: Instant | None = None
    remarks: tuple[str, ...] = ()
    inside: bool = False
    shown: CardFacts | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.actions)
