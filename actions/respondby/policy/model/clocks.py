"""What a policy promises: targets, ladders of rungs, and clocks; and the verbs that rungs, rules and commands share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from respondby.calendars.durations import Duration
from respondby.dataclass import dataclass
from respondby.policy.model.conditions import ALWAYS, Pattern, When


@dataclass(frozen=True, slots=True)
class Open:
    """`open:` another issue in repository `where`, with the form `form`, by the secret named `token`."""

    where: str
    form: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """`track:` put the issue on a project board (`owner/number`), and its due date into the field `due`.

    `of` is the clock whose due that is (None: the rung's own, else the last that runs until the case is closed); the
    secret `token` holds the token that may write to the board.
    """

    project: str
    due: str | None = None
    token: str | None = None
    of: str | None = None


#: The clock of an action item, which no policy declares.
ACTION_ITEM = "action-item"

#: `via: stage`: by the channels of the stage that the case's product is in. No channel has this name.
STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Verbs:
    """What a rung, a rule or a command does. Empty members do nothing; names are those of the language.

    `close: until reply` is both `close` and `until_reply`: the customer's next comment opens the case again. `reopen`
    opens it whoever closed it.
    """

    set: tuple[tuple[str, str], ...] = ()
    raise_: tuple[tuple[str, str], ...] = ()
    label: tuple[str, ...] = ()
    unlabel: tuple[str, ...] = ()
    assign: tuple[str, ...] = ()
    comment: str | None = None
    notify: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    via: str | None = None
    say: str | None = None
    close: bool = False
    until_reply: bool = False
    reopen: bool = False
    open: Open | None = None
    track: Track | None = None


NOTHING = Verbs()


@dataclass(frozen=True, slots=True)
class Promise:
    """One alternative of a target. Exactly one of `within`, `by`, `argument` and `none` is given.

    `within` is a duration; `by` one of the fixed ends of docs/language.md (`end of next business day`, a T,
    `handover`); `argument` the (command, argument) whose latest value is the due (`by: /agree.until`); `none` promises
    nothing. `calendar` names a calendar of the policy, or is None for the default one (rule 1).
    """

    when: When = ALWAYS
    within: Duration | None = None
    by: str | None = None
    argument: tuple[str, str] | None = None
    none: bool = False
    calendar: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The promises of a clock, in order: the first whose `when` holds at the start applies (rule 9)."""

    choices: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class RungAt:
    """When a rung is due: `start`, `share` (percent), `due` (± offset) or `after` the rung before was performed."""

    kind: Literal["start", "share", "due", "after"]
    percent: int = 0
    offset: Duration | None = None
    sign: Literal[1, -1] = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say it again every `every`, `times` times, until the run ends; `then` is done once, `every` after the last time,
    where the run is still open: nobody came.
    """

    every: Duration
    times: int
    then: Verbs | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder. `id` stays the same when other rungs come or go: it is what records are kept under."""

    id: str
    at: RungAt
    verbs: Verbs
    when: When = ALWAYS
    repeat: Repeat | None = None


def ending(rung: Rung) -> Rung | None:
    """The rung that ends a repetition which nobody answered; its id says so."""
    if rung.repeat is None or rung.repeat.then is None:
        return None
    return Rung(f"{rung.id} unanswered", replace(rung.at, text=f"{rung.at.text} unanswered"), rung.repeat.then)


def all_verbs(ladder: Iterable[Rung]) -> Iterator[Verbs]:
    """Everything that a ladder does: its rungs, and the ends of their repetitions."""
    for rung in ladder:
        yield rung.verbs
        if rung.repeat is not None and rung.repeat.then is not None:
            yield rung.repeat.then


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: what starts, pauses and stops it, its target, and what happens on the way.

    `title` is what people call it; recognised it is by its key, so two may have one title.
    `pause_ends` is what ends its pauses, where the policy says so; else each pause has an end of its own kind.
    `was` is the name that it had before: what was promised and done under that one is this clock's.
    `duty` says that it is the clock of a duty: the desk owes it to itself, whatever a product's stage promises.
    `gone`: other versions of the policy have it, this one does not (`desk.in_force`).
    """

    name: str
    start: tuple[Pattern, ...]
    stop: tuple[Pattern, ...]
    target: Target
    pause: tuple[Pattern, ...] = ()
    when: When = ALWAYS
    each: bool = False
    survives_close: bool = False
    ladder: tuple[Rung, ...] = ()
    duty: bool = False
    title: str | None = None
    was: str | None = None
    pause_ends: tuple[Pattern, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Verbs that are done once each time `when` becomes true. `id` is stable under reordering."""

    id: str
    when: When
    verbs: Verbs
