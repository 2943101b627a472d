"""Reading: what became of an issue, as evidence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forge.desks import Desk

from respondby.desk import markers, reading
from respondby.desk.case import Actor, Case
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.forge import writing
from respondby.forge.gathering import Identity, gather_case, gather_open
from respondby.forge.nodes import Us, login_of
from respondby.forge.reading import _EVENTS, case_of, wants_edits
from respondby.policy.loading.loader import load

LEDGER = Ledger().with_records(Record("first-response/I_1/75%", 10, 11))
BOT = "github-actions[bot]"


def card(desk: Desk, number: int, text: str = "card", ledger: Ledger = LEDGER, secret: bytes | None = None) -> str:
    case = desk.does("ann", "GET", f"/issues/{number}")["node_id"]
    return f"{text}\n" + markers.write("card", case, "d1", ledger, secret=secret)


def read(desk: Desk, number: int, **identity: Any) -> Case:
    (case,) = gather_case(desk.client, number, identify=lambda _: Identity(**identity)).cases
    return case


def test_each_happening_is_a_moment_in_the_forges_order(desk: Desk) -> None:
    number = desk.opens()
    path = f"/issues/{number}"
    steps = [
        ("ann", "POST", f"{path}/labels", {"labels": ["bug"]}),
        ("ann", "DELETE", f"{path}/labels/bug", None),
        ("ann", "POST", f"{path}/assignees", {"assignees": ["ann"]}),
        ("carla", "POST", f"{path}/comments", {"body": "any news?"}),
        ("ann", "DELETE", f"{path}/assignees", {"assignees": ["ann"]}),
        ("carla", "PATCH", path, {"state": "closed", "state_reason": "not_planned"}),
        ("carla", "PATCH", path, {"state": "open"}),
    ]
    for minute, (who, method, target, body) in enumerate(steps, start=1):
        desk.sandbox.clock(f"2026-01-05T09:{minute:02}:00Z")
        desk.does(who, method, target, body)
    case = read(desk, number)
    assert [
        (moment.kind, moment.by.login, moment.text, (moment.at - case.created) // 60) for moment in case.moments
    ] == [
        ("opened", "carla", "", 0),
        ("labeled", "ann", "bug", 1),
        ("unlabeled", "ann", "bug", 2),
        ("assigned", "ann", "ann", 3),
        ("comment", "carla", "", 4),
        ("unassigned", "ann", "ann", 5),
        ("closed", "carla", "not_planned", 6),
        ("reopened", "carla", "", 7),
    ]
    assert len({moment.source for moment in case.moments}) == len(case.moments)
    assert not any(moment.ours for moment in case.moments)


def test_a_comment_knows_the_link_by_which_people_refer_to_it(desk: Desk) -> None:
    number = desk.opens()
    comment = desk.says("carla", number, "hello")
    assert read(desk, number).moments[1].number == comment


def test_the_association_comes_with_the_comment_and_serves_the_same_persons_events(desk: Desk) -> None:
    number = desk.opens()
    desk.does("ann", "POST", f"/issues/{number}/labels", {"labels": ["bug"]})
    desk.says("ann", number, "on it")
    labeled, comment = read(desk, number).moments[1:]
    assert labeled.by == comment.by == Actor("ann", "MEMBER")


def test_a_deleted_account_is_ghost_in_comments_events_and_edits(desk: Desk) -> None:
    desk.sandbox.user("gone")
    number = desk.opens("gone")
    desk.edits("gone", desk.says("gone", number, "one"), "two")
    desk.does("gone", "PATCH", f"/issues/{number}", {"state": "closed"})
    desk.sandbox.delete_user("gone")
    case = read(desk, number)
    assert {moment.by.login for moment in case.moments} == {"ghost"}
    assert [revision.by for revision in case.moments[1].revisions] == ["ghost", "ghost"]
    assert case.author.login == "ghost"


def test_a_deleted_comment_leaves_its_event_and_whose_it_was(desk: Desk) -> None:
    number = desk.opens()
    desk.does("ann", "DELETE", f"/issues/comments/{desk.says('carla', number, 'oops')}")
    ours = writing.create_comment(desk.client, number, card(desk, number)).id
    desk.does("ann", "DELETE", f"/issues/comments/{ours}")
    twin = writing.create_comment(desk.client, number, card(desk, number)).id
    writing.delete_comment(desk.client, twin)
    assert [(moment.kind, moment.by.login, moment.text, moment.ours) for moment in read(desk, number).moments[1:]] == [
        ("comment deleted", "ann", "carla", False),
        ("record lost", "ann", BOT, False),
        ("comment deleted", BOT, BOT, True),
    ]


def test_a_hidden_comment_says_why(desk: Desk) -> None:
    number = desk.opens()
    desk.says("carla", number, "buy now")
    source = read(desk, number).moments[1].source
    desk.asks(
        "ann",
        f'mutation {{ minimizeComment(input: {{subjectId: "{source}", classifier: SPAM}}) {{ clientMutationId }} }}',
    )
    assert read(desk, number).moments[1].hidden == "spam"


def test_only_the_duplicate_is_marked_and_it_names_the_issue_that_stays(desk: Desk) -> None:
    first, second = desk.opens(), desk.opens()
    nodes = {number: read(desk, number).node_id for number in (first, second)}
    event: dict[str, Any] = {
        "__typename": "MarkedAsDuplicateEvent",
        "id": "MADE_1",
        "createdAt": "2026-01-05T09:00:00Z",
        "actor": {"__typename": "User", "login": "ann"},
        "duplicate": {"id": nodes[second]},
        "canonical": {"number": first, "repository": {"nameWithOwner": desk.repository}},
    }
    for number, expected in ((first, []), (second, [f"{desk.repository}#{first}"])):
        issue = plain_issue(id=nodes[number], timelineItems={"nodes": [event]})
        case = case_of(desk.repository, issue, {}, Us("me"))
        assert [moment.text for moment in case.moments if moment.kind == "duplicate"] == expected


def test_an_issue_that_was_transferred_in_begins_when_it_arrives(desk: Desk) -> None:
    elsewhere = Desk(desk.sandbox)
    number = elsewhere.opens()
    elsewhere.says("ann", number, "We look into it")
    owner, names = desk.repository.split("/")[0], [one.repository.split("/")[1] for one in (desk, elsewhere)]
    there = f'repository(owner: "{owner}", name: "{names[1]}") {{ issue(number: {number}) {{ id }} }}'
    home = desk.asks("ann", f'{{ repository(owner: "{owner}", name: "{names[0]}") {{ id }} }}')["repository"]["id"]
    issue = elsewhere.asks("ann", f"{{ {there} }}")["repository"]["issue"]["id"]
    desk.sandbox.clock("2026-01-05T12:00:00Z")
    arguments = f'input: {{ issueId: "{issue}", repositoryId: "{home}" }}'
    moved = desk.asks("ann", f"mutation {{ transferIssue({arguments}) {{ issue {{ number }} }} }}")
    desk.sandbox.clock("2026-01-05T12:10:00Z")
    arrived = int(moved["transferIssue"]["issue"]["number"])
    desk.says("ann", arrived, "Now we do")
    case = read(desk, arrived)
    noon = 1767614400  # 2026-01-05T12:00:00Z
    assert case.created == noon
    assert [(moment.kind, moment.at - noon) for moment in case.moments] == [("opened", 0), ("comment", 600)]


def test_what_the_desk_did_is_ours(desk: Desk) -> None:
    number = desk.opens()
    writing.add_labels(desk.client, number, ["late"])
    writing.create_comment(desk.client, number, card(desk, number))
    writing.assign(desk.client, number, ["ann"])
    writing.close(desk.client, number)
    case = read(desk, number)
    assert [(moment.kind, moment.ours) for moment in case.moments] == [
        ("opened", False),
        ("labeled", True),
        ("comment", True),
        ("assigned", True),
        ("closed", True),
    ]
    assert {moment.by for moment in case.moments[1:]} == {Actor(BOT, "NONE", bot=True)}


def test_a_record_of_ours_is_read(desk: Desk) -> None:
    number = desk.opens()
    made = writing.create_comment(desk.client, number, card(desk, number))
    (own,) = read(desk, number).own
    assert (own.id, own.source, own.at, own.kind) == (made.id, made.node_id, made.at, "card")
    assert (own.ledger, own.digest, own.tampered) == (LEDGER, "d1", False)


def test_a_record_that_somebody_else_pastes_is_nothing(desk: Desk) -> None:
    number = desk.opens()
    desk.says("carla", number, card(desk, number))
    case = read(desk, number)
    assert (case.own, case.moments[1].ours) == ((), False)


@pytest.mark.parametrize("edit", ["emptied", "with a record of my own <!-- respondby:- {} -->"])
def test_a_record_counts_as_we_last_wrote_it_whatever_somebody_made_of_it(desk: Desk, edit: str) -> None:
    number = desk.opens()
    made = writing.create_comment(desk.client, number, card(desk, number, ledger=Ledger()))
    writing.edit_comment(desk.client, made.id, card(desk, number, "newer"))
    desk.edits("ann", made.id, edit)
    case = read(desk, number)
    assert [(own.ledger, own.tampered) for own in case.own] == [(LEDGER, True)]
    assert case.moments[1].ours
    writing.edit_comment(desk.client, made.id, card(desk, number, "mended"))
    assert [(own.ledger, own.tampered) for own in read(desk, number).own] == [(LEDGER, False)]


def test_with_a_key_an_unsigned_or_wrongly_signed_record_is_nothing(desk: Desk) -> None:
    number = desk.opens()
    for secret in (None, b"another", b"key"):
        writing.create_comment(desk.client, number, card(desk, number, secret=secret))
    assert len(read(desk, number, secret=b"key").own) == 1
    assert len(read(desk, number).own) == 3


def test_a_bot_that_the_policy_names_counts_as_us_and_another_does_not(desk: Desk) -> None:
    number = desk.opens()
    for bot in ("old-desk[bot]", "other[bot]"):
        desk.sandbox.user(bot, "Bot")
        token = desk.sandbox.token(bot, {"issues": "write"}, desk.repository)
        writing.create_comment(desk.connect(token), number, card(desk, number))
    case = read(desk, number, bots=frozenset({"Old-Desk[bot]"}))
    assert [(moment.by.login, moment.ours) for moment in case.moments[1:]] == [
        ("old-desk[bot]", True),
        ("other[bot]", False),
    ]
    assert len(case.own) == 1


def test_a_person_who_lends_the_desk_a_token_still_speaks_as_themselves(desk: Desk) -> None:
    number = desk.opens()
    lent = desk.connect(desk.sandbox.token("ann"))
    made = writing.create_comment(lent, number, card(desk, number))
    desk.edits("ann", desk.says("ann", number, "I look into it"), "I am looking into it")
    (case,) = gather_case(lent, number).cases
    ours, own_words = case.moments[1:]
    assert (ours.ours, own_words.ours) == (True, False)
    assert [revision.text for revision in own_words.revisions] == ["I look into it", "I am looking into it"]
    desk.edits("ann", made.id, "the card, edited away by hand")
    (case,) = gather_case(lent, number).cases
    assert [moment.ours for moment in case.moments[1:]] == [True, False]
    assert [(own.ledger, own.tampered) for own in case.own] == [(LEDGER, True)]


def test_a_record_of_a_newer_version_is_no_speech_of_the_person_who_lent_the_token(desk: Desk) -> None:
    number = desk.opens()
    lent = desk.connect(desk.sandbox.token("ann"))
    made = writing.create_comment(lent, number, card(desk, number))
    writing.edit_comment(lent, made.id, card(desk, number).replace('"v":2', '"v":99'))
    found = gather_case(lent, number)
    assert (found.requests, found.cases, len(found.failed)) == (1, (), 1)


def plain_issue(**changes: Any) -> dict[str, Any]:
    """An issue as GraphQL tells it."""
    who = {"__typename": "User", "login": "carla"}
    return {
        "id": "I_1",
        "number": 1,
        "url": "https://example.test/acme/desk/issues/1",
        "title": "Help",
        "body": "It broke.",
        "createdAt": "2026-01-05T09:00:00Z",
        "updatedAt": "2026-01-05T09:00:00Z",
        "lastEditedAt": None,
        "state": "OPEN",
        "locked": False,
        "viewerDidAuthor": False,
        "authorAssociation": "NONE",
        "author": who,
        "editor": None,
        "labels": {"nodes": []},
        "assignees": {"nodes": []},
        "timelineItems": {"nodes": []},
    } | changes


def plain_comment(**changes: Any) -> dict[str, Any]:
    """A comment as GraphQL tells it."""
    return {
        "__typename": "IssueComment",
        "id": "IC_1",
        "fullDatabaseId": "4294967296",
        "createdAt": "2026-01-05T09:00:00Z",
        "body": "hello",
        "lastEditedAt": None,
        "viewerDidAuthor": False,
        "isMinimized": False,
        "minimizedReason": None,
        "authorAssociation": "NONE",
        "author": {"__typename": "User", "login": "carla"},
        "editor": None,
    } | changes


@pytest.mark.parametrize(
    "who, login",
    [
        (None, "ghost"),
        ({"__typename": "User", "login": "Ann"}, "Ann"),
        ({"__typename": "Bot", "login": "github-actions"}, BOT),
        ({"__typename": "Bot", "login": BOT}, BOT),
        ({"__typename": "Mannequin", "login": "old-ann"}, "old-ann"),
    ],
)
def test_logins_are_those_of_rest(who: Any, login: str) -> None:
    assert login_of(who) == login


def test_an_id_of_more_than_32_bits_is_read() -> None:
    issue = plain_issue(timelineItems={"nodes": [plain_comment()]})
    assert case_of("acme/desk", issue, {}, Us("me")).moments[1].number == 2**32


def test_a_text_that_was_wiped_from_the_history_is_left_out() -> None:
    edits = [
        {"editedAt": f"2026-01-05T09:0{minute}:00Z", "diff": text, "editor": None}
        for minute, text in ((3, "third"), (2, None), (1, "first"))
    ]
    issue = plain_issue(lastEditedAt="2026-01-05T09:03:00Z")
    assert list(wants_edits(issue, Us("me"))) == ["I_1"]
    (opened,) = case_of("acme/desk", issue, {"I_1": edits}, Us("me")).moments
    assert [revision.text for revision in opened.revisions] == ["first", "third"]


def test_a_card_of_ours_whose_history_is_gone_carries_no_record_but_stays_ours() -> None:
    stranger = {"__typename": "User", "login": "mallory"}
    comment = plain_comment(
        viewerDidAuthor=True,
        author={"__typename": "Bot", "login": "github-actions"},
        editor=stranger,
        lastEditedAt="2026-01-05T09:01:00Z",
        body="forged\n" + markers.write("card", "I_1", "d", LEDGER),
    )
    case = case_of("acme/desk", plain_issue(timelineItems={"nodes": [comment]}), {}, Us(BOT))
    assert (case.own, case.moments[1].ours) == ((), True)


actors = st.none() | st.builds(
    lambda kind, login: {"__typename": kind, "login": login},
    st.sampled_from(["User", "Bot", "Mannequin", "Organization", "EnterpriseUserAccount"]),
    st.sampled_from(["ann", "github-actions", BOT, "ghost", "-"]),
)
instants = st.integers(0, 2**31).map(lambda at: f"2026-01-05T{at % 24:02}:{at % 60:02}:00Z")
events = st.fixed_dictionaries(
    {
        "__typename": st.sampled_from([*_EVENTS, "PinnedEvent", "TransferredEvent"]),
        "id": st.text(max_size=5),
        "createdAt": instants,
        "actor": actors,
        "assignee": actors,
        "deletedCommentAuthor": actors,
        "label": st.just({"name": "x"}),
        "stateReason": st.none() | st.sampled_from(["COMPLETED", "DUPLICATE"]),
        "duplicate": st.none() | st.just({"id": "I_1"}) | st.just({}),
        "canonical": st.none() | st.just({}),
        "parent": st.none() | st.just({}),
    }
)
comments = st.builds(
    plain_comment,
    body=st.text(max_size=20) | st.just(markers.write("card", "I_1", "d", LEDGER)),
    author=actors,
    editor=actors,
    lastEditedAt=st.none() | instants,
    viewerDidAuthor=st.booleans(),
    isMinimized=st.booleans(),
    minimizedReason=st.none() | st.just("off-topic"),
    fullDatabaseId=st.sampled_from(["1", "9999999999"]),
)
histories = st.lists(
    st.fixed_dictionaries({"editedAt": instants, "diff": st.none() | st.text(max_size=9), "editor": actors}), max_size=3
)


@given(st.lists(st.none() | events | comments, max_size=8), actors, histories, st.booleans())
def test_reading_is_total_over_all_that_githubs_schema_allows(
    nodes: list[Any], author: Any, history: list[Any], edited: bool
) -> None:
    issue = plain_issue(
        author=author,
        timelineItems={"nodes": nodes},
        lastEditedAt="2026-01-05T09:01:00Z" if edited else None,
        labels=None,
    )
    us = Us(BOT, frozenset({"ann"}))
    edits = dict.fromkeys(wants_edits(issue, us), history)
    case = case_of("acme/desk", issue, edits, us)
    assert all(moment.revisions for moment in case.moments if moment.kind in ("opened", "comment"))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["carla", "ann"]),
        st.sampled_from(
            ["says", "edits", "deletes", "labels", "unlabels", "assigns", "closes", "reopens", "rewrites", "card"]
        ),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(lambda text: f"{text}."),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_reading_is_total_over_all_that_people_do(desk: Desk, steps: list[tuple[str, str, str]]) -> None:
    number = desk.opens()
    spoken: list[int] = []
    for who, step, text in steps:
        perform(desk, number, spoken, who, step, text)
    (case,) = gather_case(desk.client, number).cases
    assert [own.ledger for own in case.cards] == [LEDGER] * sum(comment < 0 for comment in spoken)
    assert {comment for comment in spoken if comment > 0} <= {moment.number for moment in case.moments}


def perform(desk: Desk, number: int, spoken: list[int], who: str, step: str, text: str) -> None:
    """One thing that somebody does; `spoken` holds the ids of comments that stand, negative for our cards."""
    path = f"/issues/{number}"
    theirs = [comment for comment in spoken if comment > 0]
    match step:
        case "says":
            spoken.append(desk.says(who, number, text or "."))
        case "card":
            spoken.append(-writing.create_comment(desk.client, number, card(desk, number)).id)
        case "edits" if theirs:
            desk.edits("ann", theirs[-1], text or ".")
        case "rewrites" if spoken:
            desk.edits("ann", abs(spoken[-1]), text or ".")
        case "deletes" if theirs:
            desk.does("ann", "DELETE", f"/issues/comments/{theirs[0]}")
            spoken.remove(theirs[0])
        case "labels":
            desk.does("ann", "POST", f"{path}/labels", {"labels": ["bug"]})
        case "assigns":
            desk.does("ann", "POST", f"{path}/assignees", {"assignees": ["ann"]})
        case "closes" | "reopens":
            desk.does("carla", "PATCH", path, {"state": "closed" if step == "closes" else "open"})


def test_cases_of_a_sweep_are_the_same_as_read_one_by_one(desk: Desk) -> None:
    numbers = [desk.opens() for _ in range(3)]
    for number in numbers:
        desk.edits("carla", desk.says("carla", number, "one"), "two")
        writing.create_comment(desk.client, number, card(desk, number))
    assert list(gather_open(desk.client).cases) == [read(desk, number) for number in numbers]


def test_a_record_outlives_the_renaming_of_its_repository_and_counts_in_no_other_issue() -> None:
    card = {"viewerDidAuthor": True, "author": {"__typename": "Bot", "login": "github-actions"}}
    ours, copied = (plain_comment(**card, body=markers.write("card", issue, "d", LEDGER)) for issue in ("I_1", "I_2"))
    case = case_of("acme/renamed", plain_issue(timelineItems={"nodes": [ours, copied]}), {}, Us(BOT))
    assert [own.ledger for own in case.own] == [LEDGER]


@pytest.mark.parametrize("set_by, value", [("[staff, bots]", "high"), ("staff", "low")])
def test_a_bot_beside_the_desk_sets_the_fields_that_the_policy_lets_bots_set(set_by: str, value: str) -> None:
    """What a triage app of its own account labels is somebody's deed; what the desk labels has its cause already."""
    policy = load(
        "version: 1\ndesk: Bots\npeople: { ann: {} }\n"
        'roles: { staff: { people: [ann] }, bots: { people: ["github-actions[bot]", "triage[bot]"] } }\n'
        "fields: { priority: { label: priority/, default: low, values: { high: High, low: Low }, "
        f"set-by: {set_by} }} }}\n"
    )
    us = Us("github-actions[bot]", frozenset({"github-actions[bot]", "triage[bot]"}))
    labels = [
        {
            "__typename": "LabeledEvent",
            "id": f"LE_{who}",
            "createdAt": f"2026-01-05T09:0{minute}:00Z",
            "actor": {"__typename": "Bot", "login": who},
            "label": {"name": name},
        }
        for minute, who, name in ((5, "triage", "priority/high"), (7, "github-actions", "priority/low"))
    ]
    case = case_of("acme/desk", plain_issue(timelineItems={"nodes": labels}), {}, us)
    assert [moment.other_bot for moment in case.moments] == [False, True, False]
    assert reading.read(policy, case).state.fields == {"priority": value}


@pytest.mark.parametrize(
    "bots, wrote, ours",
    [
        (frozenset({BOT}), False, False),
        (frozenset(), False, True),
        (frozenset({BOT, "ann"}), False, True),
        (frozenset({BOT}), True, True),
    ],
    ids=["she only looks", "nobody else is the desk", "she is one of the desk's accounts", "the desk borrows hers"],
)
def test_what_somebody_did_who_reads_with_a_token_of_their_own_is_theirs_unless_the_desk_writes_as_them(
    desk: Desk, bots: frozenset[str], wrote: bool, ours: bool
) -> None:
    number = desk.opens()
    desk.does("ann", "POST", f"/issues/{number}/labels", {"labels": ["late"]})
    hers = desk.connect(desk.sandbox.token("ann"))
    if wrote:
        writing.create_comment(hers, number, card(desk, number))
    case = gather_case(hers, number, identify=lambda _: Identity(bots)).cases[0]
    assert [moment.ours for moment in case.moments if moment.kind == "labeled"] == [ours]
