"""What the words of a policy mean, once it is loaded."""

from __future__ import annotations

import json

import pytest
from tests.policy.policies import SMALL, process, small

from respondby.calendars.durations import parse_duration
from respondby.calendars.instants import parse_time, zone
from respondby.policy.loading.loader import load, named_files
from respondby.policy.model.clocks import Promise, RungAt
from respondby.policy.model.conditions import Alternative, Pattern, Requirement, Role, When
from respondby.policy.model.requests import Argument
from respondby.policy.text.yaml_text import read

BRUSSELS = zone("Europe/Brussels")

ESCALATED = small(
    (
        "/ack: { by: staff }",
        '/ack: { by: staff }, /agree: { by: staff, takes: { until: time } }, "@help": { by: anyone }',
    )
)


def start_of(text: str) -> tuple[Pattern, ...]:
    return load(ESCALATED.replace("start: opened", f"start: {text}")).clocks["answer"].start


@pytest.mark.parametrize(
    "text, kind, name, value, by",
    [
        ("opened", "opened", "", "", None),
        ("comment by staff", "comment", "", "", "staff"),
        ("assigned by lead", "assigned", "", "", "lead"),
        ("card", "card", "", "", None),
        ("post-mortem merged", "post-mortem merged", "", "", None),
        ("merged by bob", "merged", "", "", "bob"),
        ("all ticked", "all ticked", "", "", None),
        ("/ack", "command", "/ack", "", None),
        ("/ack by lead", "command", "/ack", "", "lead"),
        ('"@help by author"', "command", "@help", "", "author"),
        ("/priority", "command", "/priority", "", None),
        ("priority set", "field set", "priority", "", None),
        ("priority set by staff", "field set", "priority", "", "staff"),
        ("priority = high", "field is", "priority", "high", None),
        ("priority=low", "field is", "priority", "low", None),
        ("type  =  request", "field is", "type", "request", None),
        ("answer stops", "clock stops", "answer", "", None),
        ("answer due", "clock due", "answer", "", None),
        ("mitigated", "milestone", "mitigated", "", None),
    ],
)
def test_a_moment_means_a_happening(text: str, kind: str, name: str, value: str, by: str | None) -> None:
    pattern = start_of(text)[0]
    assert (pattern.kind, pattern.name, pattern.value, pattern.by) == (kind, name, value, by)


def test_a_list_of_moments_means_any_of_them() -> None:
    assert [pattern.kind for pattern in start_of("[opened, reopened, /ack]")] == ["opened", "reopened", "command"]


def target_of(text: str) -> tuple[Promise, ...]:
    return load(ESCALATED.replace("target: 4h", f"target: {text}")).clocks["answer"].target.choices


HIGH, LOW = Requirement("priority", ("high",)), Requirement("priority", ("low",))


@pytest.mark.parametrize(
    "text, choices",
    [
        ("30m", [Promise(within=parse_duration("30m"), text="30m")]),
        ("none", [Promise(none=True, text="none")]),
        ("{ within: 2  business   days }", [Promise(within=parse_duration("2 business days"), text="2 business days")]),
        ("{ within: 1h, calendar: office }", [Promise(within=parse_duration("1h"), calendar="office", text="1h")]),
        ("{ by: end of next week }", [Promise(by="end of next week", text="end of next week")]),
        ("{ by: 2026-12-01T17:00 }", [Promise(by="2026-12-01T17:00", text="2026-12-01T17:00")]),
        ("{ by: /agree.until }", [Promise(argument=("/agree", "until"), text="/agree.until")]),
        (
            "[{ by: /agree.until }, { when: { priority: high }, within: 1h }, none]",
            [
                Promise(argument=("/agree", "until"), text="/agree.until"),
                Promise(when=When((HIGH,)), within=parse_duration("1h"), text="1h"),
                Promise(none=True, text="none"),
            ],
        ),
        (
            "{ priority: { high: 1h, low: { within: 1 business day } } }",
            [
                Promise(when=When((HIGH,)), within=parse_duration("1h"), text="1h"),
                Promise(when=When((LOW,)), within=parse_duration("1 business day"), text="1 business day"),
            ],
        ),
        (
            "{ priority: { high: [{ when: { during: office }, within: 5m }, 15m], low: none } }",
            [
                Promise(
                    when=When((HIGH, Requirement("during", ("office",)))), within=parse_duration("5m"), text="5m"
                ),
                Promise(when=When((HIGH,)), within=parse_duration("15m"), text="15m"),
                Promise(when=When((LOW,)), none=True, text="none"),
            ],
        ),
    ],
)  # fmt: skip
def test_a_target_is_a_list_of_promises(text: str, choices: list[Promise]) -> None:
    assert list(target_of(text)) == choices


def rungs_of(*texts: str) -> list[tuple[str, RungAt]]:
    rungs = ", ".join(f"{{ {text}, notify: lead, via: chat }}" for text in texts)
    policy = load(small(("ladder: [{ at: due, notify: lead, via: chat }]", f"ladder: [{rungs}]")))
    return [(rung.id, rung.at) for rung in policy.clocks["answer"].ladder]


@pytest.mark.parametrize(
    "text, at",
    [
        ("at: start", RungAt("start", text="start")),
        ("at: start + 10m", RungAt("start", offset=parse_duration("10m"), text="start+10m")),
        ("at: 75 %", RungAt("share", percent=75, text="75%")),
        ("at: due", RungAt("due", text="due")),
        (
            "at: due +  1 business  hour",
            RungAt("due", offset=parse_duration("1 business hour"), text="due+1 business hour"),
        ),
        ("at: due-1h", RungAt("due", offset=parse_duration("1h"), sign=-1, text="due-1h")),
        ("after: 10m", RungAt("after", offset=parse_duration("10m"), text="after 10m")),
    ],
)
def test_a_rung_comes_at_a_time_that_is_its_id(text: str, at: RungAt) -> None:
    assert rungs_of("at: start + 1s", text)[1] == (at.text, at)


def test_rungs_of_one_text_are_told_apart_and_keep_their_ids_when_others_come_between() -> None:
    assert [id for id, _ in rungs_of("at: due", "at: due", "at: due")] == ["due", "due~2", "due~3"]
    assert [id for id, _ in rungs_of("at: due", "at: due", "at: due + 1m", "at: due")] == [
        "due",
        "due~2",
        "due+1m",
        "due~3",
    ]


def rules_of(*texts: str) -> list[str]:
    policy = load(small(("clocks:\n", f"rules: [{', '.join(texts)}]\nclocks:\n")))
    return [rule.id for rule in policy.rules]


def test_a_rule_keeps_its_id_when_rules_move_and_gets_another_when_it_says_something_else() -> None:
    one, two = "{ when: { priority: high }, label: x }", "{ when: { priority: low }, label: x }"
    assert rules_of(one, two) == list(reversed(rules_of(two, one)))
    assert rules_of("{ label: x, when: { priority: high } }") == rules_of(one)
    assert rules_of(one, one) == [rules_of(one)[0], f"{rules_of(one)[0]}~2"]
    assert len({*rules_of(one, two), *rules_of("{ when: { priority: high }, label: y }")}) == 3


def test_the_values_of_type_are_the_forms_with_a_name_and_those_of_product_the_products() -> None:
    policy = process("msp-handoff")
    assert [value.id for value in policy.fields["type"].values] == [
        "problem", "uat", "feature", "performance", "maintenance",
    ]  # fmt: skip
    assert [value.name for value in policy.fields["product"].values] == ["Client portal", "Web shop", "Lab"]


def test_values_may_be_the_files_of_a_folder() -> None:
    assert [value.id for value in process("tiered-cloud-support").fields["area"].values] == ["price-updates", "sign-in"]


def test_staff_and_bots_always_exist() -> None:
    policy = load(small(("roles: { staff: { people: [ann, bob] }, lead: bob }", "roles: { lead: bob }")))
    assert policy.roles["staff"] == Role("staff", (Alternative(people=("ann", "bob")),))
    assert policy.roles["bots"] == Role("bots", (Alternative(people=("github-actions[bot]",)),))


def test_commands_that_are_built_in_take_what_they_take_unless_the_policy_says_otherwise() -> None:
    listed = "/ack: { by: staff }, /assign: { by: staff }, /close: { by: staff, takes: { why: text } }"
    commands = load(small(("/ack: { by: staff }", listed))).commands
    assert commands["/assign"].takes == (Argument("who", "login", optional=True),)
    assert commands["/close"].takes == (Argument("why", "text"),)


@pytest.mark.parametrize(
    "head, timezone",
    [
        ("calendar: office", "Europe/Brussels"),
        ("calendar: office\ntimezone: Asia/Karachi", "Asia/Karachi"),
        ("timezone: Asia/Karachi", "Asia/Karachi"),
        ("mode: live", "UTC"),
    ],
)
def test_dates_are_in_the_policys_zone_else_its_calendars_else_utc(head: str, timezone: str) -> None:
    policy = load(small(("calendar: office", f"{head}\nsince: 2026-03-01")))
    assert policy.timezone == timezone
    assert policy.since == parse_time("2026-03-01", zone(timezone))


def test_a_person_is_away_by_their_own_clock() -> None:
    policy = load(small(("ann: {}", "ann: { timezone: Asia/Karachi, away: [2026-12-24] }")))
    midnight = parse_time("2026-12-24T00:00+05:00", None)
    assert policy.people["ann"].away.pairs == ((midnight, midnight + 86_400),)


def test_named_files_are_those_inside_of_the_repository_and_folders_end_in_a_slash() -> None:
    text = small(
        ("desk:", "rotas: { a: { assigned: rota/a.yml }, b: { overrides: ../b.yml }, c: { overrides: /c } }\ndesk:"),
        ("chat: { apprise: CHAT_URL }", "chat: { webhook: CHAT_URL, body: templates/chat.json }"),
        ("  type:", "  area: { choices-from: docs/areas/ }\n  type:"),
        ("desk:", "messages: letters\ndesk:"),
    )  # fmt: skip
    assert named_files(text) == ("rota/a.yml", "templates/chat.json", "docs/areas/", "letters/")


def test_two_texts_that_mean_the_same_are_equal_policies_and_a_commit_is_remembered() -> None:
    assert load(json.dumps(read(SMALL, path="p").data())) == load(SMALL)
    assert load(SMALL, commit="4d2a").commit == "4d2a"
