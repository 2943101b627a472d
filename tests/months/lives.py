"""What people do in a month of each process: stories of requests, drawn from a seed.

Each story is steps in order, `(seconds after the one before, who, what, …)`. Nothing in them is the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

MINUTE, HOUR, DAY = 60, 3_600, 86_400

#: What reports know and a process has not: written into its policy for these months, in place of what stands there.
AMENDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "msp-handoff": (
        ("commands:\n", "commands:\n  /excuse: { by: staff }\n"),
        (
            "incidents: { severity: P0 },",
            "incidents: { severity: [P0, P1] }, weights: { severity: { P0: 100%, P1: 40% }, state: { resolved: 5% } },",
        ),
    ),
    "priorities-and-help": (
        (
            "commands:",
            "customers: { north: { members: carla }, south: { members: conny } }\ncommands:\n  /excuse: { by: staff }",
        ),
    ),
    "tiered-cloud-support": (("commands:\n", "commands:\n  /excuse: { by: staff }\n"),),
    "client-front-door": (("commands:\n", "commands:\n  /excuse: { by: staff }\n"),),
    "delivery-rotation": (("commands:\n", "commands:\n  /excuse: { by: staff }\n"),),
}


@dataclass(frozen=True)
class Step:
    """One deed: `opens` (a form, its answers), `says`, `closes`, `reopens`, `assigns` or `deletes`."""

    wait: int
    who: str
    what: str
    text: str = ""
    form: str = ""
    answers: Mapping[str, str] | None = None


Story = list[Step]


def opens(who: str, form: str, title: str, /, **answers: str) -> Step:
    return Step(0, who, "opens", title, form, answers)


def says(wait: int, who: str, text: str) -> Step:
    return Step(wait, who, "says", text)


def excuses(draw: Random, who: str, *clocks: str) -> Story:
    """Now and then somebody says why something was missed: all of it, or one clock."""
    if draw.random() >= 0.3:
        return []
    clock = draw.choice(["", *clocks])
    return [says(_soon(draw, 2 * DAY), who, f"/excuse {clock + ': ' if clock else ''}the line was cut")]


def _soon(draw: Random, most: int) -> int:
    """Some seconds, mostly few, sometimes many, never a round number."""
    return max(7, int(draw.paretovariate(0.9) * 3 * MINUTE)) % most + draw.randrange(1, 50)


def priorities_and_help(draw: Random) -> Story:
    who = draw.choice(["carla", "conny"])
    staff = draw.choice(["ann", "bob", "cid"])
    form = draw.choice(["problem", "change", "guidance", "access"])
    priority = draw.choice(["normal", "normal", "urgent"])
    answers = {
        "problem": {"what": "It hangs", "reach": draw.choice(["many", "some", "none"])},
        "change": {"change": "A record"},
        "guidance": {"question": "How?"},
        "access": {"who": "dora", "what": "Add", "systems": "All"},
    }[form]
    down = form == "problem" and answers["reach"] == "many" and draw.random() < 0.6
    steps = [opens(who, form, f"{form} of {who}", priority=priority, **answers)]
    if down:
        steps.append(says(_soon(draw, HOUR), staff, "/priority production-down"))
    if draw.random() < 0.2:
        steps.append(says(_soon(draw, 2 * HOUR), who, "@help please"))
    if draw.random() < 0.15:
        steps.append(says(_soon(draw, HOUR), staff, "/wait for a log"))
        steps.append(says(_soon(draw, DAY), who, "Here it is"))
    if draw.random() < 0.9:
        steps.append(says(_soon(draw, 2 * DAY), staff, "I am on it"))
    if down:
        steps.append(says(_soon(draw, 4 * HOUR), staff, "/resolved"))
        steps.append(says(_soon(draw, HOUR), staff, f"/cause {draw.choice(['hosting-platform', 'change', 'unknown'])}"))
        if draw.random() < 0.7:
            steps.append(says(_soon(draw, 4 * DAY), staff, "/post-mortem docs/incidents/one.md"))
    steps += excuses(draw, staff, "first-response")
    if draw.random() < 0.8:
        steps.append(says(_soon(draw, 3 * DAY), staff, "/close"))
        if not down and draw.random() < 0.1:
            steps.append(Step(_soon(draw, DAY), staff, "reopens"))
    return steps


def client_front_door(draw: Random) -> Story:
    steps = [opens("carla", "request", "Nothing works", what="It is down")]
    steps.append(says(_soon(draw, 10 * MINUTE), draw.choice(["sana", "sami"]), "Looking at it"))
    steps += excuses(draw, "sana")
    if draw.random() < 0.6:
        steps.append(
            says(_soon(draw, 2 * HOUR), "sana", f"/severity {draw.choice(['critical', 'high', 'medium', 'low'])}")
        )
        if draw.random() < 0.4:
            steps.append(says(_soon(draw, HOUR), "sana", "/no-answer"))
        steps.append(says(_soon(draw, HOUR), draw.choice(["lena", "bilal"]), "/ack"))
        if draw.random() < 0.5:
            steps.append(says(_soon(draw, HOUR), "devi", "/update on it"))
            steps.append(says(_soon(draw, HOUR), "sana", "/relayed"))
        if draw.random() < 0.8:
            steps.append(says(_soon(draw, 9 * DAY), "devi", "/resolved"))
            if draw.random() < 0.6:
                steps.append(says(_soon(draw, 4 * DAY), "carla", "/confirm"))
                steps.append(says(_soon(draw, DAY), "sana", "/close"))
    return steps


def delivery_rotation(draw: Random) -> Story:
    who = draw.choice(["tom", "tina"])
    form = draw.choice(["page", "support", "support", "feature"])
    answers = {"page": {"what": "Fire"}, "support": {"question": "How?"}, "feature": {"need": "More"}}[form]
    steps = [opens(who, form, f"{form} by {who}", **answers)]
    if draw.random() < 0.9:
        staff = draw.choice(["dana", "eli", "fay", "gus"])
        limit = 40 * MINUTE if form == "page" else 2 * DAY
        steps.append(says(_soon(draw, limit), staff, draw.choice(["/ack", "Hello there", "/assign"])))
    steps += excuses(draw, "dana")
    if draw.random() < 0.7:
        steps.append(says(_soon(draw, 3 * DAY), draw.choice(["dana", who]), "/close"))
        if draw.random() < 0.1:
            steps.append(Step(_soon(draw, DAY), "dana", "reopens"))
    return steps


def msp_handoff(draw: Random) -> Story:
    if draw.random() < 0.15:
        return _maintenance(draw)
    operator = draw.choice(["abe", "ada"])
    severity = draw.choice(["P0", "P0", "P1", "P2", "P3"])
    steps = [opens("clara", "problem", f"Portal {severity}", product="portal", severity=severity, impact="All of it")]
    if draw.random() < 0.9:
        steps.append(says(_soon(draw, 2 * HOUR), operator, draw.choice(["/ack", "We look at it"])))
    if draw.random() < 0.5:
        steps.append(says(_soon(draw, HOUR), operator, "/public-title The portal does not answer"))
        steps.append(says(_soon(draw, HOUR), operator, "/update We are looking for the cause."))
    if draw.random() < 0.2:
        steps.append(says(_soon(draw, HOUR), operator, f"/severity {draw.choice(['P0', 'P1', 'P2'])}"))
    steps.append(
        says(_soon(draw, HOUR), operator, f"/classification {draw.choice(['infrastructure', 'configuration'])}")
    )
    if severity == "P0" or draw.random() < 0.9:  # one that is never over hides all others by its weight
        steps.append(says(_soon(draw, 8 * HOUR), operator, "/resolved"))
        steps.append(says(_soon(draw, HOUR), operator, "/root-cause a full disk"))
        steps.append(says(_soon(draw, HOUR), operator, "/runbook no change"))
        steps += excuses(draw, operator, "resolution")
        if draw.random() < 0.7:
            steps.append(says(_soon(draw, 4 * DAY), operator, "/post-mortem docs/incidents/two.md"))
        if draw.random() < 0.8:
            steps.append(says(_soon(draw, 2 * DAY), operator, "/close"))
    return steps


def _maintenance(draw: Random) -> Story:
    """Announced three days ahead, relative to when it is opened: `{+N}` is that many seconds later."""
    begin = 3 * DAY + draw.randrange(0, 20) * HOUR
    end = begin + draw.randrange(1, 5) * HOUR
    answers = {
        "product": "portal",
        "starts": f"{{+{begin}}}",
        "ends": f"{{+{end}}}",
        "what": "Disks",
        "emergency": "No",
    }
    steps = [opens("abe", "maintenance", "Disks are changed", **answers)]
    if draw.random() < 0.2:
        steps.append(says(_soon(draw, DAY), "ada", "/close"))
    return steps


def tiered_cloud_support(draw: Random) -> Story:
    first = draw.choice(["santhosh", "dinesh"])
    many = draw.choice(["none", "some", "much"])
    answers = {"who": "Us", "what": "Slow", "where": "Here", "when": "{+-600}", "how": "So"}
    weighed = dict.fromkeys(["users", "customers", "impact", "us", "stakeholder"], many)
    steps = [opens("carla", "incident", "It is slow", **answers, **weighed)]
    severity = draw.choice(["high", "low", "minor"])
    steps.append(says(_soon(draw, HOUR), first, f"/severity {severity}"))
    if severity != "minor":
        route = draw.choice(["engineering-manager", "on-call"])
        steps.append(says(_soon(draw, 3 * HOUR), "dinesh", f"/route {route}"))
        steps.extend(says(_soon(draw, 4 * HOUR), "noah", "/update working on it") for _ in range(draw.randrange(0, 3)))
        if draw.random() < 0.5:
            steps.append(says(_soon(draw, HOUR), "raja", draw.choice(["/mitigated", "/mitigated {clock-900}"])))
            if draw.random() < 0.4:
                steps.append(says(_soon(draw, HOUR), "raja", "/mitigated {clock-1500}"))  # no, earlier
    steps += excuses(draw, "raja")
    if draw.random() < 0.9:
        steps.append(says(_soon(draw, DAY), "raja", "/resolved"))
        steps.append(says(_soon(draw, HOUR), "raja", "/root-cause load"))
        steps.append(says(_soon(draw, HOUR), "raja", f"/cause {draw.choice(['release', 'load'])}"))
        steps.append(says(_soon(draw, DAY), "raja", "/close"))
    elif draw.random() < 0.5:
        steps.append(says(_soon(draw, DAY), "raja", "/close false-alarm: the probe"))
    return steps


LIVES: Mapping[str, Callable[[Random], Story]] = {
    "client-front-door": client_front_door,
    "delivery-rotation": delivery_rotation,
    "msp-handoff": msp_handoff,
    "priorities-and-help": priorities_and_help,
    "tiered-cloud-support": tiered_cloud_support,
}
#: Who asks, beside the policy's own people; the teammates of a desk that only serves its own organisation.
ASKERS: Mapping[str, tuple[str, ...]] = {
    "client-front-door": ("carla",),
    "delivery-rotation": (),
    "msp-handoff": (),
    "priorities-and-help": ("carla", "conny"),
    "tiered-cloud-support": ("carla",),
}
MEMBERS: Mapping[str, tuple[str, ...]] = {"delivery-rotation": ("tom", "tina")}
