"""GitHub's expressions, as far as workflows here use them."""

import pytest

from respondby.rehearsal.expressions import ExpressionError, evaluate, fill, holds

CONTEXT = {
    "github": {"token": "t", "event": {"issue": {"number": 7, "pull_request": None}, "action": "Opened"}},
    "inputs": {"dry-run": "", "issue": None},
    "secrets": {"CHAT_URL": "json://x"},
}


@pytest.mark.parametrize(
    "expression,expected",
    [
        ("github.token", "t"),
        ("github.event.issue.number", 7),
        ("github.event.comment.id", None),
        ("inputs.dry-run || 'false'", "false"),
        ("inputs.issue", None),
        ("!github.event.issue.pull_request", True),
        ("github.event.action == 'opened'", True),
        ("github.event.action != 'opened' || github.event.issue.number == 7", True),
        ("github.event.issue.number == 7 && 'yes'", "yes"),
        ("(true && false) || 'it''s'", "it's"),
        ("null", None),
        ("!!'x'", True),
        ("contains('An /ack', '/ACK')", True),
        ("contains(github.event.comment.body, '/') || contains(inputs.dry-run, '')", True),
        ("contains(github.event.comment.body, '/')", False),
        ("!contains('a', 'b') && contains(github.event.issue.number, 7)", True),
    ],
)
def test_an_expression_is_evaluated_as_github_does(expression: str, expected: object) -> None:
    assert evaluate(expression, CONTEXT) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "contains(github.event, 'x')",
        "contains('x')",
        "contains('x', 'y'",
        "startsWith('x', 'y')",
        "contains",
        "'x', 'y'",
        "github.event[0]",
        "nothing.here",
        "'open",
        "true &&",
        "(true",
        "a ? b : c",
        "true false",
        "==",
    ],
)
def test_what_is_not_understood_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression, CONTEXT)


def test_expressions_are_filled_into_text_as_text() -> None:
    text = "n=${{ github.event.issue.number }} s=${{secrets.CHAT_URL}} none=${{ inputs.issue }} no=${{ !true }}"
    assert fill(text, CONTEXT) == "n=7 s=json://x none= no=false"


@pytest.mark.parametrize("condition", ["${{ !github.event.issue.pull_request }}", "github.event.issue.number"])
def test_a_condition_may_stand_with_and_without_its_brackets(condition: str) -> None:
    assert holds(condition, CONTEXT)
