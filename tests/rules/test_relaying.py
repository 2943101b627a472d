"""What a request is told of its incident, and what it is not, or not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from tests.promises.stories import HEAD, Story, story_of, when

from respondby.desk.built_in.incident_news import NEWS, News, What, keep_news
from respondby.desk.history import History
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.desk.records import Kept, Record
from respondby.desk.results import Commented, Result
from respondby.rules.plan import Relay
from respondby.rules.relaying import MOST_TOLD, relay_tasks, untold
from respondby.rules.task import Task

CLOCKS = "  answer: { start: opened, stop: /ack, target: 4h }"
SOLVED, NOT_SOLVED = "  /solved: { by: author }\n", "  /not-solved: { by: author }\n"
TIE = "tie/MC_1"


def news(what: What, at: str = "11:00", name: str = "") -> Kept:
    """What the incident 12 tells, as it is kept on the request."""
    return keep_news(12, "I_12", News(what, when(at), name or f"{what}/1"), when(at))


def tie(at: str = "10:30", source: str = TIE, number: str = "12") -> Kept:
    """The request is part of that incident; of none from then on, where there is no number."""
    return Kept(f"{source} tied", when(at), "bob", "MEMBER", "tied", "", number)


def request(
    *kept: Kept, words: str = "", author: str = "carla", later: str = "", records: Iterable[Record] = ()
) -> Story:
    """A request that has been part of the incident 12 since half past ten."""
    told = story_of(CLOCKS, f'10:00 {author} opens "Help"\n{later}', head=HEAD + words)
    return told.with_ledger(records, kept=[tie(), *kept])


def read_with(story: Story, texts: Mapping[str, str]) -> History:
    return read(story.policy, story.case, Known(updates=texts))


def tasks(story: Story, texts: Mapping[str, str]) -> list[Task]:
    history = read_with(story, texts)
    return list(relay_tasks(story.policy, history, history.ledger))


def relayed(story: Story, texts: Mapping[str, str]) -> list[Relay | None]:
    return [task.relay for task in tasks(story, texts)]


TIED = Relay("tied", 12, "We look at it.", to="carla")
TEXTS = {TIE: "We look at it.", f"{NEWS}/I_12/updated/1": "It burns."}


@pytest.mark.parametrize(
    "kept, texts, told",
    [
        ([], {}, []),
        ([], TEXTS, [TIED]),
        ([news("updated")], {TIE: ""}, [Relay("tied", 12, to="carla")]),  # its words wait for a run that knows them
        ([news("updated")], TEXTS, [TIED, Relay("updated", 12, "It burns.", to="carla")]),
        # That it is over has no words of anybody.
        ([news("resolved")], {}, [Relay("resolved", 12, to="carla")]),
        ([news("again")], {}, [Relay("again", 12, to="carla")]),
        ([news("ended")], {}, [Relay("ended", 12, to="carla")]),
    ],
)  # fmt: skip
def test_what_this_run_knows_the_words_of_is_told(
    kept: list[Kept], texts: Mapping[str, str], told: list[Relay]
) -> None:
    assert relayed(request(*kept), texts) == told


@pytest.mark.parametrize(
    "words, what, solved, not_solved",
    [
        ("", "resolved", "", ""),
        (SOLVED, "resolved", "/solved", ""),
        (NOT_SOLVED, "resolved", "", "/not-solved"),
        (SOLVED + NOT_SOLVED, "resolved", "/solved", "/not-solved"),
        (SOLVED + NOT_SOLVED, "again", "", ""),  # nobody is asked whether it works while it goes on
        (SOLVED + NOT_SOLVED, "ended", "", ""),
    ],
)
def test_who_asked_is_asked_whether_it_works_again_by_the_words_that_the_policy_has(
    words: str, what: What, solved: str, not_solved: str
) -> None:
    (told,) = relayed(request(news(what), words=words), {})
    assert told == Relay(what, 12, to="carla", solved=solved, not_solved=not_solved)


def test_a_bot_is_told_and_not_mentioned() -> None:
    (told,) = relayed(request(news("resolved"), author="gateway"), {})
    assert told == Relay("resolved", 12)


@pytest.mark.parametrize(
    "kept, later, told",
    [
        ([news("resolved"), news("again", "13:00")], "10:40 bob closes\n12:00 carla reopens", ["again"]),
        ([tie("10:40", "tie/MC_2")], "", ["tied"]),  # tied to the same by another word
        ([tie("10:40", "tie/MC_2", "13")], "", ["tied", "tied"]),
        ([tie("10:40", "tie/MC_2", ""), tie("10:50", "tie/MC_3")], "", ["tied"]),
        ([news("resolved")], "11:30 bob labels priority/high", ["tied", "resolved"]),  # what else happens is no news
    ],
)
def test_each_incident_is_told_of_once_and_nothing_of_what_happened_while_the_request_was_closed(
    kept: list[Kept], later: str, told: list[str]
) -> None:
    texts = {f"tie/MC_{number}": "" for number in (1, 2, 3)} if told[0] == "tied" else {}
    found = relayed(request(*kept, later=later), texts)
    assert [relay.what for relay in found if relay is not None] == told


UPDATED = f"incident/updated/{NEWS}/I_12/updated/1"


@pytest.mark.parametrize(
    "results, texts, told, waits",
    [
        (None, TEXTS, True, True),
        ((), TEXTS, False, False),
        ((Commented(),), TEXTS, False, False),
        ((Commented(ok=False),), TEXTS, True, True),
        ((Commented(ok=False),), {}, False, True),  # by a run that knows the words
    ],
)
def test_what_was_told_is_told_no_more_and_what_was_not_taken_is(
    results: tuple[Result, ...] | None, texts: Mapping[str, str], told: bool, waits: bool
) -> None:
    tied = f"incident/tied/{TIE}"
    records = [Record(tied, when("10:30"), when("10:31"))]
    records += [] if results is None else [Record(UPDATED, when("11:00"), when("11:01"), results=results)]
    story = request(news("updated"), records=records)
    found = {task.key: task for task in tasks(story, texts)}
    assert list(found) == [tied, UPDATED]
    assert (found[tied].relay, found[UPDATED].relay is not None) == (None, told)
    assert (found[UPDATED].recorded is None) is (results is None)
    assert untold(read_with(story, texts)) is waits
    closed = request(news("updated"), records=records, later="12:00 bob closes")
    assert not untold(read_with(closed, texts))
    assert [task.acts for task in tasks(closed, texts)] == [False, False]


@pytest.mark.parametrize(
    "lengths, told",
    [
        ((MOST_TOLD - 4, 4), 2),
        ((MOST_TOLD - 4, 5), 1),  # the rest follows in the next comment
        ((MOST_TOLD + 1, 1), 1),  # what is too long for any comes alone
        ((1, MOST_TOLD + 1, 1), 1),
    ],
)
def test_a_comment_holds_as_many_updates_as_fit(lengths: tuple[int, ...], told: int) -> None:
    kept = [news("updated", f"11:0{turn}", f"updated/{turn}") for turn in range(len(lengths))]
    texts = {f"{NEWS}/I_12/updated/{turn}": "x" * length for turn, length in enumerate(lengths)}
    records = [Record(f"incident/tied/{TIE}", when("10:30"), when("10:31"))]
    assert len([relay for relay in relayed(request(*kept, records=records), texts) if relay is not None]) == told
