"""Policies that are broken in one way each, and what the loader says about them, word by word."""

from __future__ import annotations

import pytest
from tests.policy.policies import Row, rows_of, small, with_rota

from respondby.policy.loading.loader import examine, load
from respondby.policy.text.problems import PolicyError

#: Name, text, and of each problem its place and rule, what is said, and what to write instead.
BROKEN: list[tuple[str, str, list[Row]]] = [
    ("no version", small(("version: 1\n", "")), [("1:1 shape", "`version` is missing here.", "Add `version:`.")]),
    (
        "a newer version",
        small(("version: 1", "version: 2")),
        [("1:10 version", "This policy is of version 2; this release reads version 1.", "Use a newer respondby.")],
    ),
    (
        "a version of words",
        small(("version: 1", "version: one")),
        [("1:10 version", "There is no version one.", "Write `version: 1`.")],
    ),
    (
        "an unknown key",
        small(("calendar: office", "calender: office")),
        [("3:1 shape", "Unknown key `calender`.", "Did you mean `calendar`?")],
    ),
    (
        "a section under a misspelt key, to which all others refer",
        small(("calendars:", "calenders:"), ("roles:", "rolse:"), ("channels:", "chanels:")),
        [
            ("5:1 shape", "Unknown key `calenders`.", "Did you mean `calendars`?"),
            ("6:1 shape", "Unknown key `rolse`.", "Did you mean `roles`?"),
            ("7:1 shape", "Unknown key `chanels`.", "Did you mean `channels`?"),
        ],
    ),
    (
        "a chat by its maker's name",
        small(("{ apprise: CHAT_URL }", "{ slack: CHAT_URL }")),
        [
            (
                "7:21 shape",
                "Unknown key `slack`.",
                "Kinds are `pagerduty`, `apprise` (Slack, Teams, mail and a hundred more), `webhook` and `console`.",
            )
        ],
    ),
    (
        "a channel with a slip",
        small(("{ apprise: CHAT_URL }", "{ aprise: CHAT_URL }")),
        [("7:21 shape", "Unknown key `aprise`.", "Did you mean `apprise`?")],
    ),
    (
        "a clock in a word",
        small(("clocks:", "clocks:\n  done: 4h")),
        [
            (
                "14:9 shape",
                "A mapping (`key: value`) is expected here; this is a text.",
                "Such as `{ start: opened, stop: comment by staff, target: 4h }`.",
            )
        ],
    ),
    (
        "a key of a clock",
        small(("    stop:", "    stopp:")),
        [
            ("15:5 shape", "`stop` is missing here.", "Add `stop:`."),
            ("16:5 shape", "Unknown key `stopp`.", "Did you mean `stop`?"),
        ],
    ),
    (
        "a list for a text",
        small(("desk: A small desk", "desk: [A, B]")),
        [("2:7 shape", "A text is expected here; this is a list.", "")],
    ),
    (
        "a text for a mapping",
        small(("people: { ann: {}, bob: {} }", "people: ann")),
        [("4:9 shape", "A mapping (`key: value`) is expected here; this is a text.", "")],
    ),
    (
        "an argument nobody takes",
        small(("target: 4h", "target: [{ by: /ack.until }, 4h]")),
        [("17:20 unknown-name", "No command takes `/ack.until`.", "This policy has no arguments of commands.")],
    ),
    (
        "a command that is not listed",
        small(("stop: comment by staff", "stop: /akc by staff")),
        [("16:11 unknown-name", "There is no command `/akc`.", "Did you mean `/ack`?")],
    ),
    (
        "a role that does not exist",
        small(("notify: lead", "notify: laed")),
        [("18:33 unknown-name", "There is no role `laed`.", "Did you mean `lead`?")],
    ),
    (
        "a channel that does not exist",
        small(("via: chat", "via: chatt")),
        [("18:44 unknown-name", "There is no channel `chatt`.", "Did you mean `chat`?")],
    ),
    (
        "a ladder that does not exist",
        small(("ladder: [{ at: due, notify: lead, via: chat }]", "ladder: respond")),
        [("18:13 unknown-name", "There is no ladder `respond`.", "This policy has no ladders.")],
    ),
    (
        "a value that does not exist",
        small(("    target: 4h", "    when: { priority: hihg }\n    target: 4h")),
        [("17:23 unknown-name", "`priority` has no value `hihg`.", "Did you mean `high`?")],
    ),
    (
        "a condition on no field",
        small(("    target: 4h", "    when: { prority: high }\n    target: 4h")),
        [("17:13 unknown-name", "`prority` is not a field or another key of a condition.", "Did you mean `priority`?")],
    ),
    (
        "an empty condition",
        small(("    target: 4h", "    when: {}\n    target: 4h")),
        [("17:11 shape", "This condition is empty.", "Leave `when` out where it always holds.")],
    ),
    (
        "a person who is not declared",
        small(("lead: bob", "lead: bop")),
        [("6:47 unknown-name", "There is no `bop` in `people`.", "Did you mean `bob`?")],
    ),
    (
        "one person twice",
        small(("ann: {}, bob: {}", "ann: {}, bob: {}, Bob: {}")),
        [("4:29 name", "`Bob` and `bob` are one account: logins ignore capitals.", "Keep one of them.")],
    ),
    (
        "roles in a circle",
        small(("lead: bob", "lead: { role: second }, second: { role: lead }")),
        [
            (
                "6:41 circle",
                "These roles stand for each other: nobody ever holds them.",
                "Take one out of lead → second → lead.",
            )
        ],
    ),
    (
        "a role of two ways",
        small(("lead: bob", "lead: { people: [bob], role: staff }")),
        [
            (
                "6:47 role",
                "An entry of a role has exactly one of these keys.",
                "One of `people`, `rota`, `role`, `team`, `association`.",
            )
        ],
    ),
    (
        "a shift without a rota",
        small(("lead: bob", "lead: { people: [bob], shift: next }")),
        [("6:71 role", "`shift` needs `rota` beside it.", "Add `rota:`.")],
    ),
    (
        "a rota of nobody",
        with_rota("{ timezone: UTC, handover: { every: 1 week, at: monday 10:00 }, members: [] }"),
        [("6:89 rota", "This rota has no members.", "List its members.")],
    ),
    (
        "a rota of a file that is not there",
        with_rota("{ timezone: UTC, assigned: rota/week.yml }"),
        [("6:43 file", "This file is not in the repository.", "Add it (`[]` is a file without swaps).")],
    ),
    (
        "a path out of the repository",
        with_rota("{ timezone: UTC, assigned: ../week.yml }"),
        [
            (
                "6:43 path",
                "This path leads out of the repository: it has `..`.",
                "Write a path below this policy's root, such as `rota/on-call.yml`.",
            )
        ],
    ),
    (
        "an address instead of a secret",
        small(("apprise: CHAT_URL", "apprise: https://chat.example/hook")),
        [
            (
                "7:30 secret",
                "This is not the name of a secret: capitals, digits and `_`.",
                "Put the address into a secret and write the secret's name, such as `CHAT_URL`.",
            )
        ],
    ),
    (
        "a channel of two kinds",
        small(("apprise: CHAT_URL", "apprise: CHAT_URL, webhook: HOOK_URL")),
        [("7:19 shape", "A channel has exactly one kind.", "One of `pagerduty`, `apprise`, `webhook`, `console`.")],
    ),
    (
        "channels that fall back to each other",
        small(
            (
                "chat: { apprise: CHAT_URL }",
                "chat: { apprise: CHAT_URL, fallback: sms }, sms: { apprise: SMS_URL, fallback: chat }",
            )
        ),
        [("7:13 circle", "These channels fall back to each other.", "Take one out of chat → sms → chat.")],
    ),
    (
        "a telephone number as a link",
        small(("people:", "contacts: [{ name: Call, url: 'tel:+3220000000', about: Any hour. }]\npeople:")),
        [
            (
                "4:31 contact",
                "GitHub takes only http and https links here.",
                "A telephone number belongs into `about`; give the url of a page that says it.",
            )
        ],
    ),
    (
        "a field of the language",
        small(
            ("  priority: { label: priority/", "  stage: { label: priority/"), ("choose: [priority]", "choose: [stage]")
        ),
        [("10:10 name", "`stage` is a word of the language.", "Choose another name.")],
    ),
    (
        "values of type",
        small(("type: { label: type/ }", "type: { label: type/, values: { a: A } }")),
        [("9:9 name", "The values of `type` are the forms.", "Remove `values`.")],
    ),
    (
        "a command without a slash",
        small(("/ack: { by: staff }", "ack: { by: staff }")),
        [("12:18 name", "A command is `/word` or `@word`, in small letters.", "Write `/ack`.")],
    ),
    (
        "a command that takes a number",
        small(("/ack: { by: staff }", "/ack: { by: staff, takes: { n: number } }")),
        [
            (
                "12:44 command",
                "This is not a kind of argument.",
                "One of text, time, duration, login, ref, with `optional` before it where it may be left out.",
            )
        ],
    ),
    (
        "an option called None",
        small(('what: "What?"', 'what: { ask: "What?", options: [Some, None] }')),
        [("11:114 form", "Options have to differ, and none may be `None`: GitHub refuses them.", "")],
    ),
    (
        "a rung without a time",
        small(("at: due, notify", "notify")),
        [("18:14 shape", "A rung has one of `at` and `after`.", "`at: 75%`, `at: due + 15m`, or `after: 10m`.")],
    ),
    (
        "no flag",
        small(("    target: 4h", "    each: yes\n    target: 4h")),
        [("17:11 shape", "`true` or `false` is expected.", "Write `true`.")],
    ),
    (
        "no number",
        small(("via: chat }]", "via: chat, repeat: { every: 1h, times: often } }]")),
        [("18:78 shape", "A whole number of 1 to a million is expected.", "")],
    ),
    (
        "a label of nothing",
        small(("via: chat }]", 'via: chat, label: "" }]')),
        [("18:57 label", "A label has 1 to 50 characters.", "GitHub refuses others.")],
    ),
    (
        "a placeholder of nothing",
        small(("via: chat }]", 'via: chat, say: "See {ulr}" }]')),
        [("18:55 unknown-name", "There is no placeholder `ulr`.", "Did you mean `url`?")],
    ),
    (
        "a stage from a date nobody has",
        small(
            ("clocks:", "products: { shop: { launched: 2026-01-01 } }\nstages: { live: { from: lauched } }\nclocks:")
        ),
        [("14:25 unknown-name", "No product has a date `lauched`.", "Did you mean `launched`?")],
    ),
    (
        "a duty that expects a letter",
        small(
            (
                "clocks:",
                "duties: { backup: { schedule: { every: 1 day }, expects: backup-done, within: 3h } }\nclocks:",
            )
        ),
        [("13:58 duty", "`expects` names a dispatch.", "Write `dispatch backup-done`.")],
    ),
    (
        "a role that is built in",
        small(("lead: bob", "lead: bob, author: ann")),
        [("6:60 name", "The role `author` is built in.", "Choose another name.")],
    ),
    (
        "a backslash in a path",
        small(("clocks:", "messages: 'letters\\\\de'\nclocks:")),
        [
            (
                "13:11 path",
                "This path leads out of the repository: it has a backslash or a colon.",
                "Write a path below this policy's root, such as `rota/on-call.yml`.",
            )
        ],
    ),
]


@pytest.mark.parametrize("text, said", [pytest.param(text, said, id=name) for name, text, said in BROKEN])
def test_what_is_said_about_a_broken_policy(text: str, said: list[Row]) -> None:
    problems = examine(text).problems
    assert rows_of(problems) == said
    with pytest.raises(PolicyError) as raised:
        load(text)
    assert raised.value.problems == problems


def test_a_policy_that_is_broken_in_many_places_is_told_all_of_them_at_once() -> None:
    text = small(
        ("start: opened", "start: openend"),
        ("notify: lead", "notify: laed"),
        ('"09:00-17:00"', '"09:00-25:00"'),
        ("lead: bob", "lead: bop"),
    )
    assert [problem.value for problem in examine(text).problems] == ["09:00-25:00", "bop", "openend", "laed"]


def test_a_message_holds_at_most_twenty_problems_and_counts_the_rest() -> None:
    roles = ", ".join(f"role{number}: nobody{number}" for number in range(30))
    with pytest.raises(PolicyError) as raised:
        load(small(("lead: bob", f"lead: bob, {roles}")))
    assert len(raised.value.problems) == 30
    assert str(raised.value).count("error:") == 20
    assert str(raised.value).endswith("… and 10 more")
