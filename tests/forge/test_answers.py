"""What an answer comes to: its body, its refusals, its limits, the parts of a query that stand for themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from respondby.forge.answers import Answer, PartError, graphql_data, limit_pause, parts, refusal, refused_parts
from respondby.forge.errors import (
    BadToken,
    CaseError,
    CaseGone,
    ForgeError,
    NoDate,
    NotGranted,
    NotTheForge,
    PartialAnswer,
    QueryRefused,
    Refused,
    RepositoryBlocked,
    RepositoryMissing,
    RepositoryMoved,
    TooHeavy,
    Uncertain,
)

NINE = 1767603600
DATE = {"date": "Mon, 05 Jan 2026 09:00:00 GMT"}
LONG = "Something went wrong while executing your query. " + "x" * 60
HEAVY = {"type": "RESOURCE_LIMITS_EXCEEDED", "message": LONG}


def answer(body: Any = None, status: int = 200, **headers: str) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
    return Answer(
        "https://api.test/x", status, {name.replace("_", "-"): value for name, value in headers.items()}, text
    )


def of_parts(data: Any, *errors: Any) -> Answer:
    return answer({"data": data, "errors": list(errors)})


@pytest.mark.parametrize("body, items, fields", [([1], [1], None), ({"a": 1}, None, {"a": 1}), ("7", None, None)])
def test_a_body_is_taken_for_what_it_is(body: Any, items: Any, fields: Any) -> None:
    for name, wanted in (("items", items), ("fields", fields)):
        if wanted is not None:
            assert getattr(answer(body), name) == wanted
        else:
            with pytest.raises(NotTheForge):
                getattr(answer(body), name)


def test_of_what_is_no_json_the_first_sixty_characters_are_said_in_one_line() -> None:
    with pytest.raises(NotTheForge) as error:
        _ = answer("<html>\n  " + "y" * 100, 502).fields
    shown = f"('<html> {'y' * 53}')"
    assert str(error.value).startswith(f"https://api.test/x answered 502 with something else than JSON {shown}: is ")


@pytest.mark.parametrize("date", [{}, {"date": "soon"}])
def test_the_forges_clock_is_its_date_and_nothing_else(date: dict[str, str]) -> None:
    assert answer(**DATE).date == answer(**DATE).server_date == NINE
    assert answer(**date).server_date is None
    with pytest.raises(NoDate):
        _ = answer(**date).date


@pytest.mark.parametrize(
    "body, message",
    [
        (None, "no reason given"),
        ("[" + "1, " * 100 + "1]", str([1] * 101)[:200]),
        ({}, "no reason given"),
        ({"message": "No"}, "No"),
        ({"message": "No", "errors": ["odd", {"message": "worse"}]}, "No; odd; worse"),
        (
            {"errors": [{"resource": "Label", "field": "color", "code": "invalid"}]},
            "no reason given; Label color invalid",
        ),
        ({"errors": [{"code": "invalid"}]}, "no reason given;   invalid"),
        ({"message": "m" * 600}, "m" * 500),
    ],
)
def test_a_refusal_is_told_in_githubs_words(body: Any, message: str) -> None:
    assert answer(body, 422).message == message


@pytest.mark.parametrize(
    "given, before, seconds",
    [
        (answer({"data": {"a": 1}}), 0, None),
        (answer({"data": None, "errors": [{"type": "RATE_LIMITED"}]}), 0, 60.0),
        (answer({"data": {"a": None}, "errors": [{"type": "RATE_LIMIT"}]}), 0, 60.0),
        (answer({"data": {"a": 1}, "errors": [{"type": "RATE_LIMITED"}]}), 0, None),
        (answer({"data": None, "errors": [{"type": "NOT_FOUND"}]}), 0, None),
        (answer({}, 200, retry_after="7"), 0, None),
        (answer({}, 404, retry_after="7"), 0, None),
        (answer({}, 403), 0, None),
        (answer({}, 403, x_ratelimit_remaining="1"), 0, None),
        (answer({"message": "You have exceeded a secondary rate limit"}, 403), 0, 60.0),
        (answer({"message": "x" * 2000 + "rate limit"}, 403), 0, None),
        (answer({}, 429), 0, 60.0),
        (answer({}, 429), 1, 120.0),
        (answer({}, 429), 3, 480.0),
        (answer({}, 429, retry_after="7"), 2, 7.0),
        (answer({}, 403, retry_after="0"), 0, 1.0),
        (answer({}, 403, retry_after="soon"), 0, 60.0),
        (answer({}, 403, x_ratelimit_remaining="0", x_ratelimit_reset=str(NINE + 9), **DATE), 0, 10.0),
        (answer({}, 403, x_ratelimit_remaining="0", x_ratelimit_reset=str(NINE - 9), **DATE), 0, 1.0),
        (answer({}, 403, x_ratelimit_remaining="0", x_ratelimit_reset="?", **DATE), 0, 60.0),
        (answer({}, 429, x_ratelimit_remaining="3", x_ratelimit_reset=str(NINE + 9), **DATE), 0, 60.0),
    ],
)
def test_a_limit_says_how_long_to_wait(given: Answer, before: int, seconds: float | None) -> None:
    assert limit_pause(given, before) == seconds


GONE = CaseGone("reading #7")
BLOCK = {"message": "Repository access blocked", "block": {"reason": "tos", "html_url": "https://x.test/why"}}


@pytest.mark.parametrize(
    "given, error, says",
    [
        (answer({}, 200), None, ""),
        (answer({}, 299), None, ""),
        (answer("", 300), RepositoryMoved, "acme/desk"),
        (answer("", 399), RepositoryMoved, "acme/desk"),
        (answer({}, 400), Refused, "asking: GitHub refused with 400: no reason given"),
        (answer({}, 401), BadToken, ""),
        (answer({"message": "No"}, 403), NotGranted, "issues: write"),
        (
            answer({}, 403, x_accepted_github_permissions="a=read; b=write"),
            NotGranted,
            "permissions: a: read or b: write",
        ),
        (answer(BLOCK, 403), RepositoryBlocked, "https://x.test/why"),
        (answer({"message": "DMCA"}, 451), RepositoryBlocked, "DMCA"),
        (answer({"message": "DMCA", "block": "odd"}, 403), RepositoryBlocked, "DMCA"),
        (answer({}, 404), CaseGone, "reading #7"),
        (answer({}, 410), CaseGone, "asking"),
        (answer({"message": "Locked"}, 423), Refused, "asking: GitHub refused with 423: Locked"),
    ],
)
def test_a_status_stands_for_an_error(given: Answer, error: type[ForgeError | CaseError] | None, says: str) -> None:
    found = refusal(given, "acme/desk", "asking", "issues: write", GONE)
    assert type(found) is (error or type(None))
    assert says in str(found)


@pytest.mark.parametrize(
    "given, error, says",
    [
        (of_parts(None, HEAVY), TooHeavy, f"GitHub gave up on it ({LONG[:100]}),"),
        (of_parts({"a": 1}, {"message": LONG.upper()}), TooHeavy, "GitHub gave up"),
        (of_parts(None, {"message": "no such field"}), QueryRefused, "no such field"),
        (
            of_parts({"a": 1}, *({"path": ["a", number]} for number in range(7))),
            PartialAnswer,
            "a.0, a.1, a.2, a.3, a.4;",
        ),
        (of_parts({"a": 1}, {"message": "odd"}), PartialAnswer, "without odd;"),
        (of_parts({}, {"type": "FORBIDDEN", "path": ["repository", "defaultBranchRef"]}), NotGranted, "contents: read"),
        (of_parts({}, {"type": "FORBIDDEN", "path": ["repository", "labels"]}), NotGranted, "issues: read"),
        (of_parts({}, {"type": "NOT_FOUND", "path": ["repository"]}), RepositoryMissing, "acme/desk"),
        (of_parts({}, {"type": "NOT_FOUND", "path": ["repository", "issue"]}), CaseGone, "asking"),
        (of_parts({"repository": None}), RepositoryMissing, "acme/desk"),
        (of_parts([1]), NotTheForge, "something else"),
    ],
)
def test_of_an_answer_in_part_nothing_is_taken(given: Answer, error: type[ForgeError], says: str) -> None:
    with pytest.raises(error) as raised:
        graphql_data(given, "acme/desk", "asking", missing_ok=False)
    assert says in str(raised.value)


def test_what_is_gone_is_none_where_that_is_expected_and_the_rest_is_there() -> None:
    gone = of_parts({"a": None, "b": 1}, {"type": "NOT_FOUND", "path": ["a"]})
    assert graphql_data(gone, "acme/desk", "asking", missing_ok=True) == {"a": None, "b": 1}
    assert graphql_data(of_parts({"viewer": 1}, "odd"), "acme/desk", "asking", missing_ok=False) == {"viewer": 1}


LOCKED = {"type": "FORBIDDEN", "path": ["edit", "id"], "message": "locked"}


@pytest.mark.parametrize(
    "given, refused",
    [
        (of_parts({"add": {"id": 1}, "edit": {"id": 2}}), {}),
        (of_parts({"add": {"id": 1}, "edit": None}, LOCKED), {"edit": PartError("FORBIDDEN", "locked")}),
        (of_parts({"edit": None}, LOCKED, {"path": ["edit"]}), {"edit": PartError("FORBIDDEN", "locked")}),
        (of_parts({"edit": None}, {"path": ["edit"]}), {"edit": PartError("", "")}),
    ],
)
def test_the_parts_of_a_mutation_that_were_refused_are_told_by_name(
    given: Answer, refused: dict[str, PartError]
) -> None:
    assert refused_parts(given, "editing") == refused


@pytest.mark.parametrize(
    "given, error, says",
    [
        (of_parts(None), NotTheForge, "something else"),
        (of_parts(None, HEAVY), Uncertain, f"editing: GitHub gave up on it ({LONG[:100]}), so nobody knows"),
        (of_parts(None, {"message": "no such mutation"}), QueryRefused, "no such mutation"),
        (
            of_parts({"a": {"id": 1}}, {"path": ["a"], "message": "m" * 200}),
            Uncertain,
            f"told of an error ({'m' * 100}),",
        ),
        (of_parts({"a": {"id": 1}}, {"message": "odd"}), Uncertain, "told of an error (odd),"),
        (of_parts({"a": None, "b": None, "c": 1}), Uncertain, "GitHub said nothing of a, b,"),
    ],
)
def test_where_an_error_or_a_silence_belongs_to_no_part_nobody_knows_what_was_done(
    given: Answer, error: type[ForgeError | CaseError], says: str
) -> None:
    with pytest.raises(error) as raised:
        refused_parts(given, "editing")
    assert says in str(raised.value)


def test_the_parts_of_a_query_stand_for_themselves() -> None:
    there = {"a": {"id": 1}, "b": None, "c": None}
    given = of_parts(there, {"type": "NOT_FOUND", "path": ["b"], "message": "no b"})
    assert parts(given, "asking") == ({"a": {"id": 1}, "c": None}, {"b": PartError("NOT_FOUND", "no b")})
    assert parts(of_parts(there), "asking") == (there, {})
    assert parts(of_parts({"b": None}, {"path": ["b"]}), "asking") == ({}, {"b": PartError("", "")})


@pytest.mark.parametrize(
    "given, error, says",
    [
        (of_parts({"a": 1}, {**HEAVY, "path": ["a"]}), TooHeavy, f"GitHub gave up on it ({LONG[:100]}),"),
        (of_parts({"a": 1}, {"message": "odd"}), QueryRefused, "odd"),
        (of_parts(None, {"message": "odd", "path": ["a"]}), QueryRefused, "odd"),
        (of_parts(None), NotTheForge, "something else"),
        (answer([]), NotTheForge, "something else"),
    ],
)
def test_a_query_that_was_refused_whole_has_no_parts(given: Answer, error: type[ForgeError], says: str) -> None:
    with pytest.raises(error) as raised:
        parts(given, "asking")
    assert says in str(raised.value)
