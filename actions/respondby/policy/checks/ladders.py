"""Rules about ladders and verbs: every rung can come, in its order, and does something that can be done."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.clocks import NOTHING, Promise, Rung, Target, Verbs
from respondby.policy.model.incidents import ladder_of_items
from respondby.policy.text.cursor import Path


def _ladders(subject: Subject) -> Iterator[tuple[Path, tuple[Rung, ...], Target | None, bool]]:
    """Each use of a ladder: where its rungs are written, the rungs, the target, and whether closing ends it."""
    written = subject.reading.written
    for name, clock in subject.policy.clocks.items():
        said = written("clocks", name, "ladder")
        path: Path = ("ladders", said) if isinstance(said, str) else ("clocks", name, "ladder")
        yield path, clock.ladder, clock.target, not clock.survives_close
    for name, duty in subject.policy.duties.items():
        said = written("duties", name, "ladder")
        path = ("ladders", said) if isinstance(said, str) else ("duties", name, "ladder")
        yield path, duty.ladder, duty.target, True
    if rungs := ladder_of_items(subject.policy.incidents):
        place: Path = ("incidents", "post-mortem", "actions", "ladder")
        said = written(*place)
        yield ("ladders", said) if isinstance(said, str) else place, rungs, None, True


def _never(subject: Subject) -> Iterator[Finding]:
    for path, rungs, target, ends_on_close in _ladders(subject):
        if rungs and target is not None and all(choice.none for choice in target.choices):
            hint = "Give it a target, or take the ladder out."
            yield Finding(path, "This has a ladder and no target: no rung is ever reached.", "none", hint)
            continue
        if rungs and rungs[0].at.kind == "after":
            hint = "Write `at:` on the first rung."
            yield Finding((*path, 0, "after"), "`after` needs a rung before it.", rungs[0].at.text, hint)
        closing = next((i for i, rung in enumerate(rungs) if rung.verbs.close and not rung.when), None)
        if closing is not None and ends_on_close and closing + 1 < len(rungs):
            hint = "Let the rung that closes be the last."
            yield Finding((*path, closing + 1), "The rung before closes the issue: this one never comes.", "", hint)


def _out_of_order(subject: Subject) -> Iterator[Finding]:
    for path, rungs, target, _ in _ladders(subject):
        lengths = _lengths(target)
        for index, (before, rung) in enumerate(pairwise(rungs), start=1):
            if rung.at.kind == "after" or before.at.kind == "after":
                continue
            if any(_time(before, length) > _time(rung, length) for length in lengths):
                hint = "Write rungs in the order in which they come."
                message = f"`{rung.at.text}` comes before `{before.at.text}`, which is written first."
                yield Finding((*path, index, "at"), message, rung.at.text, hint)


def _before_start(subject: Subject) -> Iterator[Finding]:
    for path, rungs, target, _ in _ladders(subject):
        lengths = [length for length in _lengths(target) if length is not None]
        for index, rung in enumerate(rungs):
            shortest = min(lengths, default=None)
            if rung.at.kind == "due" and shortest is not None and _time(rung, shortest) < 0:
                hint = "Write `start`, or a share such as `50%`."
                message = f"`{rung.at.text}` of a promise of {_hours(shortest)} is before its start."
                yield Finding((*path, index, "at"), message, rung.at.text, hint)


def _hours(seconds: int) -> str:
    return f"{seconds // 3600}h" if seconds % 3600 == 0 else f"{seconds // 60}m"


def _lengths(target: Target | None) -> list[int | None]:
    """The lengths of the target's promises in seconds; None for one that only the calendar knows."""
    choices = target.choices if target is not None else ()
    return [_length(choice) for choice in choices if not choice.none]


def _length(choice: Promise) -> int | None:
    length = choice.within
    return None if length is None or length.business_days else length.seconds


def _time(rung: Rung, length: int | None) -> float:
    """When a rung comes, in seconds since the start of a promise so long; of an unknown one only the kind counts."""
    at = rung.at
    offset = at.offset.seconds + at.offset.business_days * 86_400 if at.offset is not None else 0
    whole = 1e9 if length is None else float(length)
    if at.kind == "start":
        return float(offset)
    if at.kind == "share":
        return whole * at.percent / 100
    return whole + at.sign * offset


def verbs_of(subject: Subject) -> Iterator[tuple[Path, Verbs, bool]]:
    """Everything that is done: where it is written, what it is, and whether it must do something."""
    seen: set[Path] = set()
    for path, rungs, _, _ in _ladders(subject):
        for index, rung in enumerate(rungs):
            if (*path, index) not in seen:
                seen.add((*path, index))
                yield (*path, index), rung.verbs, True
                if rung.repeat is not None and rung.repeat.then is not None:
                    yield (*path, index, "repeat", "then"), rung.repeat.then, True
    for index, rule in enumerate(subject.policy.rules):
        yield ("rules", index), rule.verbs, True
    for word, command in subject.policy.commands.items():
        yield ("commands", word), command.verbs, False


def _does_nothing(subject: Subject) -> Iterator[Finding]:
    for path, verbs, must in verbs_of(subject):
        if must and verbs == NOTHING:
            hint = "Add what is done: `notify`, `page`, `label`, `comment`, …"
            yield Finding(path, "Nothing is done here.", "", hint)


def _via_for_nobody(subject: Subject) -> Iterator[Finding]:
    for path, verbs, _ in verbs_of(subject):
        for key, value in (("via", verbs.via), ("say", verbs.say)):
            if value is not None and not verbs.notify and not verbs.page:
                yield Finding((*path, key), f"`{key}` needs `notify` or `page` beside it.", value, "Say who is told.")


def _page_without_channel(subject: Subject) -> Iterator[Finding]:
    for path, verbs, _ in verbs_of(subject):
        if verbs.page and verbs.via is None:
            hint = "Add `via:` with a channel, or write `notify` for a mention."
            yield Finding((*path, "page"), "`page` needs a channel.", ", ".join(verbs.page), hint)


def _unlabel_unknown(subject: Subject) -> Iterator[Finding]:
    """Only labels that the policy declares are ever removed (law 6)."""
    declared = {label for _, verbs, _ in verbs_of(subject) for label in verbs.label}
    declared |= {f"{field.label}{value.id}" for field in subject.policy.fields.values() for value in field.values}
    for path, verbs, _ in verbs_of(subject):
        for label in verbs.unlabel:
            if label not in declared:
                hint = "Only labels that this policy adds somewhere are removed."
                yield Finding((*path, "unlabel"), f"Nothing here adds the label `{label}`.", label, hint)


def _skipped(subject: Subject) -> Iterator[Finding]:
    """A rung that calls people at some times only, with one behind it that counts from it."""
    for path, rungs, _, _ in _ladders(subject):
        for index, (rung, behind) in enumerate(pairwise(rungs)):
            timed = [term for term in rung.when.terms if term.key in ("during", "outside", "stage")]
            if timed and behind.at.kind == "after" and (rung.verbs.page or rung.verbs.notify):
                times = ", ".join(f"{term.key}: {' or '.join(term.values)}" for term in timed)
                message = f"At other times than `{times}` this step calls nobody: the next one is taken at once."
                hint = "Give the other times a step of their own, or write `at:` on the next one."
                yield Finding((*path, index, "when"), message, times, hint)


RULES = (
    Rule("rung-never", "error", _never),
    Rule("rung-order", "error", _out_of_order),
    Rule("rung-before-start", "warning", _before_start),
    Rule("rung-at-times", "warning", _skipped),
    Rule("does-nothing", "error", _does_nothing),
    Rule("via-for-nobody", "warning", _via_for_nobody),
    Rule("page-without-channel", "error", _page_without_channel),
    Rule("unlabel-unknown", "error", _unlabel_unknown),
)
