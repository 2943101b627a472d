"""Rules 10, 13, 16 and 17: when a fact happened, whose act it was, who is the author, and what a comment that was
edited or deleted still counts for.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, Story, shown, story_of, when

from respondby.desk.history import Fact
from respondby.desk.keeping import KINDS, keep
from respondby.desk.records import Record

OPENED = '10:00 carla opens "Nothing works"'
ANSWER = "  answer: { start: opened, stop: comment by staff, pause: waiting, target: 1h }"


# -- rule 10 ----------------------------------------------------------------------------------------------------------

RAISED = "  answer: { start: opened, stop: comment by staff, target: { priority: { high: 10m, normal: 1h } } }"


@pytest.mark.parametrize(
    "record, stands",
    [
        (None, "answer due 11:00"),
        ({"sets": (("priority", "high"),)}, "answer due 10:40"),
        ({"raises": (("priority", "high"),)}, "answer due 10:40"),
        ({"raises": (("priority", "low"),)}, "answer due 11:00"),
        ({"sets": (("priority", "gone"),), "raises": (("no-field", "high"),)}, "answer due 11:00"),
    ],
    ids=["nothing", "a rung set it", "a rung raised it", "a raise never lowers", "what the policy has no more"],
)
def test_rule_10_what_a_rung_did_happened_when_the_rung_was_due(record: dict[str, object] | None, stands: str) -> None:
    case = story_of(RAISED, f"{OPENED}\n10:00 bob labels priority/normal\n10:52 desk labels priority/high")
    # The desk was late: the rung was due at half past, and its label was written 22 minutes later.
    records = [Record("other/I_1/50%/0", when("10:30"), when("10:52"), **record)] if record else []  # type: ignore[arg-type]
    assert case.with_ledger(records).stands("10:35") == stands
    assert case.with_ledger(records).stands("10:55").replace("breached", "due") == stands


@pytest.mark.parametrize(
    "records, stands",
    [
        ([{"labels": ("vip",)}], "answer due 11:30"),
        ([{"unlabels": ("vip",)}], ""),
        ([], ""),
    ],
)
def test_rule_10_a_label_of_a_rung_is_a_fact_of_the_rungs_time(records: list[dict[str, object]], stands: str) -> None:
    clocks = "  answer: { when: { label: vip }, start: opened, stop: comment by staff, target: 1h }"
    case = story_of(clocks, f"{OPENED}\n10:52 desk labels vip")
    made = [Record("other/I_1/50%/0", when("10:30"), when("10:52"), **record) for record in records]  # type: ignore[arg-type]
    assert case.with_ledger(made).stands("11:00") == stands


def test_rule_10_a_commands_time_is_its_comments_not_that_of_the_desks_write() -> None:
    clocks = "  fix: { start: opened, stop: state = resolved, target: 1h }"
    case = story_of(clocks, f'{OPENED}\n10:59 bob says "/resolved"\n11:20 desk labels state/resolved')
    assert case.stands("12:00") == "fix met 10:59"


def test_rule_10_only_card_is_the_instant_that_the_forge_gives_our_card() -> None:
    clocks = "  acknowledged: { start: opened, stop: card, target: 2m }"
    assert story_of(clocks, f"{OPENED}\n10:01 desk posts").stands("10:10") == "acknowledged met 10:01"
    assert story_of(clocks, f"{OPENED}\n10:05 desk posts").stands("10:10") == "acknowledged late 10:05"
    assert story_of(clocks, f"{OPENED}\n10:01 desk posts\n10:08 desk posts").stands("10:10") == "acknowledged met 10:01"
    assert story_of(clocks, f'{OPENED}\n10:01 desk says "by hand"').stands("10:10") == "acknowledged breached 10:02"


# -- rule 13 ----------------------------------------------------------------------------------------------------------

ROTA = HEAD.replace("roles:", """rotas:
  line: { timezone: Europe/Brussels, handover: { every: 1 week, from: 2026-03-02 }, members: [ann, bob] }
roles:
  on-call: [{ when: { priority: high }, people: tess }, { rota: line }]
  house: { association: member }
""")  # fmt: skip


@pytest.mark.parametrize(
    "role, who, counts",
    [
        ("on-call", "ann", True),
        ("on-call", "bob", True),
        ("on-call", "tess", True),
        ("on-call", "carla", False),
        ("on-call", "dora", False),
        ("lead", "tess", True),
        ("lead", "bob", False),
        ("house", "tess", True),
        ("house", "dora", False),
        ("author", "carla", True),
        ("author", "bob", False),
        ("anyone", "dora", True),
        ("tess", "tess", True),
        ("tess", "bob", False),
        ("staff", "gateway", False),
    ],
)
def test_rule_13_by_a_role_is_anyone_who_can_hold_it_whoever_holds_it_now(role: str, who: str, counts: bool) -> None:
    clocks = f"  answer: {{ start: opened, stop: comment by {role}, target: 1h }}"
    case = story_of(clocks, f'{OPENED}\n10:30 {who} says "Hello"', head=ROTA)
    assert case.stands("10:45") == ("answer met 10:30" if counts else "answer due 11:00")


PRODUCTS = HEAD.replace("fields:", "fields:\n  product: { label: product/ }") + """
products:
  portal: { name: Portal, roles: { lead: ann } }
  shop: { name: Shop }
"""  # fmt: skip


def test_rule_13_a_product_has_roles_of_its_own() -> None:
    clocks = "  answer: { each: true, start: product set, stop: comment by lead, target: 1h }"
    story = f'{OPENED}\n10:10 bob labels product/portal\n10:20 tess says "Hi"\n10:30 ann says "Hi"\n'
    story += '10:40 bob labels product/shop\n10:50 ann says "Hi"\n10:55 tess says "Hi"'
    assert story_of(clocks, story, head=PRODUCTS).stands("11:00") == "answer met 10:30; answer met 10:55"


@pytest.mark.parametrize(
    "stop, act, counts",
    [
        ("assigned", "bob assigns ann", True),
        ("assigned by staff", "bob assigns ann", True),
        ("assigned by staff", "carla assigns ann", False),
        ("assigned by staff", "desk assigns ann", False),
        ("assigned", "desk assigns ann", False),
        ("assigned by staff", 'bob says "/assign ann"', True),
        ("assigned by staff", 'bob says "/assign"', True),
        ("assigned by staff", 'carla says "/assign ann"', False),
        ("priority set by staff", "bob labels priority/high", True),
        ("priority set by staff", "carla labels priority/high", False),
        ("priority = high by staff", "bob labels priority/low", False),
        ("priority = high by staff", 'bob says "/priority high"', True),
        ("merged by staff", "bob merges", True),
        ("post-mortem merged", "bob delivers", True),
    ],
)
def test_rule_13_every_act_can_be_asked_of_a_role_and_assigned_is_by_a_person(
    stop: str, act: str, counts: bool
) -> None:
    clocks = f"  answer: {{ start: opened, stop: {stop}, target: 1h }}"
    assert story_of(clocks, f"{OPENED}\n10:30 {act}").stands("10:45") == (
        "answer met 10:30" if counts else "answer due 11:00"
    )


@pytest.mark.parametrize(
    "story, counts",
    [
        ('10:10 bob assigns ann\n10:30 ann says "Hi"', True),
        ('10:10 bob assigns ann\n10:30 bob says "Hi"', False),
        ('10:10 desk assigns ann\n10:30 ann says "Hi"', True),
        ('10:10 bob assigns ann\n10:20 bob unassigns ann\n10:30 ann says "Hi"', False),
        ('10:30 ann says "Hi"', False),
    ],
)
def test_rule_13_an_assignee_is_whoever_is_assigned_then(story: str, counts: bool) -> None:
    clocks = "  answer: { start: opened, stop: comment by assignee, target: 1h }"
    assert story_of(clocks, f"{OPENED}\n{story}").stands("10:45") == (
        "answer met 10:30" if counts else "answer due 11:00"
    )


# -- rule 16 ----------------------------------------------------------------------------------------------------------

REQUESTERS = HEAD + """
forms:
  mail: { name: Mail, about: A mail., ask: { requester: Who asks?, what: { ask: "What?", kind: text } } }
customers:
  acme: { members: [carla], plan: gold }
"""  # fmt: skip
MAIL = "### Who asks?\\n\\n{}\\n\\n### What?\\n\\nNothing works"
PLANS = """
  answer: { when: { plan: gold }, start: opened, stop: comment by staff, pause: waiting, target: 1h }
  waits: { start: waiting, stop: comment by author, target: 1h }
"""


@pytest.mark.parametrize(
    "author, requester, stands",
    [
        ("bob", "carla", "answer paused; waits due 11:10"),
        ("bob", "@carla", "answer paused; waits due 11:10"),
        ("gateway", "carla", "answer paused; waits due 11:10"),
        ("gateway", "eve", "waits due 11:10"),
        ("dora", "carla", "waits due 11:10"),
        ("carla", "eve", "answer paused; waits due 11:10"),
    ],
    ids=[
        "staff logs an issue for a customer",
        "whatever the login is written like",
        "so does a mail gateway",
        "for somebody of no plan",
        "a stranger cannot speak for a customer",
        "nor can a customer for a stranger",
    ],
)
def test_rule_16_the_requester_is_the_author_for_every_rule(author: str, requester: str, stands: str) -> None:
    story = f'10:00 {author} opens "{MAIL.format(requester)}"\n10:10 ann says "/wait"'
    assert story_of(PLANS, story, head=REQUESTERS).stands("10:30") == stands


@pytest.mark.parametrize(
    "said, told_of",
    [
        ("none", []),
        ("N/A", []),
        ("-", []),
        ("Carla Smith", ["Carla Smith"]),
        ("carla@example.com", ["carla@example.com"]),
        ("https://github.com/carla", ["https://github.com/carla"]),
        ("carla-", ["carla-"]),
    ],
)
def test_rule_16_what_is_no_login_names_nobody_and_is_told(said: str, told_of: list[str]) -> None:
    history = story_of(PLANS, f'10:00 bob opens "{MAIL.format(said)}"', head=REQUESTERS).history
    assert history.requester.login == "bob"
    assert [problem.problem.details["said"] for problem in history.problems] == told_of


@pytest.mark.parametrize(
    "who, stands",
    [
        ("carla", "answer due 11:10; waits met 10:20"),
        ("bob", "answer met 10:20; waits due 11:10"),
        ("dora", "answer paused; waits due 11:10"),
    ],
    ids=["the requester's comment is the author's", "who logged it is staff as ever", "anybody else's is nobody's"],
)
def test_rule_16_the_author_is_not_who_typed_it(who: str, stands: str) -> None:
    story = f'10:00 bob opens "{MAIL.format("carla")}"\n10:10 ann says "/wait"\n10:20 {who} says "Here"'
    assert story_of(PLANS, story, head=REQUESTERS).stands("10:30") == stands


@pytest.mark.parametrize(
    "author, requester, said",
    [
        ("gateway", "carla", [("carla", "refused")]),
        ("gateway", "bob", [("bob", "accepted")]),
        ("gateway", "gateway[bot]", []),
        ("bob", "carla", [("bob", "accepted")]),
    ],
)
def test_rule_16_what_a_gateway_brings_is_said_by_the_requester(
    author: str, requester: str, said: list[tuple[str, str]]
) -> None:
    clocks = "  answer: { start: opened, stop: /ack, target: 1h }"
    case = story_of(clocks, f'10:00 {author} opens "{MAIL.format(requester)}\\n\\n/ack"', head=REQUESTERS)
    assert [(one.by.login, one.verdict) for one in case.history.commands] == said
    assert case.stands("10:30") == "answer due 11:00"  # what a moment started, it cannot stop


# -- rule 17 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "story, stands",
    [
        ('10:20 bob says "/ack"\n10:30 bob edits 1 "/ack\\n\\nOn it"', "answer due 11:00"),
        ('10:20 bob says "On it"\n10:30 bob edits 1 "/ack"', "answer met 10:20"),
        ('10:20 bob says "On it"\n10:30 carla edits 1 "nothing"', "answer met 10:20"),
        ('10:20 bob says "On it"\n10:30 bob edits 1 ""', "answer met 10:20"),
        ('10:20 carla says "hello"\n10:30 bob edits 1 "hello, too"', "answer due 11:00"),
    ],
    ids=[
        "words that an edit adds to commands are no response",
        "words that an edit takes away were one",
        "whoever edits",
        "even to nothing",
        "an edit is no comment",
    ],
)
def test_rule_17_a_comment_counts_as_it_was_when_it_was_written(story: str, stands: str) -> None:
    assert story_of(ANSWER, f"{OPENED}\n{story}").stands("10:45") == stands


@pytest.mark.parametrize(
    "story, at, stands",
    [
        ('10:10 bob says "/ack"\n10:30 bob edits 1 "/ack\\n/wait"', "10:20", "answer due 11:00"),
        ('10:10 bob says "/ack"\n10:30 bob edits 1 "/ack\\n/wait"', "10:40", "answer paused"),
        (
            '10:10 bob says "/wait"\n10:20 bob says "/resume"\n10:30 bob edits 1 "/wait please"',
            "10:45",
            "answer paused",
        ),
        ('10:10 bob says "/wait"\n10:20 bob says "/resume"\n10:30 bob edits 1 "\\n/wait"', "10:45", "answer due 11:10"),
        ('10:10 bob says "/ack"\n10:30 carla edits 1 "/ack\\n/wait"', "10:45", "answer due 11:00"),
        ('10:10 carla says "/wait"\n10:30 bob edits 1 "/wait"', "10:45", "answer due 11:00"),
        ('10:10 carla says "Hi"\n10:30 bob edits 1 "Hi\\n/wait"', "10:45", "answer paused"),
        ('10:10 bob says "/ack"\n10:30 gateway edits 1 "/ack\\n/wait"', "10:45", "answer due 11:00"),
        ('10:30 bob edits 0 "Nothing works\\n/wait"', "10:45", "answer paused"),
    ],
    ids=[
        "not before the edit",
        "from the edit on",
        "another line is another command",
        "the same line is not said again by moving it",
        "it is the editor's, who may not",
        "what was refused is not said again by who may",
        "the editor's, who may",
        "a bot's edit says nothing",
        "the request is edited like a comment",
    ],
)  # fmt: skip
def test_rule_17_a_command_added_by_an_edit_counts_from_the_edit(story: str, at: str, stands: str) -> None:
    assert story_of(ANSWER, f"{OPENED}\n{story}").stands(at) == stands


@pytest.mark.parametrize(
    "editor, stands",
    [("tess", "answer met 10:40"), ("gateway", "answer due 11:00"), ("dora", "answer due 11:00")],
    ids=["an editor is known by what they did elsewhere in the case", "a bot says nothing", "nor does a stranger"],
)
def test_rule_17_an_edits_command_is_judged_by_who_the_editor_is(editor: str, stands: str) -> None:
    head = ROTA.replace("  /ack: { by: staff }", "  /ack: { by: [house, bots] }")
    story = f'{OPENED}\n10:10 carla says "Hi"\n10:20 {editor} says "Hello"\n10:40 {editor} edits 1 "Hi\\n/ack"'
    assert story_of("  answer: { start: opened, stop: /ack, target: 1h }", story, head=head).stands("10:45") == stands


MOVES = """
  answer:
    start: opened
    stop: comment by staff
    target: [{ by: /agree.until }, { priority: { high: 30m } }, { within: 1h }]
  fix: { start: /ack, stop: /resolved, pause: waiting, target: 4h }
  owner: { start: opened, stop: assigned by staff, target: 1h }
"""  # fmt: skip
COMMENTS = (
    '10:05 bob says "/ack"',
    '10:10 bob says "/agree 2026-03-02T16:00"',
    '10:15 bob says "/wait for the log"',
    '10:25 carla says "Here it is"',
    '10:30 bob says "/priority high\\n/assign ann"',
    '10:35 bob says "It was the log"',
    '10:40 bob says "/resolved"',
    '10:45 carla says "Thanks\\n/close"',
)


def _kept(case: Story, at: str) -> list[Fact]:
    """The facts of comments that a run at that instant keeps."""
    history = replace(case, case=replace(case.case, moments=tuple(m for m in case.case.moments if m.at <= when(at))))
    return [fact for fact in history.history.facts if fact.kind in KINDS and fact.source.startswith("IC_")]


@pytest.mark.parametrize("number", range(1, len(COMMENTS) + 1))
def test_rule_17_facts_that_moved_a_clock_outlive_their_comment(number: int) -> None:
    story = "\n".join((OPENED, *COMMENTS, "10:50 desk closes"))
    whole = story_of(MOVES, story)
    deleted = story_of(MOVES, f"{story}\n10:55 bob deletes {number}")
    kept = [keep(fact) for fact in _kept(whole, "10:52")]
    assert deleted.with_ledger(kept=kept).assessed("12:00").runs == whole.assessed("12:00").runs
    assert deleted.with_ledger(kept=kept).history.facts == tuple(
        replace(fact, number=0) if fact.source.startswith(f"IC_{number}") else fact for fact in whole.history.facts
    )
    assert (deleted.assessed("12:00").runs == whole.assessed("12:00").runs) == (number == 8)  # all was over by then


def test_rule_17_a_comment_that_is_there_is_read_and_not_remembered() -> None:
    whole = story_of(MOVES, "\n".join((OPENED, *COMMENTS)))
    kept = [keep(fact) for fact in _kept(whole, "10:52")]
    assert whole.with_ledger(kept=kept).history.facts == whole.history.facts


def test_rule_17_a_comment_deleted_before_any_run_saw_it_never_was() -> None:
    story = f'{OPENED}\n10:20 bob says "On it"'
    assert story_of(ANSWER, story).stands("10:45") == "answer met 10:20"
    assert story_of(ANSWER, f"{story}\n10:30 bob deletes 1").stands("10:45") == "answer due 11:00"


def test_rule_17_hiding_a_comment_changes_no_clock() -> None:
    case = story_of(ANSWER, f'{OPENED}\n10:20 bob says "On it"')
    hidden = tuple(replace(moment, hidden="outdated") for moment in case.case.moments)
    assert replace(case, case=replace(case.case, moments=hidden)).stands("10:45") == "answer met 10:20"


def test_rule_17_each_run_names_the_moments_that_moved_it() -> None:
    case = story_of(MOVES, "\n".join((OPENED, *COMMENTS)))
    moved = {run.clock: run.moved_by for run in case.assessed("12:00").runs}
    assert moved == {
        "answer": {"I_1", "IC_2:1", "IC_6"},
        "fix": {"IC_1:1", "IC_3:1", "IC_4", "IC_7:1"},
        "owner": {"I_1", "IC_5:2"},
    }
    (answer, fix, owner) = sorted(case.assessed("12:00").runs, key=lambda run: run.clock)
    assert (answer.stopped_by, answer.stopped_by_source) == ("bob", "IC_6")
    assert (fix.stopped_by_source, owner.stopped_by_source) == ("IC_7:1", "IC_5:2")
    assert shown(fix.ended) == "10:40"


# -- rule 13: nobody answers themselves -------------------------------------------------------------------------------

OWN = '10:00 ann opens "My laptop"'


@pytest.mark.parametrize(
    "stop, story, stands",
    [
        ("comment by staff", '10:05 ann says "The blue one"', "answer due 11:00"),
        ("comment by staff", '10:05 bob says "Bring it by"', "answer met 10:05"),
        ("comment by staff", '10:05 ann says "The blue one"\n10:10 bob says "Bring it by"', "answer met 10:10"),
        ("[comment by staff, comment by author]", '10:05 ann says "The blue one"', "answer met 10:05"),
        ("comment by anyone", '10:05 ann says "The blue one"', "answer met 10:05"),
        ("comment", '10:05 ann says "The blue one"', "answer met 10:05"),
        ("comment by ann", '10:05 ann says "The blue one"', "answer due 11:00"),
        ("edited by staff", '10:05 ann edits 0 "My blue laptop"', "answer due 11:00"),
        ("edited by staff", '10:05 bob edits 0 "My blue laptop"', "answer met 10:05"),
        ("/ack by staff", '10:05 ann says "/ack"', "answer met 10:05"),
        ("assigned by staff", "10:05 ann assigns bob", "answer met 10:05"),
    ],
)
def test_rule_13_what_somebody_says_of_their_own_request_is_no_word_of_the_staff(
    stop: str, story: str, stands: str
) -> None:
    clocks = f"  answer: {{ start: opened, stop: {stop}, target: 1h }}"
    assert story_of(clocks, f"{OWN}\n{story}").stands("10:30") == stands


def test_rule_16_who_logs_a_request_for_a_customer_answers_it_like_everybody() -> None:
    head = HEAD + '\nforms:\n  call: { name: Call, about: x, by: staff, ask: { requester: "Who?" } }\n'
    opened = '10:00 ann opens "### Who?\\n\\ncarla"'
    case = story_of(
        "  answer: { start: opened, stop: comment by staff, target: 1h }", f'{opened}\n10:05 ann says "Yes"', head=head
    )
    assert case.stands("10:30") == "answer met 10:05"
