"""What happens in a story, in words: deeds as they are done, and what a policy promises."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.model.clocks import Clock, Promise, Rung, Verbs
from respondby.policy.model.conditions import When
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy
from respondby.rehearsal.story import (
    AnswersPage,
    Assigns,
    Closes,
    Deed,
    Deletes,
    Dispatches,
    Edits,
    Expect,
    Fault,
    Labels,
    Lost,
    Merges,
    Opens,
    Reopens,
    Says,
    Scenario,
    Sweeps,
    Ticks,
    Writes,
)
from respondby.rehearsal.story import Policy as NewPolicy


def deed_words(deed: Deed) -> str:
    """A deed without who does it: `opens “Add a DNS record” (change)`."""
    match deed:
        case Opens(_, form, title):
            return f"opens “{one_line(title)}” ({form or 'a blank issue'})"
        case Says(_, text):
            return f"says “{one_line(text)}”"
        case Edits(_, text, title):
            return f"edits {'the comment' if text is not None else 'the title' if title is not None else 'the answers'}"
        case Ticks(_, boxes):
            return f"ticks {', '.join(f'“{one_line(box)}”' for box in boxes) or 'every box'}"
        case Labels(_, add, remove):
            parts = [f"adds {', '.join(add)}"] if add else []
            return " and ".join([*parts, f"removes {', '.join(remove)}"] if remove else parts)
        case Assigns(_, people):
            return f"assigns {', '.join(people)}"
        case Closes(_, reason):
            return "closes it" if reason == "completed" else f"closes it as {reason.replace('_', ' ')}"
        case Reopens():
            return "opens it again"
        case Deletes(_, what):
            return "deletes the comment" if what == "comment" else "deletes the case"
        case Merges(_, title, files) if files:
            return f"merges “{one_line(title)}” ({', '.join(path for path, _ in files)})"
        case Merges(_, _, _, what):
            return "merges the post-mortem" if what == "post-mortem" else "merges what became of the action items"
        case Writes(_, sections):
            return f"writes into the post-mortem: {', '.join(title for title, _ in sections)}"
        case Dispatches(_, name, payload):
            said = ", ".join(f"{key}: {value}" for key, value in payload.items())
            return f"dispatches {name}{f' ({said})' if said else ''}"
        case AnswersPage(_, change):
            return f"{change}s the page in the pager"
        case Fault(plans):
            return "the forge misbehaves from now on" if plans else "the forge is well again"
        case NewPolicy(_, origin):
            return f"another policy is committed (from {origin})"
        case Sweeps(every):
            return "sweeps stop" if every is None else f"sweeps come every {_length(every)}"
        case Lost(events):
            return "events are lost from now on" if events else "events arrive again"
        case Expect():
            return "is expected"


def promise_lines(policy: Policy, scenario: Scenario) -> Iterator[tuple[int, str]]:
    """What the policy promises, clock by clock: how far to indent, and the words.

    Only the clocks that the scenario names, where it names any; how many there are besides is said.
    """
    named = _clocks_of(scenario)
    duties = [duty for duty in policy.duties.values() if duty.name in named]
    shown = [clock for clock in policy.clocks.values() if clock.name in named]
    if not shown and not duties:
        shown = list(policy.clocks.values())
    for duty in duties:
        yield 1, _duty(duty)
        for rung in duty.ladder:
            yield 2, _rung(rung)
    for clock in shown:
        yield 1, f"{clock.name}: {_moments(clock)}"
        for place, promise in enumerate(clock.target.choices):
            yield 2, _promise(promise, otherwise=place > 0 and not promise.when)
        for rung in clock.ladder:
            yield 2, _rung(rung)
    others = len(policy.clocks) - len(shown)
    if others:
        yield 1, f"and {others} other {'clock' if others == 1 else 'clocks'}, of which this story says nothing"


def _clocks_of(scenario: Scenario) -> frozenset[str]:
    """The clocks that a scenario says it proves, or expects something of."""
    proved = [key.removeprefix("clocks.").removeprefix("duties.") for kept in scenario.keeps for key in kept.by]
    expected = [clock.clock for step in scenario.story if isinstance(step.deed, Expect) for clock in step.deed.clocks]
    return frozenset((*proved, *expected))


def one_line(text: str, most: int = 100) -> str:
    """A text on one line, its line breaks shown, cut where it is long."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    words = " ↵ ".join(line for line in lines if line)
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _duty(duty: Duty) -> str:
    """A duty in a line: `backup, a duty: every day at 06:00 for each product, unless backup-done comes within 3h`."""
    schedule = duty.schedule
    if schedule.cadence is not None:
        every = schedule.cadence.to_mapping()
        when = f"every {every['every']} from {every['from']}"
    elif schedule.rota is not None:
        when = f"{schedule.ahead} before" if schedule.ahead is not None else "at"
        when += f" each change of shift of {schedule.rota}"
    else:
        when = f"once, after {schedule.after.name if schedule.after is not None else ''}"
    each = f", for each {duty.for_}" if duty.for_ else ""
    about = f" ({_when(duty.when)})" if duty.when else ""
    unless = f", unless {duty.expects} comes within {duty.within}" if duty.silent and duty.expects else ""
    by = (
        "; ".join(_promise(promise, otherwise=False) for promise in duty.target.choices) if duty.target else "no target"
    )
    return f"{duty.name}, a duty: {when}{each}{about}{unless}; {by}"


def _moments(clock: Clock) -> str:
    start = " or ".join(moment.text for moment in clock.start)
    stop = " or ".join(moment.text for moment in clock.stop)
    when = f", for {_when(clock.when)}" if clock.when else ""
    pause = f"; paused while {' or '.join(moment.text for moment in clock.pause)}" if clock.pause else ""
    return f"from {start} until {stop}{when}{pause}"


def _promise(promise: Promise, *, otherwise: bool) -> str:
    if promise.none:
        text = "nothing is promised"
    elif promise.argument is not None:
        text = f"by the time that {promise.argument[0]} gives"
    else:
        text = f"{'within' if promise.within is not None else 'by'} {promise.text}"
    about = _when(promise.when) if promise.when else "otherwise" if otherwise else ""
    return f"{about}: {text}" if about else text


def _rung(rung: Rung) -> str:
    again = f", again every {rung.repeat.every}, {rung.repeat.times} times" if rung.repeat else ""
    if rung.repeat and rung.repeat.then:
        again += f", then {verb_words(rung.repeat.then)}"
    when = f" ({_when(rung.when)})" if rung.when else ""
    return f"at {rung.at.text}{when}: {verb_words(rung.verbs)}{again}"


def verb_words(verbs: Verbs) -> str:
    """What a rung, a rule or a command does: `label sla/breached, page lead via pager`."""
    via = f" via {verbs.via}" if verbs.via else ""
    parts = [
        *(f"set {name} {value}" for name, value in verbs.set),
        *(f"raise {name} to {value}" for name, value in verbs.raise_),
        *(f"label {label}" for label in verbs.label),
        *(f"take off {label}" for label in verbs.unlabel),
        *(f"assign {role}" for role in verbs.assign),
        *([f"page {', '.join(verbs.page)}{via}"] if verbs.page else []),
        *([f"notify {', '.join(verbs.notify)}{via}"] if verbs.notify else []),
        *(["comment"] if verbs.comment else []),
        *(["close until the customer replies" if verbs.until_reply else "close"] if verbs.close else []),
        *(["open it again"] if verbs.reopen else []),
        *([f"open an issue in {verbs.open.where}"] if verbs.open else []),
        *([f"track in {verbs.track.project}"] if verbs.track else []),
    ]
    return ", ".join(parts)


def _when(when: When) -> str:
    return ", ".join(f"{term.key} {' or '.join(term.values)}" for term in when.terms)


def _length(seconds: int) -> str:
    for size, unit in ((3600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
