"""From a scenario's text to a `Scenario`, every problem with its place.

The grammar is docs/language.md's; `schemas/scenario.schema.json` says the same for editors.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from respondby.calendars.instants import UTC, Instant, parse_time, zone
from respondby.policy.text import yaml_text
from respondby.policy.text.cursor import Cursor, Notes, Refused, each
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import LARGEST
from respondby.rehearsal import times
from respondby.rehearsal.reading_deeds import DEEDS, Context, file_text, path_of
from respondby.rehearsal.reading_expect import in_words, texts
from respondby.rehearsal.story import ACTS, Dispatches, Keeps, Opens, Part, Policy, Scenario, Step

#: A story that people follow is shorter than this, and changes its policy less often.
MOST_STEPS, MOST_POLICIES = 1000, 20
#: And ends within ten years.
LONGEST = 3660 * 86_400

KEYS = ("scenario", "policy", "keeps", "timezone", "starts", "people", "story")

#: What may stand beside a deed that is about no case of the story.
BESIDE = {"opens": ("title", "with", "body"), "dispatches": ("with",)}

PARTS: tuple[Part, ...] = ("customer", "member", "stranger")


def read_scenario(path: Path, *, shown_as: str | None = None) -> Scenario:
    """The scenario in that file. PolicyError, worst problem first, for everything that cannot be played."""
    name = shown_as or str(path)
    return parse_scenario(file_text(path, name), name, path.parent)


def parse_scenario(text: str, file: str, folder: Path) -> Scenario:
    """The scenario of that text; its policy's path is relative to `folder`."""
    notes = Notes(file)
    root = Cursor(yaml_text.read(text, path=file), (), notes)
    scenario = None
    try:
        scenario = _scenario(root, file, folder)
    except Refused:
        assert notes.problems, "whoever refuses says why"
    if notes.problems or scenario is None:
        raise PolicyError(notes.problems)
    return scenario


def _scenario(root: Cursor, file: str, folder: Path) -> Scenario:
    root.mapping(KEYS, required=("scenario", "policy", "starts", "story"))
    where = root.maybe("timezone", lambda node: in_words(node, lambda: zone(node.text()))) or UTC
    starts = root.at("starts")
    begins = in_words(starts, lambda: parse_time(starts.text(), where))
    return Scenario(
        name=" ".join(root.at("scenario").text().split()),
        file=file,
        policy=path_of(root.at("policy"), folder),
        timezone=where.key,
        starts=begins,
        people=root.maybe("people", _people) or {},
        story=_story(root.at("story"), where, begins, folder),
        keeps=root.maybe("keeps", lambda node: tuple(each(node.one_or_more(), _keeps))) or (),
    )


def _people(cursor: Cursor) -> dict[str, Part]:
    return {login: part.choice(PARTS) for login, part in cursor.items()}


def _keeps(cursor: Cursor) -> Keeps:
    cursor.mapping(("says", "by"), required=("says", "by"))
    return Keeps(cursor.at("says").text(), texts(cursor.at("by")), cursor.node.line)


def _story(cursor: Cursor, where: tzinfo, starts: Instant, folder: Path) -> tuple[Step, ...]:
    steps: list[Step] = []
    policies: list[str] = []
    before, opened = starts, 0
    if len(cursor.node.value or ()) > MOST_STEPS:
        raise cursor.refused(
            f"This story has {len(cursor.node.value)} steps.", value="", hint=f"Write one of at most {MOST_STEPS}."
        )
    for item in cursor.entries():
        try:
            step = _step(item, Context(where, before, folder))
            _check_case(item, step, opened)
        except Refused:
            continue
        opened += isinstance(step.deed, Opens)
        if step.at > starts + LONGEST:
            hint = "Is the year right? Begin another story with a later `starts`."
            raise item.at("at").refused("This is more than ten years after the story starts.", hint=hint)
        policies += [step.deed.text] if isinstance(step.deed, Policy) else []
        if len(policies) > MOST_POLICIES or sum(map(len, policies)) > LARGEST:
            hint = f"At most {MOST_POLICIES} policies, {LARGEST // 1024} kB together; begin another story."
            raise item.refused("This story has more policies than can be looked at.", value="", hint=hint)
        steps.append(step)
        before = step.at
    if not cursor.node.value:
        raise cursor.refused("Nothing happens in this story.", hint="Start with somebody who `opens` a case.")
    return tuple(steps)


def _check_case(cursor: Cursor, step: Step, opened: int) -> None:
    if isinstance(step.case, str):
        return  # a duty's issue, which the desk opens
    if step.case is not None and step.case > opened:
        raise cursor.at("case").refused("This case has not been opened before this step.", rule="case")
    if not opened and isinstance(step.deed, tuple(ACTS.values())) and not isinstance(step.deed, (Opens, Dispatches)):
        raise cursor.refused("No case has been opened before this step.", value="", rule="case")


def _step(cursor: Cursor, context: Context) -> Step:
    keys = cursor.node.value if cursor.node.kind == "mapping" else {}
    verbs = [key for key in keys if key in DEEDS]
    verb = verbs[0] if verbs else ""
    who = ("who",) if verb in ACTS else ()
    beside = BESIDE.get(verb, ("case",) if who or verb == "expect" else ())
    cursor.mapping(("at", *who, *beside, *DEEDS), required=("at", *who))
    if len(verbs) != 1:
        said = (
            "A step is one deed; here are " + " and ".join(f"`{word}`" for word in verbs)
            if verbs
            else "This step does nothing"
        )
        raise cursor.refused(f"{said}.", value="", hint=f"Known: {', '.join(f'`{word}`' for word in DEEDS)}.")
    moment, case = cursor.at("at"), cursor.get("case")
    at = in_words(moment, lambda: times.instant(moment.text(), context.where, context.at))
    if at < context.at:
        above = times.time_words(context.at, context.where)
        raise moment.refused(f"This is before the step above, which is at {above}.", hint=times.SAYINGS, rule="order")
    deed = DEEDS[verb](cursor, cursor.at(verb), replace(context, at=at))
    return Step(at, cursor.node.line, deed, _case(case) if case else None)


def _case(cursor: Cursor) -> int | str:
    """A number, or the name of a duty."""
    return cursor.whole(least=1) if cursor.text().isdigit() else cursor.text()
