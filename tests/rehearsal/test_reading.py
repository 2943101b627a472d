"""Scenarios as they are read: what they mean, and what is wrong with them, with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from respondby.calendars.instants import iso
from respondby.policy.text import yaml_text
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.shape import shape_problems
from respondby.rehearsal.reading import parse_scenario, read_scenario
from respondby.rehearsal.story import (
    AnswersPage,
    Assigns,
    ClockIs,
    Closes,
    Deed,
    Deletes,
    Edits,
    Expect,
    Fault,
    Keeps,
    Labels,
    Lost,
    Merges,
    Opens,
    Policy,
    Reopens,
    Says,
    Scenario,
    Sweeps,
    Writes,
)

ROOT = Path(__file__).parents[2]
HEAD = """\
scenario: A story
policy: support.yml
timezone: Europe/Brussels
starts: 2026-12-24T10:00
people: { carla: customer }
story:
  - { at: 10:00, who: carla, opens: change, title: A record }
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Scenario]:
    """Reads a scenario beside which lies a policy."""
    (tmp_path / "support.yml").write_text("version: 1\n")
    return lambda text: parse_scenario(text, "s.yml", tmp_path)


def test_a_whole_scenario_is_read_with_every_instant(read: Callable[[str], Scenario]) -> None:
    scenario = read(
        HEAD
        + "  - { at: mon 14:53, expect: { notified: [ann], clocks: { first: due 17:30, second: due tue 09:00 } } }\n"
        + "  - { at: +1m, case: 1, who: ann, says: Done }\n"
        + "keeps: [{ says: In time, by: [clocks.first, ladders.x] }]\n"
    )
    assert (scenario.name, scenario.timezone, iso(scenario.starts)) == (
        "A story",
        "Europe/Brussels",
        "2026-12-24T09:00:00Z",
    )
    assert scenario.people == {"carla": "customer"}
    assert scenario.keeps == (Keeps("In time", ("clocks.first", "ladders.x")),)
    assert [iso(step.at) for step in scenario.story] == [
        "2026-12-24T09:00:00Z",
        "2026-12-28T13:53:00Z",
        "2026-12-28T13:54:00Z",
    ]
    assert [step.line for step in scenario.story] == [7, 8, 9]
    expect = scenario.story[1].deed
    assert isinstance(expect, Expect)
    assert [(item.clock, iso(item.due or 0)) for item in expect.clocks] == [
        ("first", "2026-12-28T16:30:00Z"),
        ("second", "2026-12-29T08:00:00Z"),
    ]
    assert expect.notified == {"ann"}
    assert expect.paged is None
    assert scenario.story[2].case == 1


@pytest.mark.parametrize(
    "step,deed",
    [
        ("who: carla, opens: , title: T, body: text", Opens("carla", None, "T", body="text")),
        (
            "who: carla, opens: change, title: T, with: { a: x, b: [y, z], c: }",
            Opens("carla", "change", "T", (("a", "x"), ("b", ("y", "z")), ("c", ""))),
        ),
        ('who: carla, says: "one\\ntwo"', Says("carla", "one\ntwo")),
        ("who: carla, edits: better", Edits("carla", text="better")),
        ("who: carla, edits: { title: New, with: { a: x } }", Edits("carla", title="New", answers=(("a", "x"),))),
        ("who: carla, labels: bug", Labels("carla", ("bug",))),
        ("who: carla, labels: { add: [a, b], remove: c }", Labels("carla", ("a", "b"), ("c",))),
        ("who: carla, assigns: [ann, bob]", Assigns("carla", ("ann", "bob"))),
        ("who: carla, closes: ", Closes("carla")),
        ("who: carla, closes: not planned", Closes("carla", "not_planned")),
        ("who: carla, reopens: ", Reopens("carla")),
        ("who: carla, deletes: comment", Deletes("carla", "comment")),
        ("who: carla, merges: post-mortem", Merges("carla")),
        ("who: carla, merges: action-items", Merges("carla", what="action-items")),
        ("who: carla, writes: { Root cause: A disk }", Writes("carla", (("Root cause", "A disk"),))),
        ("who: carla, merges: { title: T, files: { a/b.md: text } }", Merges("carla", "T", (("a/b.md", "text"),))),
        ("who: carla, answers-page: ", AnswersPage("carla")),
        ("who: carla, answers-page: resolve", AnswersPage("carla", "resolve")),
        ("fault: none", Fault(())),
        (
            "fault: { do: { status: 502, cut: true, delay: 0.5 } }",
            Fault(({"do": {"status": 502, "cut": True, "delay": 0.5}},)),
        ),
        ('fault: [{ do: { body: "502" } }]', Fault(({"do": {"body": "502"}},))),
        ("policy: support.yml", Policy("version: 1\n", "support.yml")),
        ('policy: "a: 1\\nb: 2\\n"', Policy("a: 1\nb: 2\n", "the scenario")),
        ("sweeps: off", Sweeps(None)),
        ("sweeps: on", Sweeps(60)),
        ("sweeps: every 1h30m", Sweeps(5400)),
        ("lost: events", Lost(True)),
        ("lost: nothing", Lost(False)),
        ("expect: { clocks: { c: off } }", Expect(clocks=(ClockIs("c", "off"),))),
        (
            "expect: { fields: { priority: urgent, cause: unset } }",
            Expect(fields=(("priority", "urgent"), ("cause", None))),
        ),
        ("expect: { labels: a, no-labels: [b] }", Expect(labels=("a",), no_labels=("b",))),
        ("expect: { pages: { ann: acknowledged } }", Expect(pages=(("ann", "acknowledged"),))),
        (
            "expect: { messages: { chat: [late, Look], pager: [] } }",
            Expect(messages=(("chat", ("late", "Look")), ("pager", ()))),
        ),
        ("expect: { paged: [], comments: 2 }", Expect(paged=frozenset(), comments=2)),
        ('expect: { comments: ["2", more] }', Expect(comments=("2", "more"))),
        (
            "expect: { refused: [/priority], sees: { carla: [Hello] } }",
            Expect(refused=("/priority",), sees=(("carla", ("Hello",)),)),
        ),
    ],
)
def test_every_deed_of_the_grammar_is_read_and_the_schema_takes_it(
    read: Callable[[str], Scenario], step: str, deed: Deed
) -> None:
    text = f"{HEAD}  - {{ at: +1m, {step} }}\n"
    assert read(text).story[1].deed == deed
    assert shape_problems(yaml_text.read(text, path="s.yml"), "schemas/scenario.schema.json", path="s.yml") == ()


@pytest.mark.parametrize(
    "step,message",
    [
        (
            "at: 09:00, who: carla, says: x",
            "8:11: error: This is before the step above, which is at Thu 24 Dec, 10:00",
        ),
        ("at: soon, who: carla, says: x", "8:11: error: This is not a time"),
        ("at: +1 business day, who: carla, says: x", "8:11: error: This is open time"),
        ("who: carla, says: x", "8:5: error: `at` is missing here"),
        ("at: +1m, says: x", "8:5: error: `who` is missing here"),
        ("at: +1m", "8:5: error: This step does nothing"),
        ("at: +1m, who: carla, says: x, closes: ", "8:5: error: A step is one deed; here are `says` and `closes`"),
        ("at: +1m, who: carla, shouts: x", "Unknown key `shouts`"),
        ("at: +1m, who: carla, merges: everything", "`everything` is not possible here"),
        ("at: +1m, who: carla, merges: { title: T }", "files"),
        ("at: +1m, who: carla, merges: { title: T, files: {} }", "This pull request changes nothing"),
        ("at: +1m, who: carla, answers-page: later", "`later` is not possible here"),
        ("at: +1m, expect: { pages: { ann: rings } }", "`rings` is not possible here"),
        ("at: +1m, who: carla, opens: change", "A case needs a title"),
        ("at: +1m, who: carla, opens: change, title: T, body: x", "comes from `with`"),
        ("at: +1m, who: carla, opens: , title: T, with: { a: b }", "A blank issue has no answers"),
        ("at: +1m, case: 2, who: carla, says: x", "8:22: error: This case has not been opened before this step"),
        ("at: +1m, who: carla, edits: { }", "This edit changes nothing"),
        ("at: +1m, who: carla, closes: later", "`later` is not possible here"),
        ("at: +1m, who: carla, reopens: 1", "`reopens` takes no value"),
        ("at: +1m, who: carla, deletes: everything", "`everything` is not possible here"),
        ("at: +1m, policy: other.yml", "There is no such file"),
        ("at: +1m, sweeps: every 5s", "Sweeps come a minute apart at least"),
        ("at: +1m, sweeps: often", "This does not say how often sweeps come"),
        ("at: +1m, lost: all", "`all` is not possible here"),
        ("at: +1m, expect: { }", "Nothing is expected here"),
        ("at: +1m, expect: { clocks: { c: running } }", "8:39: error: This is not a state of a clock"),
        ("at: +1m, expect: { clocks: { c: due soon } }", "8:39: error: This is not a time"),
        ("at: +1m, expect: { clocks: { c: met 10:00 } }", "This is not a state of a clock"),
        ("at: +1m, expect: { pagd: [] }", "Did you mean `paged`?"),
    ],
)
def test_a_step_that_cannot_be_played_is_refused_at_its_place(
    read: Callable[[str], Scenario], step: str, message: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        read(f"{HEAD}  - {{ {step} }}\n")
    assert "s.yml:" in str(refused.value)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "old,new,message",
    [
        ("scenario: A story\n", "", "`scenario` is missing here"),
        ("support.yml", "nowhere.yml", "s.yml:2:9: error: There is no such file"),
        ("Europe/Brussels", "Europe/Brusels", "3:11: error: “Europe/Brusels” is not an IANA time zone; did you mean"),
        ("2026-12-24T10:00", "10:00", "s.yml:4:9: error: “10:00” is not a time"),
        ("customer", "client", "`client` is not possible here"),
        ("  - { at: 10:00, who: carla, opens: change, title: A record }\n", "  []\n", "Nothing happens in this story"),
        ("opens: change, title: A record", "says: hello", "No case has been opened before this step"),
        ("story:", "plot:", "Unknown key `plot`"),
        ("scenario: A story", "scenario: [", "s.yml:"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_refused_at_its_place(
    read: Callable[[str], Scenario], old: str, new: str, message: str
) -> None:
    assert old in HEAD
    with pytest.raises(PolicyError) as refused:
        read(HEAD.replace(old, new))
    assert message in str(refused.value)


def test_all_problems_of_a_scenario_are_told_at_once(read: Callable[[str], Scenario]) -> None:
    with pytest.raises(PolicyError) as refused:
        read(HEAD + "  - { at: soon, who: carla, says: x }\n  - { at: +1m, lost: all }\n")
    assert [problem.line for problem in refused.value.problems] == [8, 9]


def test_a_file_that_cannot_be_read_is_a_problem_like_any_other(tmp_path: Path) -> None:
    binary = tmp_path / "s.yml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path / "missing.yml"):
        with pytest.raises(PolicyError, match="This file cannot be read"):
            read_scenario(path)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs/processes/priorities-and-help/scenarios").iterdir()), ids=lambda path: path.stem
)
def test_the_scenarios_of_the_default_process_are_read_and_the_schema_takes_them(path: Path) -> None:
    assert read_scenario(path).story
    root = yaml_text.read(path.read_text(encoding="utf-8"), path=path.name)
    assert shape_problems(root, "schemas/scenario.schema.json", path=path.name) == ()
