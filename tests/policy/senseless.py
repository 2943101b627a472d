"""One row a rule of sense: a policy that loads and makes no sense, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.policy.policies import SMALL, small, with_rota


@dataclass(frozen=True)
class Row:
    """The rule, the text, and of each problem its place (the policy's own unless a file is named) and the message."""

    rule: str
    text: str
    said: list[tuple[str, str]]
    around: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def hours(body: str) -> str:
    """The small policy with another body of its calendar."""
    return small(('hours: { mon-fri: ["09:00-17:00"] }', body))


def clock(body: str) -> str:
    """The small policy with something else in place of its clock's target."""
    return small(("    target: 4h", body))


def ladder(rungs: str) -> str:
    """The small policy with another ladder."""
    return small(("ladder: [{ at: due, notify: lead, via: chat }]", f"ladder: [{rungs}]"))


def with_section(section: str, *changes: tuple[str, str]) -> str:
    """The small policy with another section, and perhaps more changes."""
    return small(("clocks:\n", f"{section}\nclocks:\n"), *changes)


def published(show: str, *, name: str = "Shop", uptime: str = "uptime: { by: product }\n", more: str = "") -> str:
    """The small policy with a product that is published."""
    return with_section(
        f"products: {{ shop: {{}} }}\n{uptime}customers: {{ acme-corp: {{ members: [carla] }} }}\n"
        f'publish: {{ title: Status, url: "https://x.example/", products: {{ shop: {name} }}, show: [{show}]{more} }}',
        ("  type: {", "  product: { label: product/ }\n  type: {"),
    )


NAMES_ACME = "it names the customer acme-corp, and `publish.customers` does not"
ROTA = "timezone: Europe/Brussels, handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }"
AWAY, AWAY_FROM = "{ away: [2027-03-01] }", "Mon 1 Mar 2027, 00:00 until Tue 2 Mar 2027, 00:00"
ABSENT = "Wed 2 Dec 2026, 00:00 until Wed 2 Dec 2026, 12:00"
TWICE = "Tue 1 Dec 2026, 00:00 until Wed 2 Dec 2026, 00:00: both calls of clock `answer` reach the same person."
TWO_ENTRIES = "Two entries say who is on call in rota `week` at the same time: this one and"


def swaps(more: str = "", *changes: tuple[str, str]) -> str:
    """The small policy with a rota of ann and bob that has overrides; ann is on call in the week of 30 November."""
    text = with_rota(f"{{ {ROTA}, members: [bob, ann], overrides: rota.yml{more} }}")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def two_rotas(week: str, late: str) -> str:
    """The small policy with two rotas that one ladder calls, the second with overrides."""
    rotas = f"week: {{ {ROTA}, members: {week} }}, late: {{ {ROTA}, members: {late}, overrides: rota.yml }}"
    rungs = "{ at: due, page: lead, via: chat }, { at: due + 1h, page: backup, via: chat }"
    return small(
        ("roles:", f"rotas: {{ {rotas} }}\nroles:"),
        ("lead: bob", "lead: { rota: week }, backup: { rota: late }"),
        ("{ at: due, notify: lead, via: chat }", rungs),
    )


def entries(*lines: tuple[str, str, str]) -> str:
    """A rota's file, an entry a line: from, until, and who."""
    return "".join(f"- {{ from: {begin}, until: {end}, on: {who} }}\n" for begin, end, who in lines)


PRODUCT = ("  type: { label: type/ }", "  type: { label: type/ }\n  product: { label: product/ }")

WORKFLOW = """\
on: issues
jobs:
  triage:
    steps:
      - uses: $/actions/triage
        env: { OTHER: "${{ secrets.OTHER }}" }
"""
TRIAGE = "jobs: {{ desk: {{ steps: [{{ uses: $/actions/triage, env: {{ {env} }} }}] }} }}"
WORKFLOWS = {".github/workflows/triage.yml": WORKFLOW}


def desk_that_uses(action: str) -> dict[str, Any]:
    """A workflow that uses this action, in a repository that holds the action `triage`."""
    text = WORKFLOW.replace("$/actions/triage", action)
    return {"workflows": {".github/workflows/triage.yml": text}, "actions": frozenset({"actions/triage"})}


FORM = """\
name: A request
description: Anything.
labels: [type/request]
body:
- type: dropdown
  id: priority
  attributes: { label: Priority, options: [High, Medium] }
  validations: { required: true }
"""
FORMS = {
    ".github/ISSUE_TEMPLATE/request.yml": FORM,
    ".github/ISSUE_TEMPLATE/config.yml": "blank_issues_enabled: false\n",
}

BRITISH = (
    "Easter Monday (ENG, NIR, WLS), Late Summer Bank Holiday (ENG, NIR, WLS), Battle of the Boyne (NIR), "
    "New Year Holiday (SCT), Saint Andrew's Day (SCT)"
)

ROWS = [
    Row("calendar-never-opens", hours("hours: {}"), [("5:14", "This calendar never opens.")]),
    Row(
        "windows-overlap",
        hours('hours: { mon-fri: ["09:00-13:00", "12:00-17:00"] }'),
        [("5:85", "This window overlaps 09:00-13:00 on mon, tue, wed, thu, fri.")],
    ),
    Row(
        "window-reversed",
        hours('hours: { mon-fri: ["17:00-09:00"] }'),
        [("5:70", "This window lasts 16 hours, over midnight.")],
    ),
    Row(
        "holidays-unknown",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: XX }'),
        [("5:109", "No public holidays are known for country “XX”.")],
    ),
    Row(
        "holidays-unknown",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: DE, subdivision: BX }'),
        [("5:126", "“BX” is not a subdivision of DE (it has BB, BE, BW, BY, HB, HE, …).")],
    ),
    Row(
        "holidays-end",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: BE }'),
        [("5:109", "No public holiday of BE is known for 2101.")],
        around={"now": 4102444800},
    ),
    Row(
        "zone-with-fixed-offset",
        small(
            ("ann: {}, bob: {}", "ann: { timezone: Etc/GMT+3 }, bob: { timezone: EST }"),
            ("lead: bob", "lead: [bob]"),
        ),
        [
            ("4:28", "`Etc/GMT+3` is UTC-03:00: its sign is the other way round."),
            ("4:58", "`EST` never has summer time."),
        ],
    ),
    Row(
        "holidays-end",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: LK }'),
        [("5:109", "No public holiday of LK is known for 2027.")],
    ),
    Row("holidays-end", hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: LK, until: 2027-01-01 }'), []),
    Row(
        "holidays-unknown",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: GB, categories: [public, optional] }'),
        [("5:125", "“optional” is not a category of holidays of GB.")],
    ),
    Row(
        "holidays-unknown",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: BE, half-days: "12:00" }'),
        [("5:124", "No half-days of BE are known.")],
    ),
    Row(
        "holidays-of-parts",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: GB }'),
        [
            (
                "5:109",
                f"On days that only parts of GB have, promises run: {BRITISH} and 2 more.",
            )
        ],
    ),
    Row("holidays-of-parts", hours("hours: {}, holidays: { country: GB, subdivision: none }"), []),
    Row(
        "holiday-name-unknown",
        hours('hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: DE, subdivision: BY, also: Rosenmontg }'),
        [("5:136", "No holiday of DE is called “Rosenmontg”.")],
    ),
    Row(
        "sprints-later",
        hours('hours: { mon-fri: ["09:00-17:00"] }, sprints: { every: 2 weeks, from: 2027-01-04 }'),
        [("5:121", "The first sprint begins Mon 4 Jan 2027, 00:00: until then no sprint ends.")],
    ),
    Row(
        "rota-not-started",
        with_rota(
            "{ timezone: UTC, handover: { every: 1 week, at: monday 10:00, from: 2027-01-04 }, members: [ann, bob] }"
        ),
        [("6:84", "Nobody is on call before the first hand-over, Mon 4 Jan 2027, 10:00.")],
    ),
    Row(
        "follows-no-webhook",
        with_rota(
            "{ timezone: UTC, handover: { every: 1 week, at: monday 10:00 }, members: [ann, bob],"
            " follow: [{ group: us, via: chat }] }"
        ),
        [("6:128", "`chat` is of the kind `apprise`: it tells people, and sets no group.")],
    ),
    Row(
        "rota-gap",
        swaps("", ("people: { ann: {}, bob: {} }", f"people: {{ ann: {AWAY}, bob: {AWAY} }}")),
        [("6:119", f"Everybody in the rota `week` is away from {AWAY_FROM}: nobody is on call.")],
        files={"rota.yml": "[]"},
    ),
    Row(
        "overrides-overlap",
        swaps(),
        [
            ("rota.yml:2:3", f"{TWO_ENTRIES} line 1."),
            ("rota.yml:4:3", f"{TWO_ENTRIES} line 3."),
        ],
        files={
            "rota.yml": entries(
                ("2026-12-01T00:00", "2026-12-03T00:00", "bob, instead-of: ann"),
                ("2026-12-02T00:00", "2026-12-04T00:00", "bob, instead-of: ann"),
                ("2026-12-08T00:00", "2026-12-10T00:00", "ann"),
                ("2026-12-09T00:00", "2026-12-11T00:00", "ann, instead-of: bob"),
                # What is chained, or only touches, or is of the other week's person, or is over, is no overlap.
                ("2026-12-15T00:00", "2026-12-17T00:00", "bob, instead-of: ann"),
                ("2026-12-16T00:00", "2026-12-17T00:00", "ann, instead-of: bob"),
                ("2026-12-17T00:00", "2026-12-18T00:00", "bob, instead-of: ann"),
                ("2026-12-29T00:00", "2026-12-31T00:00", "bob"),
                ("2026-12-30T00:00", "2026-12-31T00:00", "ann, instead-of: bob"),
                ("2026-11-01T00:00", "2026-11-05T00:00", "bob"),
                ("2026-11-02T00:00", "2026-11-03T00:00", "bob"),
            )
        },
    ),
    Row(
        "override-outside-rota",
        swaps("", ("from: 2026-01-05", "from: 2026-12-07, until: 2027-12-06")),
        [
            ("rota.yml:1:3", "This lies before the life of rota `week`, which begins Mon 7 Dec 2026, 10:00."),
            ("rota.yml:3:3", "This lies after the life of rota `week`, which ends Mon 6 Dec 2027, 00:00."),
        ],
        files={
            "rota.yml": entries(
                ("2026-12-07T09:59", "2026-12-08T00:00", "bob"),
                ("2026-12-07T10:00", "2026-12-08T00:00", "bob, instead-of: ann"),
                ("2027-12-05T00:00", "2027-12-06T00:01", "ann"),
                ("2026-11-01T00:00", "2026-11-02T00:00", "bob"),
            )
        },
    ),
    Row(
        "override-says-nothing",
        swaps(),
        [
            ("rota.yml:2:3", "`bob` is not on call in rota `week` then: `ann` is. This swap changes nothing."),
            ("rota.yml:3:3", "ann would be on call in rota `week` then anyway: this covers nobody."),
            ("rota.yml:4:3", "ann would be on call in rota `week` then anyway: this covers nobody."),
        ],
        files={
            "rota.yml": entries(
                ("2026-12-08T00:00", "2026-12-09T00:00", "ann, instead-of: bob"),
                ("2026-12-01T00:00", "2026-12-02T00:00", "ann, instead-of: bob"),
                ("2026-12-02T00:00", "2026-12-03T00:00", "ann"),
                ("2026-12-03T00:00", "2026-12-04T00:00", "ann, instead-of: ann"),
                ("2026-11-03T00:00", "2026-11-04T00:00", "ann, instead-of: bob"),
            )
        },
    ),
    Row(
        "override-too-long",
        swaps(),
        [("rota.yml:1:3", "This lasts 4 years, until Sun 1 Dec 2030, 00:00.")],
        files={
            "rota.yml": entries(
                ("2026-12-01T00:00", "2030-12-01T00:00", "bob, instead-of: ann"),
                ("2030-12-01T00:00", "2031-12-01T00:00", "bob, instead-of: ann"),
            )
        },
    ),
    Row(
        "override-at-midnight",
        swaps(),
        [
            ("rota.yml:1:3", "A date is its midnight: shifts of rota `week` change at 10:00, and this one at 00:00."),
            ("rota.yml:2:3", "A date is its midnight: shifts of rota `week` change at 10:00, and this one at 00:00."),
        ],
        files={
            "rota.yml": entries(
                ("2026-12-01", "2026-12-02", "bob, instead-of: ann"),
                ("2026-12-03T10:00", "2026-12-04", "bob, instead-of: ann"),
                ("2026-12-05T00:00", "2026-12-06T00:00", "bob, instead-of: ann"),
                # Where it changes nobody's shift, the date is no hand-over.
                ("2026-12-07", "2026-12-08", "bob, instead-of: bob"),
            )
        },
    ),
    Row(
        "override-of-absent",
        swaps("", ("bob: {}", "bob: { away: [2026-12-02] }")),
        [("rota.yml:1:3", f"`bob` is away from {ABSENT}, and cannot stand in for rota `week` then.")],
        files={
            "rota.yml": entries(
                ("2026-12-01T00:00", "2026-12-02T12:00", "bob, instead-of: ann"),
                ("2026-12-04T00:00", "2026-12-05T12:00", "bob, instead-of: ann"),
            )
        },
    ),
    Row(
        "in-two-rotas",
        two_rotas("[bob, ann]", "[ann, bob]"),
        [("6:133", f"ann is on call in rotas `week` and `late` at once from {TWICE}")],
        files={"rota.yml": entries(("2026-12-01T00:00", "2026-12-02T00:00", "ann, instead-of: bob"))},
    ),
    Row(
        "stands-in-twice",
        two_rotas("[bob, ann]", "[ann, bob]"),
        [("rota.yml:1:3", "`bob` is on call in rota `week` while this puts them on call in rota `late` too.")],
        files={
            "rota.yml": entries(
                ("2026-12-08T00:00", "2026-12-09T00:00", "bob, instead-of: ann"),
                # Again: it has no effect any more, which is said elsewhere.
                ("2026-12-08T06:00", "2026-12-09T00:00", "bob, instead-of: ann"),
                ("2026-11-03T00:00", "2026-11-04T00:00", "bob, instead-of: ann"),
            )
        },
    ),
    Row(
        "page-nobody",
        small(("bob: {}", "bob: { away: [2026-12-24/2026-12-31] }"), ("notify: lead", "page: lead")),
        [("18:31", "Nobody holds the role `lead` at Thu 24 Dec 2026, 00:00.")],
    ),
    Row(
        "role-empty",
        small(("bob: {}", "bob: { away: [2026-12-24/2026-12-31] }")),
        [("18:33", "Nobody holds the role `lead` at Thu 24 Dec 2026, 00:00.")],
    ),
    Row(
        "role-empty",
        small(("lead: bob", "lead: { association: member }")),
        [("18:33", "`lead` names nobody: an association only tells who is of the house.")],
    ),
    Row(
        "role-empty",
        small(("lead: bob", "lead: { when: { priority: high }, people: [bob] }")),
        [("18:33", "Nobody holds the role `lead` where no `when` of it applies.")],
    ),
    Row(
        "when-never",
        with_section(
            "rules: [{ when: { priority: high, type: other }, label: x }]",
            ("forms: { request", 'forms: { other: { name: Other, about: Else., ask: { what: "What?" } }, request'),
            ("high: High", "high: { name: High, only: { type: request } }"),
        ),
        [("13:17", "No case can meet these conditions: `type` would have to be `request` and `other` at once.")],
    ),
    Row(
        "when-never",
        clock("    when: { priority: low }\n    target: [{ when: { priority: high }, within: 1h }, { within: 4h }]"),
        [("18:14", "No case can meet these conditions: `priority` would have to be `high` and `low` at once.")],
    ),
    Row(
        "when-never",
        ladder("{ at: due, when: { during: office, outside: office }, notify: lead, via: chat }"),
        [("18:31", "No case can meet these conditions: `office` cannot be open and closed at once.")],
    ),
    Row(
        "clock-circle",
        small(
            (
                "clocks:\n",
                (
                    "clocks:\n  a: { start: b stops, stop: closed, target: 1h }\n"
                    "  b: { start: [opened, a stops], stop: closed, target: 1h }\n"
                ),
            )
        ),
        [("14:15", "These clocks start each other for ever.")],
    ),
    Row(
        "clock-circle",
        small(("clocks:\n", "clocks:\n  a: { start: [opened, a due], stop: closed, target: 1h }\n")),
        [("14:15", "These clocks start each other for ever.")],
    ),
    Row(
        "clock-never-starts",
        small(("clocks:\n", "clocks:\n  a: { start: a stops, stop: closed, target: 1h }\n")),
        [("14:15", "`a` starts only on its own stop.")],
    ),
    Row(
        "clock-never-stops",
        clock("    target: 4h").replace("stop: comment by staff", "stop: answer due"),
        [("16:11", "Nothing that happens can stop `answer`.")],
    ),
    Row(
        "clock-never-stops",
        clock("    target: 4h").replace("stop: comment by staff", "stop: [answer stops, mitigated]"),
        [("16:11", "Nothing that happens can stop `answer`.")],
    ),
    Row(
        "waiting-without-command",
        clock("    pause: waiting\n    target: 4h"),
        [("17:12", "The policy has no `/wait`: no case ever waits.")],
    ),
    Row(
        "incident-without-ties",
        clock("    when: { part-of: any }\n    pause: incident resolved\n    target: 4h"),
        [
            ("17:11", "The policy has no `/part-of`: no request is ever part of an incident."),
            ("18:12", "The policy has no `/part-of`: no request is ever part of an incident."),
        ],
    ),
    Row(
        "stage-without-promises",
        with_section(
            "products: { shop: { launched: 2026-01-01 } }\n"
            "stages: { development: { promises: none }, live: { from: launched } }",
            PRODUCT,
            ("    target: 4h", "    when: { stage: [development, live] }\n    target: 4h"),
        ),
        [("20:20", "In stage `development` nothing is promised: this clock does not run there.")],
    ),
    Row(
        "post-mortem-unasked",
        clock("    target: 4h").replace("stop: comment by staff", "stop: post-mortem merged"),
        [("16:11", "The policy asks for no post-mortems.")],
    ),
    Row(
        "milestone-unasked",
        clock("    target: 4h").replace("stop: comment by staff", "stop: mitigated"),
        [("16:11", "No case is an incident: this is never reached.")],
    ),
    Row(
        "related-in-sight",
        with_section("incidents: { when: { type: request }, related: { notify: lead } }"),
        [("13:48", "The customer would read which cases are alike.")],
    ),
    Row(
        "milestone-by-command",
        with_section(
            "incidents: { when: { type: request }, milestones: { resolved: /ack } }",
            ("    target: 4h", "    when: { type: request }\n    target: 4h"),
            ("stop: comment by staff", "stop: [/ack, comment by staff]"),
        ).replace("/ack: { by: staff }", "/ack: { by: staff, takes: { at: optional time } }"),
        [("17:11", "This counts from when `/ack` is said, whatever time is said with it.")],
    ),
    Row(
        "value-without-target",
        clock("    target: { priority: { high: 1h } }"),
        [("17:13", "`priority` `low` has no target.")],
    ),
    Row(
        "target-never-reached",
        clock("    target: [{ within: 4h }, { when: { priority: high }, within: 1h }]"),
        [("17:13", "`4h` always applies: `1h` is never reached.")],
    ),
    Row(
        "rung-never",
        ladder("{ after: 10m, notify: lead, via: chat }"),
        [("18:23", "`after` needs a rung before it.")],
    ),
    Row(
        "rung-never",
        ladder("{ at: due, notify: lead, via: chat, close: true }, { at: due + 1h, notify: lead, via: chat }"),
        [("18:65", "The rung before closes the issue: this one never comes.")],
    ),
    Row(
        "rung-never",
        clock("    target: none"),
        [("18:13", "This has a ladder and no target: no rung is ever reached.")],
    ),
    Row(
        "rung-order",
        ladder("{ at: due, notify: lead, via: chat }, { at: 75%, notify: lead, via: chat }"),
        [("18:58", "`75%` comes before `due`, which is written first.")],
    ),
    Row(
        "rung-before-start",
        ladder("{ at: due - 5h, notify: lead, via: chat }"),
        [("18:20", "`due-5h` of a promise of 4h is before its start.")],
    ),
    Row(
        "rung-at-times",
        ladder("{ at: due, when: { during: office }, notify: lead, via: chat }, { after: 15m, page: lead, via: chat }"),
        [("18:31", "At other times than `during: office` this step calls nobody: the next one is taken at once.")],
    ),
    Row("does-nothing", ladder("{ at: due }"), [("18:14", "Nothing is done here.")]),
    Row(
        "via-for-nobody",
        ladder("{ at: due, label: late, via: chat }, { at: due + 1h, notify: lead, via: chat }"),
        [("18:43", "`via` needs `notify` or `page` beside it.")],
    ),
    Row(
        "page-without-channel",
        ladder("{ at: due, page: lead }, { at: due + 1h, notify: lead, via: chat }"),
        [("18:31", "`page` needs a channel.")],
    ),
    Row(
        "unlabel-unknown",
        ladder("{ at: due, unlabel: late, notify: lead, via: chat }"),
        [("18:34", "Nothing here adds the label `late`.")],
    ),
    Row(
        "form-empty",
        small(('choose: [priority], ask: { what: "What?" }', "ask: {}")),
        [("11:10", "GitHub shows no form that asks nothing.")],
    ),
    Row(
        "form-same-heading",
        small(('ask: { what: "What?" }', 'ask: { what: "What?", why: "what?" }')),
        [("11:98", "`why` asks by the same words as `what`: in an issue they cannot be told apart.")],
    ),
    Row(
        "form-same-heading",
        small(('ask: { what: "What?" }', 'ask: { what: "What  is it?", why: "what is it? " }')),
        [("11:105", "`why` asks by the same words as `what`: in an issue they cannot be told apart.")],
    ),
    Row(
        "options-alike",
        small(("low: Low", 'low: Low, medium: "low "')),
        [("10:65", "`low ` differs from `Low` only in capitals or spaces: `priority` cannot tell which was chosen.")],
    ),
    Row(
        "options-alike",
        small(('what: "What?"', 'what: { ask: "What?", options: [A hand, a  Hand, other] }')),
        [
            (
                "11:123",
                "`a  Hand` differs from `A hand` only in capitals or spaces: `what` cannot tell which was chosen.",
            )
        ],
    ),
    Row(
        "options-alike",
        with_section("products: { shop: { name: Shop }, site: { name: SHOP } }", PRODUCT),
        [("14:35", "`SHOP` differs from `Shop` only in capitals or spaces: `product` cannot tell which was chosen.")],
    ),
    Row(
        "labels-alike",
        small(("low: Low", "low: Low, HIGH: Highest")),
        [("10:65", "Labels ignore capitals: `priority/HIGH` and `priority/high` are one.")],
    ),
    Row(
        "labels-alike",
        small(("  priority: {", "  state: { label: Priority/, values: { done: Done } }\n  priority: {")),
        [
            (
                "11:3",
                "Labels ignore capitals: `priority/…` are `Priority/…`, and a label would be of either field.",
            )
        ],
    ),
    Row(
        "labels-alike",
        small(("forms: {", 'forms: { Request: { name: Another, about: Else., ask: { what: "What?" } },')),
        [("11:76", "Labels ignore capitals: `type/request` and `type/Request` are one.")],
    ),
    Row(
        "label-respelled",
        small(
            ("{ at: due, notify: lead, via: chat }", "{ at: 75%, label: [late, seen] }, { at: due, label: Late }"),
            ("/ack: { by: staff }", "/ack: { by: staff, unlabel: LATE, label: Priority/High }"),
        ),
        [
            ("12:41", "`LATE` is the label `late`: a repository has one spelling of each."),
            ("12:54", "`Priority/High` is the label `priority/high`: a repository has one spelling of each."),
            ("18:66", "`Late` is the label `late`: a repository has one spelling of each."),
        ],
    ),
    Row(
        "accounts-alike",
        with_section("customers: { acme: { members: [carla] }, bolt: { members: [dan, Carla] } }"),
        [
            (
                "13:65",
                "`Carla` is of customer `acme` as well, and counts there: names ignore capitals.",
            )
        ],
    ),
    Row(
        "accounts-alike",
        with_section("customers: { acme: { repositories: [a/b] }, bolt: { repositories: [A/B] } }"),
        [
            (
                "13:68",
                "`A/B` is of customer `acme` as well, and counts there: names ignore capitals.",
            )
        ],
    ),
    Row(
        "accounts-alike",
        small(("{ apprise: CHAT_URL }", "{ apprise: CHAT_URL, says: said, as: { ann: U1, Ann: U2 } }")),
        [("7:67", "`Ann` and `ann` are one account: logins ignore capitals.")],
    ),
    Row(
        "names-alike",
        small(("{ chat: {", "{ Chat: { console: LOG }, chat: {")),
        [("7:37", "`chat` differs from `Chat` only in capitals or spaces: people take one for the other.")],
    ),
    Row(
        "names-alike",
        with_section("customers: { Acme Corp: { members: [carla] }, acme  corp: { members: [dan] } }"),
        [("13:47", "`acme  corp` differs from `Acme Corp` only in capitals or spaces: people take one for the other.")],
    ),
    Row(
        "names-alike",
        small(("lead: bob }", "lead: bob, Ann: ann }")),
        [("6:52", "A role and a person, `ann`, have one name: a name that calls one is taken for the other.")],
    ),
    Row(
        "form-same-id",
        small(('ask: { what: "What?" }', 'ask: { priority: "How soon?" }')),
        [("11:83", "`priority` is asked twice in this form: as a field and as a question.")],
    ),
    Row(
        "form-same-name",
        small(("forms: {", 'forms: { other: { name: A Request, about: Else., ask: { what: "What?" } },')),
        [("11:93", "Form `other` has this name as well: GitHub shows only one of them.")],
    ),
    Row(
        "form-called-config",
        small(("forms: { request:", "forms: { config:")),
        [("11:10", "GitHub keeps the file config.yml for the chooser of forms: no form can be in it.")],
    ),
    Row(
        "form-nothing-to-choose",
        small(
            ("  priority: { label", "  empty: { label: empty/ }\n  priority: { label"),
            ("choose: [priority]", "choose: [priority, empty]"),
        ),
        [("12:75", "There is nothing to choose: `empty` has no values.")],
    ),
    Row(
        "form-out-of-step",
        SMALL,
        [
            (
                ".github/ISSUE_TEMPLATE/request.yml:1:1",
                "This form is out of step with the policy: `body.0.attributes.options.1` should be `Low`.",
            )
        ],
        around={"forms": FORMS},
    ),
    Row(
        "form-out-of-step",
        SMALL,
        [
            (".github/ISSUE_TEMPLATE/config.yml:1:1", "This form of the policy has no file."),
            (".github/ISSUE_TEMPLATE/request.yml:1:1", "This form of the policy has no file."),
        ],
        around={"forms": {}},
    ),
    Row(
        "form-left-over",
        SMALL,
        [(".github/ISSUE_TEMPLATE/bug.yml:1:1", "The policy has no such form: requests by it have no type.")],
        around={"forms": {".github/ISSUE_TEMPLATE/bug.yml": "name: Bug\n"}},
    ),
    Row(
        "stage-without-date",
        with_section("products: { shop: { launched: 2026-01-01 } }\nstages: { development: {}, live: {} }", PRODUCT),
        [("15:28", "This stage has no `from`: every product would be in it at once.")],
    ),
    Row(
        "dates-out-of-order",
        with_section(
            "products: { shop: { launched: 2026-03-01, signed-off: 2026-02-01 } }\n"
            "stages: { development: {}, live: { from: launched }, over: { from: signed-off } }",
            PRODUCT,
        ),
        [("14:55", "`signed-off` is before `launched`, whose stage comes first.")],
    ),
    Row(
        "stages-without-products",
        with_section(
            "products: { shop: { launched: 2026-03-01 } }\nstages: { development: {}, live: { from: launched } }"
        ),
        [("14:1", "No case is ever in a stage: there is no field `product`.")],
    ),
    Row(
        "duty-for-nothing",
        with_section("duties: { report: { schedule: { every: 1 month }, for: customer, do: { report: monthly } } }"),
        [("13:56", "This policy has no customers: this duty never comes.")],
    ),
    Row(
        "duty-idle",
        with_section("duties: { report: { schedule: { every: 1 month } } }"),
        [("13:11", "This duty has nothing to be done.")],
    ),
    Row(
        "duty-unowned",
        with_section("duties: { test: { schedule: { every: 1 month }, checklist: [Restored] } }"),
        [("13:11", "This duty has no owner.")],
    ),
    Row(
        "date-of-nothing",
        with_section(
            "products: { shop: { live: 2026-01-20 } }\n"
            "duties: { test: { schedule: { after: live }, owner: lead, checklist: [Restored] } }"
        ),
        [("14:38", "Only a product has dates: this duty never comes.")],
    ),
    Row(
        "silent-for-ever",
        with_section("duties: { test: { schedule: { every: 1 month }, owner: lead, silent: true, checklist: [X] } }"),
        [("13:70", "`silent` needs `expects` beside it.")],
    ),
    Row(
        "maintenance-without-times",
        with_section(
            "uptime: { by: priority, maintenance: { form: request, starts: what, emergency: { what: Yes } } }",
        ),
        [
            ("13:46", "A window has a start and an end, and this form asks for fewer than two times."),
            ("13:63", "This question asks for no time."),
            ("13:88", "Nobody can answer “Yes” there."),
        ],
    ),
    Row(
        "handover-without-rota",
        with_section(
            "duties: { notes: { schedule: { every: 1 week }, owner: lead, checklist: [Written], stop: all ticked, "
            "target: { by: handover } } }"
        ),
        [("13:110", "This duty follows no rota: it has no hand-over.")],
    ),
    Row(
        "body-no-json",
        small(("chat: { apprise: CHAT_URL }", "chat: { webhook: CHAT_URL, body: chat.json }")),
        [("chat.json:2:3", "This is not JSON: Expecting property name enclosed in double quotes.")],
        files={"chat.json": "{\n  text: {body}\n}"},
    ),
    Row(
        "body-no-json",
        small(("chat: { apprise: CHAT_URL }", "chat: { webhook: CHAT_URL, body: chat.json, resolve: over.json }")),
        [
            ("chat.json:1:1", "This cannot be sent: the path of request 1 is a text that begins with `/`."),
            ("over.json:1:1", "`get /x`: “$.issues[0].key” finds nothing in any of its `examples`."),
        ],
        files={
            "chat.json": '{"$requests": [{"post": "issue"}]}',
            "over.json": '{"$requests": [{"get": "/x", "keep": {"ref": "$.issues[0].key"}, "examples": [{}]}]}',
        },
    ),
    Row(
        "request-made-twice",
        small(("chat: { apprise: CHAT_URL }", "chat: { webhook: CHAT_URL, body: chat.json }")),
        [("chat.json:1:1", "`post /a` is made again where a request behind it fails: the next run begins anew.")],
        files={"chat.json": '{"$requests": [{"post": "/a"}, {"post": "/b"}]}'},
    ),
    Row(
        "never-used",
        small(
            (
                "chat: { apprise: CHAT_URL }",
                "chat: { apprise: CHAT_URL }, pager: { pagerduty: KEY }, room: { console: ROOM, says: said }",
            )
        ),
        [("7:42", "Nothing uses this channel.")],
    ),
    Row("person-unused", small(("bob: {}", "bob: {}, cid: {}")), [("4:29", "`cid` is in no role and no rota.")]),
    Row(
        "command-idle",
        small(("/ack: { by: staff }", "/ack: { by: staff }, /look: { by: staff }")),
        [("12:34", "This command does nothing.")],
    ),
    Row(
        "queue-label",
        small(("desk: ", "queue: { label: Priority/HIGH }\ndesk: ")),
        [("2:17", "The desk puts this label on cases: the queue's issue could not be told from them by it.")],
    ),
    Row(
        "secret-reserved",
        small(("apprise: CHAT_URL", 'apprise: "{PERSON}_URL"'), ("bob: {} }", "bob: {}, github: {} }")),
        [("7:30", "This would be called GITHUB_URL for one of them, and GitHub keeps such names.")],
    ),
    Row(
        "secret-not-passed",
        SMALL,
        [("7:30", "No workflow passes the secret CHAT_URL.")],
        around={"workflows": WORKFLOWS},
    ),
    Row(
        "secret-not-passed",
        SMALL,
        [("7:30", "Not passed by .github/workflows/enforce.yml: the secret CHAT_URL.")],
        around={
            "workflows": {
                ".github/workflows/triage.yml": TRIAGE.format(env="CHAT_URL: x"),
                ".github/workflows/enforce.yml": TRIAGE.format(env="OTHER: x"),
            }
        },
    ),
    Row(
        "secret-not-passed",
        small(("apprise: CHAT_URL", 'apprise: "CHAT_{PERSON}"')),
        [("7:30", "No workflow passes the secrets CHAT_ANN, CHAT_BOB.")],
        around={"workflows": WORKFLOWS},
    ),
    Row(
        "secret-without-products",
        small(("apprise: CHAT_URL", 'apprise: "CHAT_{PRODUCT}"')),
        [("7:30", "This policy has no products.")],
    ),
    Row(
        "workflow-action",
        SMALL,
        [(".github/workflows/triage.yml:5:15", "`$/actions/triage` is not in this repository: this job cannot start.")],
        around={"workflows": WORKFLOWS, "actions": frozenset()},
    ),
    *(
        Row("workflow-action", SMALL, [(".github/workflows/triage.yml:5:15", said)], around=desk_that_uses(used))
        for used, said in (
            ("$/actions/triag", "`$/actions/triag` is not in this repository: this job cannot start."),
            ("./actions/enforec", "`./actions/enforec` is not in this repository: this job cannot start."),
            ("acme/respondby/actions/enforec@0123abc", "respondby has no action `enforec`: this job cannot start."),
            (
                "OWNER/respondby/actions/triage@COMMIT",
                "`OWNER/respondby/actions/triage@COMMIT` names no owner and version: this job cannot start.",
            ),
            (
                "acme/respondby/actions/triage",
                "`acme/respondby/actions/triage` names no owner and version: this job cannot start.",
            ),
        )
    ),
    Row(
        "workflow-missing",
        SMALL,
        [(".github/workflows:1:1", "No workflow runs the desk: nothing that the policy promises will happen.")],
        around={"workflows": {".github/workflows/test.yml": "on: push\n"}},
    ),
    Row(
        "workflow-missing",
        SMALL,
        [
            (
                ".github/workflows:1:1",
                "No workflow runs `enforce`: nobody is reminded or called, and no missed event is made up for.",
            )
        ],
        around={"workflows": WORKFLOWS},
    ),
    Row(
        "workflow-lacking",
        with_section(
            "duties: { backup: { schedule: { every: 1 day }, owner: lead, expects: dispatch done, within: 1h } }"
        ),
        [
            (
                ".github/workflows:1:1",
                "No workflow runs `comment`: an issue that is commented on waits for the next sweep.",
            ),
            (".github/workflows:1:1", "No workflow runs `receive`: what other systems dispatch is lost."),
        ],
        around={"workflows": WORKFLOWS},
    ),
    Row(
        "named-before",
        small(("clocks:\n", "clocks:\n  first: { was: answer, start: opened, stop: closed, target: 1h }\n")),
        [("14:17", "`answer` is or was the name of another clock.")],
    ),
    Row(
        "named-before",
        with_section("products: { shop: { was: store }, store: {}, kiosk: { was: store } }"),
        [
            ("13:26", "`store` is or was the name of another product."),
            ("13:60", "`store` is or was the name of another product."),
        ],
    ),
    Row(
        "stage-overdue",
        with_section(
            "stages: { new: {}, live: { from: launched, ends: launched + 9 days },"
            " old: { from: gone, ends: retired } }\n"
            "products:\n"
            "  shop: { launched: 2026-03-01 }\n"
            "  lab: {}\n"
            "  blog: { launched: 2026-11-15 }\n"
            "  wiki: { launched: 2026-03-01, gone: 2026-09-01 }\n"
            "  chat: { launched: 2026-03-01, gone: 2026-09-01, retired: 2026-11-23 }\n"
            "  mail: { launched: 2026-03-01, gone: 2027-09-01 }"
        ),
        [
            ("15:3", "Stage `live` of this product should have been over on Tue 10 Mar 2026, and goes on."),
            ("19:3", "Stage `old` of this product should have been over on Mon 23 Nov 2026, and goes on."),
            ("20:3", "Stage `live` of this product should have been over on Tue 10 Mar 2026, and goes on."),
        ],
    ),
    Row(
        "stage-without-channels",
        with_section("stages: { new: {} }\nproducts: { shop: {} }", ("via: chat", "via: stage")),
        [("20:44", "No stage names `channels`, so this is told on the case alone.")],
    ),
    Row(
        "track-without-token",
        with_section(
            "rules: [{ when: { priority: high }, track: { project: acme/2, token: T } }]",
            ("ladder: [{ at: due,", "ladder: [{ at: start, track: { project: acme/1, due: Due } }, { at: due,"),
        ),
        [("19:34", "`token` is missing, and a workflow's own token does not reach a project board.")],
    ),
    Row(
        "publish-unmeasured",
        published("maintenance", uptime=""),
        [("16:10", "The policy has no `uptime`: the page could only say that all products are up.")],
    ),
    Row(
        "publish-customer",
        published("uptime", name="Shop of ACME Corp."),
        [
            (
                "17:72",
                f"The public would read this: {NAMES_ACME}.",
            )
        ],
    ),
    Row(
        "publish-customer",
        with_section(
            "products: { acmecorp-shop: {} }\nuptime: { by: product }\ncustomers: { acme-corp: { members: [carla] } }\n"
            'publish: { title: Status, url: "https://x.example/", products: { acmecorp-shop: Shop }, show: [uptime] }',
            ("  type: {", "  product: { label: product/ }\n  type: {"),
        ),
        [
            (
                "17:66",
                f"The public would read this, in the addresses of this product's files: {NAMES_ACME}.",
            )
        ],
    ),
    Row(
        "publish-retold",
        published("incidents, updates"),
        [("17:1", "Every `/update` that was ever said becomes public, also from before there was a page.")],
    ),
    Row(
        "publish-in-vain",
        published("targets, updates, maintenance", more=", incidents: { priority: high }"),
        [
            ("17:86", "`targets` needs `uptime` in `show`."),
            ("17:86", "`updates` needs `incidents` in `show`."),
            ("17:86", "Nobody can say an update: the policy has no `/update`."),
            ("17:86", "No maintenance is announced: `uptime.maintenance` names no form."),
            ("17:119", "No incident is shown: `incidents` is not in `show`."),
        ],
    ),
]
