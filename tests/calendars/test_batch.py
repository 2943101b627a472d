"""`respondby deadline --batch` and `respondby oncall --batch`: what machines say and hear."""

import io
import json
import sys
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.support import OFFICE_MAPPING

from respondby.calendars.errors import TimeError
from respondby.cli import deadline, oncall
from respondby.cli.batch import LONGEST, arrivals, run_batch
from respondby.cli.main import main

HERE = Path(__file__).parent
FROM = "2026-11-23T10:00+01:00"
ROTA = {"handover": {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"}, "members": ["ann", "bob"]}


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.mark.parametrize(
    "line, says",
    [
        ("no json", "not JSON"),
        ("[1, 2]", "not an object"),
        ('"text"', "not an object"),
        ("[" * 100_000, "not JSON"),
        ("1" * 5000, "not JSON"),
        (b"\xff\xfe".decode("latin-1"), "not JSON"),
        ("{}", "needs “from”"),
        (json.dumps({"from": FROM}), "exactly one of within, by and to; this one has none"),
        (json.dumps({"from": FROM, "within": "1h", "to": FROM}), "this one has within and to"),
        (json.dumps({"from": "2026-11-23T10:00", "within": "1h"}), "needs an offset"),
        (json.dumps({"from": "2026-02-30T10:00Z", "within": "1h"}), "day is out of range"),
        (json.dumps({"from": 5, "within": "1h"}), "from must be text"),
        (json.dumps({"from": FROM, "within": "0h"}), "is zero"),
        (json.dumps({"from": FROM, "within": "-1h"}), "not a duration"),
        (json.dumps({"from": FROM, "within": 30}), "must be text"),
        (json.dumps({"from": FROM, "within": "2 days", "calendar": {"hours": {}}}), "write “2 business days”"),
        (json.dumps({"from": FROM, "within": "1 business hour"}), "needs a calendar"),
        (json.dumps({"from": FROM, "within": "1 business hour", "calendar": {"hours": {}}}), "never opens"),
        (json.dumps({"from": FROM, "within": "1h", "calendar": {"hours": {"mon": ["25:00-26:00"]}}}), "25:00"),
        (json.dumps({"from": FROM, "within": "1h", "calendar": {"hours": {"mon": ["9-17"]}}}), "not a window"),
        (json.dumps({"from": FROM, "within": "1h", "calendar": "office"}), "a calendar must be a mapping"),
        (json.dumps({"from": FROM, "within": "1h", "calendar": {"timezone": "Mars/Olympus"}}), "not an IANA time zone"),
        (
            json.dumps({"from": FROM, "by": "end of sprint", "calendar": {"hours": {"mon": ["09:00-17:00"]}}}),
            "`sprints`",
        ),
        (json.dumps({"from": FROM, "by": "/agree.until"}), "on a case only"),
        (json.dumps({"from": FROM, "by": "handover"}), "on a case only"),
        (json.dumps({"from": FROM, "by": "noon"}), "is not a time"),
        (json.dumps({"from": FROM, "within": "1h", "pauses": "all day"}), "pauses must be a list"),
        (json.dumps({"from": FROM, "within": "1h", "pauses": [FROM]}), "pauses must be a list"),
        (json.dumps({"from": FROM, "within": "1h", "pauses": [[FROM]]}), "two times"),
        (json.dumps({"from": FROM, "within": "1h", "pauses": [[FROM, "2026-11-22T10:00Z"]]}), "ends before it begins"),
        (json.dumps({"from": "9999-12-31T23:00Z", "within": "2h"}), "years 1 to 9999"),
        (json.dumps({"from": "0001-01-01T00:00+14:00", "within": "1h"}), "years 1 to 9999"),
    ],
)
def test_a_line_that_cannot_be_answered_is_an_error_in_its_place(line: str, says: str) -> None:
    good = json.dumps({"from": FROM, "within": "1h"})
    result = run("deadline", "--batch", "-", stdin=f"{good}\n{line}\n{good}\n".encode("latin-1"))
    answers = [json.loads(text) for text in result.stdout.splitlines()]
    assert answers[0] == answers[2] == {"due": "2026-11-23T10:00:00Z"}
    assert list(answers[1]) == ["error"]
    assert says in answers[1]["error"]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "line, says",
    [
        ({"at": FROM}, "needs “rota”"),
        ({"rota": ROTA}, "needs “at”"),
        ({"rota": ROTA, "at": "2026-01-06"}, "needs an offset"),
        ({"rota": ROTA, "at": None}, "at must be text"),
        ({"rota": {**ROTA, "members": []}, "at": FROM}, "a rota of nobody"),
        ({"rota": "support", "at": FROM}, "a rota must be a mapping"),
        ({"rota": {**ROTA, "timezone": 3}, "at": FROM}, "timezone must be text"),
        ({"rota": ROTA, "at": FROM, "people": ["ann"]}, "people must be a mapping"),
    ],
)
def test_a_rota_line_that_cannot_be_answered_is_an_error(line: object, says: str) -> None:
    result = run("oncall", "--batch", "-", stdin=json.dumps(line).encode())
    assert says in json.loads(result.stdout)["error"]
    assert result.exit_code == 1


def test_a_line_may_hold_null_for_what_it_leaves_out_and_keys_of_its_own() -> None:
    line = {
        "from": FROM,
        "within": "1h",
        "by": None,
        "calendar": None,
        "pauses": None,
        "says": "anything",
        "expect": {},
    }
    assert deadline.answer(line) == {"due": "2026-11-23T10:00:00Z"}


def test_a_time_without_an_offset_is_local_on_the_line_s_calendar() -> None:
    line = {"calendar": OFFICE_MAPPING, "from": "2026-11-23T10:00", "to": "2026-11-23T11:00"}
    assert deadline.answer(line) == {"elapsed": 3600}


def test_a_pause_without_an_end_is_a_due_of_nothing() -> None:
    assert deadline.answer({"from": FROM, "within": "1h", "pauses": [["2026-11-23T09:10Z", None]]}) == {"due": None}


def test_people_of_a_rota_line_say_who_is_away() -> None:
    line = {"rota": ROTA, "at": "2026-01-06T12:00Z", "people": {"ann": {"away": ["2026-01-06"]}, "bob": None}}
    assert oncall.answer(line) == {"on_call": ["bob"], "since": "2026-01-06T00:00:00Z", "until": "2026-01-07T00:00:00Z"}


def test_blank_lines_at_the_end_are_none_and_between_others_are_errors() -> None:
    good = json.dumps({"from": FROM, "within": "1h"})
    result = run("deadline", "--batch", "-", stdin=f"\ufeff {good}\r\n{good}\n\n \n".encode())
    assert [list(json.loads(text)) for text in result.stdout.splitlines()] == [["due"], ["due"]]
    assert result.exit_code == 0
    result = run("deadline", "--batch", "-", stdin=f"{good}\n\n{good}".encode())
    assert [list(json.loads(text)) for text in result.stdout.splitlines()] == [["due"], ["error"], ["due"]]
    assert run("deadline", "--batch", "-", stdin=b"").stdout == ""


WORDS = st.sampled_from(["1h", "mon", "BE", "2026-03-29", "-1"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
SAMPLES = [
    json.loads(line) for name in ("time", "rota") for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
]


@st.composite
def spoilt_lines(draw: st.DrawFn) -> dict[str, object]:
    """A normative line in which something, at any depth, is something else."""
    line = deepcopy(draw(st.sampled_from(SAMPLES)))
    places: list[tuple[dict[str, object] | list[object], str | int]] = []
    unseen: list[object] = [line]
    while unseen:
        node = unseen.pop()
        if isinstance(node, dict | list):
            keys = list(node) if isinstance(node, dict) else range(len(node))
            places += [(node, key) for key in keys if key not in ("says", "expect")]
            unseen += [node[key] for key in keys]
    for node, key in draw(st.lists(st.sampled_from(places), min_size=1, max_size=2)):
        node[key] = draw(JSON)  # type: ignore[index]
    return line


@settings(max_examples=400)
@given(spoilt_lines())
def test_whatever_a_line_holds_it_has_an_answer_or_an_error(line: dict[str, object]) -> None:
    answer = oncall.answer if "rota" in line else deadline.answer
    with suppress(TimeError):
        assert set(answer(line)) in ({"due"}, {"elapsed"}, {"on_call", "since", "until"})


class Asker(io.BytesIO):
    """A stream in which these texts arrive one by one; `heard` is what had been answered when each was waited for."""

    def __init__(self, answers: io.StringIO, *texts: bytes) -> None:
        super().__init__()
        self.answers, self.texts = answers, list(texts)
        self.heard: list[str] = []

    def read1(self, size: int | None = -1, /) -> bytes:
        self.heard.append(self.answers.getvalue())
        return self.texts.pop(0) if self.texts else b""


def test_what_has_arrived_is_answered_before_more_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = io.StringIO()
    monkeypatch.setattr(sys, "stdout", answers)
    asker = Asker(answers, b'{"n": 1}\n', b'{"n": 2}\n{"n": 3}\n{"n"', b": 4}\n", b'{"n": 5}')
    assert run_batch(asker, dict) == 0
    told = [text.replace("\n", "")[-8:] for text in asker.heard]
    assert told == ["", '{"n": 1}', '{"n": 3}', '{"n": 4}', '{"n": 4}']
    assert answers.getvalue() == "".join(f'{{"n": {n}}}\n' for n in range(1, 6))


def test_a_line_without_end_is_an_error_and_the_next_one_is_answered() -> None:
    endless = b'{"from": "' + b"9" * (3 * LONGEST) + b'"}\n'
    read = [line for lines in arrivals(io.BytesIO(endless + b"{}\n{}")) for line in lines]
    assert [len(line) for line in read] == [LONGEST, 2, 2]


@given(st.lists(st.sampled_from([b"{}", b" ", b"\r", b"\n", b"\n\n", b"12"]), max_size=12))
def test_lines_are_the_same_however_they_arrive(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    lines = [line for lines in arrivals(Asker(io.StringIO(), *pieces)) for line in lines]
    assert lines == (whole.removesuffix(b"\n").split(b"\n") if whole else [])
