"""Sections that mean nothing: what the loader says about people, rotas, duties and the rest, word by word."""

from __future__ import annotations

import pytest
from tests.policy.policies import Row, rows_of, small, with_rota

from respondby.policy.loading.loader import examine
from respondby.policy.model.publish import SHOWN


def section(text: str) -> str:
    """The small policy with another section."""
    return small(("clocks:\n", f"{text}\nclocks:\n"))


#: Name, text, and of each problem its place and rule, what is said, and what to write instead.
BROKEN: list[tuple[str, str, list[Row]]] = [
    (
        "a login with a space",
        small(("ann: {}", "ann: {}, a b: {}")),
        [("4:25 name", "This is not a login.", "Write it without `@`.")],
    ),
    (
        "a role with an at sign",
        small(("lead: bob", 'lead: "@bob"')),
        [("6:47 name", "This is not a login.", "Write it without `@`.")],
    ),
    (
        "a role without alternatives",
        small(("lead: bob", "lead: []")),
        [("6:47 shape", "This role is empty.", "")],
    ),
    ("a role of nobody", small(("lead: bob", "lead: { people: [] }")), [("6:57 shape", "This list is empty.", "")]),
    (
        "an association that is none",
        small(("lead: bob", "lead: { association: friend }")),
        [("6:62 shape", "`friend` is not possible here.", "Known words here: `member`.")],
    ),
    (
        "a team without its organisation",
        small(("lead: bob", "lead: { team: { name: support, token: TEAM_TOKEN } }")),
        [("6:63 role", "This is not a team.", "Write its organisation and slug: `acme/support`.")],
    ),
    (
        "a rota without members",
        with_rota("{ timezone: UTC, handover: { every: 1 week, at: monday 10:00 } }"),
        [
            (
                "6:16 rota",
                "A rota needs `handover` and `members`, or `assigned`.",
                "Add `handover:` and `members:`, or `assigned:` with a file.",
            )
        ],
    ),
    (
        "an assigned rota with members",
        with_rota("{ timezone: UTC, assigned: week.yml, members: [ann] }"),
        [
            (
                "6:62 rota",
                "The file of an assigned rota says who is on call; it has no `members`.",
                "Remove `members` or `assigned`.",
            )
        ],
    ),
    (
        "a shift of nobody",
        with_rota("{ timezone: UTC, handover: { every: 1 week }, members: [ann, []] }"),
        [("6:77 rota", "This list is empty.", "")],
    ),
    (
        "a person twice in a pair",
        with_rota("{ timezone: UTC, handover: { every: 1 week }, members: [bob, [ann, Ann]] }"),
        [("6:83 rota", "This person stands here twice.", "Keep one.")],
    ),
    (
        "a rota that follows nothing",
        with_rota("{ timezone: UTC, handover: { every: 1 week }, members: [ann], follow: [{}] }"),
        [
            ("6:87 shape", "`group` is missing here.", "Add `group:`."),
            ("6:87 shape", "`via` is missing here.", "Add `via:`."),
        ],
    ),
    (
        "a rest after nothing",
        with_rota(
            "{ timezone: UTC, handover: { every: 1 week }, members: [ann], rest: { after: {}, suggest: 1 day } }"
        ),
        [("6:93 shape", "After what?", "Write `{ pages: 5, nights: 1 }`.")],
    ),
    (
        "a hand-over on a day of the month every week",
        with_rota("{ timezone: UTC, handover: { every: 1 week, at: 1 09:00 }, members: [ann] }"),
        [("6:64 time", "“at: 1 09:00” does not go with weeks.", "Weeks take a weekday, months a day of the month.")],
    ),
    (
        "a customer of nobody",
        section("customers: { shop: { plan: gold } }"),
        [("13:20 shape", "A customer has `members` or `repositories`.", "Write one of them.")],
    ),
    (
        "a language that is none",
        section("customers: { shop: { members: [carla], language: Dutch! } }"),
        [("13:50 shape", "This is not a language tag.", "Write `nl` or `pt-BR`.")],
    ),
    (
        "a page of nothing",
        section("publish: {}"),
        [
            ("13:10 shape", "`title` is missing here.", "Add `title:`."),
            ("13:10 shape", "`url` is missing here.", "Add `url:`."),
            ("13:10 shape", "`products` is missing here.", "Add `products:`."),
            ("13:10 shape", "`show` is missing here.", "Add `show:`."),
        ],
    ),
    (
        "a page that shows what there is not",
        section('publish: { title: "", url: status.example, products: { shop: Shop }, show: [uptime, issues] }'),
        [
            ("13:19 publish", "This has to be one line of at most 200 characters.", ""),
            (
                "13:28 publish",
                "This is not an http or https address of a folder.",
                "Write where the page will stand: `https://OWNER.github.io/REPOSITORY/`, or your own domain.",
            ),
            ("13:56 unknown-name", "There is no product `shop`.", "This policy has no products."),
            (
                "13:85 shape",
                "`issues` is not possible here.",
                f"Known words here: {', '.join(f'`{one}`' for one in SHOWN)}.",
            ),
        ],
    ),
    (
        "a page that stands nowhere",
        section('publish: { title: Status, url: "https://a.example", products: {}, show: [] }'),
        [
            ("13:63 shape", "A status page needs a product.", "Such as `{ shop: Web shop }`."),
            (
                "13:73 shape",
                "This list is empty.",
                f"Known words here: {', '.join(f'`{one}`' for one in SHOWN)}.",
            ),
        ],
    ),
    (
        "a repository without an owner",
        section("customers: { shop: { repositories: [support] } }"),
        [("13:37 shape", "This is not a repository.", "Write `owner/name`.")],
    ),
    (
        "a body for a chat",
        small(("apprise: CHAT_URL", "apprise: CHAT_URL, body: chat.json")),
        [
            ("7:46 file", "This file is not in the repository.", "Add it, or correct the path."),
            ("7:46 shape", "Only a webhook has `body`.", "Remove `body`."),
        ],
    ),
    (
        "names of a chat that nobody hears",
        small(("apprise: CHAT_URL", "apprise: CHAT_URL, as: { ann: U0ANN }")),
        [("7:44 shape", "`as` needs `says` beside it.", "Add `says`, or remove `as`.")],
    ),
    (
        "two people of one name in a chat",
        small(("apprise: CHAT_URL", "apprise: CHAT_URL, says: said, as: { ann: U0ANN, bob: U0ANN }")),
        [("7:56 name", "Two people have the same id here.", "Give each their own id.")],
    ),
    (
        "what a chat is told of an answer",
        small(("apprise: CHAT_URL", "apprise: CHAT_URL, resolve: over.json")),
        [
            ("7:49 file", "This file is not in the repository.", "Add it, or correct the path."),
            ("7:49 shape", "Only a webhook has `resolve`.", "Remove `resolve`."),
        ],
    ),
    (
        "a body that is not there",
        small(("apprise: CHAT_URL", "webhook: CHAT_URL, body: chat.json")),
        [("7:46 file", "This file is not in the repository.", "Add it, or correct the path.")],
    ),
    (
        "a secret under a name of GitHub's",
        small(("apprise: CHAT_URL", "apprise: ACTIONS_RUNTIME_TOKEN")),
        [
            (
                "7:30 secret",
                "GitHub keeps this name for itself.",
                "Call it something else: no name begins with GITHUB_, ACTIONS_, RUNNER_, INPUT_.",
            )
        ],
    ),
    (
        "quiet hours in words",
        small(("apprise: CHAT_URL", "apprise: CHAT_URL, quiet: at night")),
        [("7:47 hours", "These are not hours of a day.", 'Write `"22:00-07:00"`.')],
    ),
    (
        "quiet hours that do not exist",
        small(("apprise: CHAT_URL", 'apprise: CHAT_URL, quiet: "22:00-26:00"')),
        [("7:47 hours", "There is no such time of the day.", 'Write `"22:00-07:00"`.')],
    ),
    (
        "an internal repository without a secret",
        section("internal: { repository: acme/internal }"),
        [("13:11 shape", "`token` is missing here.", "Add `token:`.")],
    ),
    (
        "a silence backwards",
        section("mute: [{ from: 2026-03-02, until: 2026-03-01, why: Holidays }]"),
        [("13:35 time", "This ends before it begins.", "Write the later time last.")],
    ),
    (
        "a mode that is none",
        section("mode: dry"),
        [("13:7 shape", "`dry` is not possible here.", "Known words here: `live`, `shadow`, `off`.")],
    ),
    (
        "a folder of letters outside",
        section("messages: /letters"),
        [
            (
                "13:11 path",
                "This path leads out of the repository: it is absolute.",
                "Write a path below this policy's root, such as `rota/on-call.yml`.",
            )
        ],
    ),
    (
        "a folder below .git",
        section("messages: .git/hooks"),
        [
            (
                "13:11 path",
                "This path leads out of the repository: `.git` is not content.",
                "Write a path below this policy's root, such as `rota/on-call.yml`.",
            )
        ],
    ),
    (
        "a path with an empty part",
        section("messages: letters//en"),
        [
            (
                "13:11 path",
                "This path leads out of the repository: it has an empty part.",
                "Write a path below this policy's root, such as `rota/on-call.yml`.",
            )
        ],
    ),
    (
        "a date rule that is none",
        section("products: { shop: { launched: 2026-01-01 } }\nstages: { live: { from: launched plus 1 day } }"),
        [("14:25 date", "This names no date of a product.", "Write `launched` or `launched + 30 days`.")],
    ),
    (
        "an uptime in words",
        section("products: { shop: { uptime: always } }"),
        [("13:29 percent", "This is not a share of time.", "Write `99.9%`.")],
    ),
    (
        "a stage that promises too much",
        section("stages: { live: { promises: everything } }"),
        [("13:29 shape", "`everything` is not possible here.", "Known words here: `none`, `informal`, `binding`.")],
    ),
    (
        "a dispatch with a space",
        section("incidents: { when: { priority: high }, alerts: { dispatch: an alert, key: id, form: request } }"),
        [
            (
                "13:60 shape",
                "This is not an event type of a dispatch.",
                "Letters, digits, `-`, `_` and `.`, at most 100.",
            )
        ],
    ),
    (
        "an answer that the form does not ask",
        section(
            "incidents: { when: { priority: high }, "
            "alerts: { dispatch: alert, key: id, form: request, answers: { why: summary } } }"
        ),
        [("13:102 unknown-name", "Form `request` asks no `why`.", "Known questions of `request`: `what`.")],
    ),
    (
        "a need that is nothing",
        section("incidents: { when: { priority: high }, close-needs: [/root-cause, cause] }"),
        [
            (
                "13:54 unknown-name",
                "There is no command `/root-cause`.",
                "Known commands: `/ack`, `/type`, `/priority`.",
            ),
            ("13:67 unknown-name", "There is no field `cause`.", "Known fields: `type`, `priority`."),
        ],
    ),
    (
        "a ladder without a due",
        section("duties: { test: { schedule: { every: 1 day }, ladder: [] } }"),
        [("13:55 duty", "A ladder needs a `target` beside it.", "Add `target:`.")],
    ),
    (
        "something expected without an end",
        section("duties: { test: { schedule: { every: 1 day }, expects: dispatch done } }"),
        [("13:56 duty", "`expects` needs `within` beside it.", "Add `within: 3h`.")],
    ),
    (
        "a duty on a rota and a cadence",
        section("duties: { test: { schedule: { every: 1 day, rota: week } } }"),
        [("13:31 shape", "Unknown key `every`.", "Known keys here: `rota`, `ahead`.")],
    ),
    (
        "a report that is none",
        section("duties: { test: { schedule: { every: 1 day }, do: { report: yearly } } }"),
        [
            (
                "13:61 shape",
                "`yearly` is not possible here.",
                "Known words here: `monthly`, `requests`, `incidents`, `uptime`.",
            )
        ],
    ),
    (
        "a draft that is none",
        section("duties: { test: { schedule: { every: 1 day }, draft: notes } }"),
        [("13:54 shape", "`notes` is not possible here.", "Known words here: `hand-over`, `incidents`.")],
    ),
    (
        "an issue in no repository",
        small(("via: chat }]", "via: chat, open: { in: tracker } }]")),
        [("18:62 shape", "This is not a repository.", "Write `owner/name`.")],
    ),
    (
        "a board without a number",
        small(("via: chat }]", "via: chat, track: { project: acme } }]")),
        [("18:68 shape", "This is not a project board.", "Write its owner and number: `acme/12`.")],
    ),
    (
        "a value named any",
        small(("values: { high: High", "values: { any: Any, high: High")),
        [("10:48 name", "`any` is a word of the language.", "Choose another name.")],
    ),
    (
        "a field in capitals",
        small(("  priority: {", "  Priority: {"), ("choose: [priority]", "choose: [Priority]")),
        [("10:13 name", "This is not a name for a field.", "Small letters, digits and `-`.")],
    ),
    (
        "an argument in capitals",
        small(("/ack: { by: staff }", "/ack: { by: staff, takes: { Until: time } }")),
        [("12:48 name", "This is not a name for a command's argument.", "Small letters, digits and `-`.")],
    ),
    (
        "a question with a dot",
        small(('what: "What?"', 'wh.at: "What?"')),
        [("11:90 name", "This is not an id for a question.", "Letters, digits, `-` and `_`.")],
    ),
    (
        "a choice of something else",
        small(("choose: [priority]", "choose: [priority.values]")),
        [("11:65 form", "A form chooses a field, or asks its questions.", "Write `priority.questions`.")],
    ),
    (
        "questions of a field that proposes nothing",
        small(("choose: [priority]", "choose: [priority.questions]")),
        [
            (
                "11:65 unknown-name",
                "`priority` is not a field that proposes values.",
                "This policy has no fields with `propose`.",
            )
        ],
    ),
    (
        "a dropdown of several lines",
        small(('what: "What?"', 'what: { ask: "What?", kind: text, options: [a, b] }')),
        [("11:89 form", "A question with `options` has no `kind`: it is a dropdown.", "Remove `kind`.")],
    ),
    (
        "a form without a purpose",
        small(("about: Anything., ", "")),
        [("11:19 form", "A form with a `name` needs `about`: what it is for.", "Add `about:`.")],
    ),
    (
        "a proposal without answers",
        small(("values: { high", "propose: { questions: {}, at-least: {} }, values: { high")),
        [
            (
                "10:42 shape",
                "A proposal needs `questions`, `at-least` and a worth for each answer.",
                "Write `questions:`, `at-least:` and each answer with its worth, such as `none: 0` and `much: 3`.",
            )
        ],
    ),
    (
        "a moment with the value any",
        small(("start: opened", "start: priority = any")),
        [("15:12 moment", "A moment needs a value.", "Write `priority set`.")],
    ),
    (
        "a list of no moments",
        small(("start: opened", "start: []")),
        [("15:12 shape", "This list is empty: it names no moment.", "")],
    ),
    ("a list of nobody", small(("notify: lead", "notify: []")), [("18:33 shape", "This list is empty.", "")]),
    (
        "a condition of no value",
        small(("    target: 4h", "    when: { priority: [] }\n    target: 4h")),
        [("17:23 shape", "This condition allows no value.", "Write `any` for some value, `unset` for none.")],
    ),
    (
        "a list of no promises",
        small(("target: 4h", "target: []")),
        [("17:13 target", "This target is empty.", "Write `none`.")],
    ),
]


@pytest.mark.parametrize("text, said", [pytest.param(text, said, id=name) for name, text, said in BROKEN])
def test_what_is_said_about_a_section_that_means_nothing(text: str, said: list[Row]) -> None:
    assert rows_of(examine(text).problems) == said


def test_names_have_a_case_and_logins_have_none() -> None:
    assert examine(small(("notify: lead", "notify: BOB"))).problems == ()
    assert examine(small(("lead: bob", "lead: BOB"))).problems == ()
    assert rows_of(examine(small(("notify: lead", "notify: Lead"))).problems) == [
        ("18:33 unknown-name", "There is no role `Lead`.", "Did you mean `lead`?")
    ]


def test_a_chain_of_roles_ends_somewhere() -> None:
    chain = ", ".join(f"role{number}: {{ role: role{number + 1} }}" for number in range(25))
    assert rows_of(examine(small(("lead: bob", f"lead: bob, {chain}, role25: bob"))).problems) == [
        ("6:553 circle", "Roles stand for roles more than 20 deep.", "Let this one name people.")
    ]


def test_suggestions_end_where_nobody_reads_on() -> None:
    roles = ", ".join(f"role{number}: nobody{number}" for number in range(60))
    problems = examine(small(("lead: bob", f"lead: bob, {roles}"))).problems
    assert [bool(problem.hint) for problem in problems] == [True] * 40 + [False] * 20
