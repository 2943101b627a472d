"""Each promise of a document has its key, its scenario and a result of what stands there; what lacks one says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tracing.team import ANSWERED, PROMISES, Team

from respondby.desk.blocks import taken
from respondby.policy.text import yaml_text
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.shape import shape_problems
from respondby.tracing.document import read_written, unquoted
from respondby.tracing.rehearsed import FILE, hash_of, hashes_of, read_rehearsed, remember, scenarios_of
from respondby.tracing.table import as_json, page, table
from respondby.tracing.traced import traced


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path / "desk")


def played(team: Team, *broken: str) -> tuple[Path, ...]:
    """As if all scenarios had been rehearsed just now; which files were written."""
    files = scenarios_of(team.policy)
    return remember((file, team.policy, hash_of(file), file.stem not in broken) for file in files)


def problems(team: Team) -> list[str]:
    """What is wrong, by file, line and words."""
    return [f"{Path(one.path).name}:{one.line}: {one.message}" for one in traced(team.policy).problems]


def rows(team: Team) -> list[tuple[str, tuple[str, ...], list[str], bool]]:
    return [
        (row.promise.says, row.by, [f"{one.file.stem} {one.standing}" for one in row.shown], row.kept)
        for row in traced(team.policy).rows
    ]


# -- what is right -----------------------------------------------------------------------------------------------------


def test_a_promise_has_its_keys_its_scenarios_and_what_came_of_them(team: Team) -> None:
    played(team)
    assert problems(team) == []
    assert rows(team) == [
        ("We answer within four hours.", ("clocks.answer",), ["answered kept"], True),
        ("The lead hears of it when we do not.", ("clocks.answer", "roles.lead"), ["late kept"], True),
        ("Everybody says who they are.", ("people",), ["late kept"], True),
    ]


def test_what_is_rehearsed_again_and_has_not_changed_writes_nothing(team: Team) -> None:
    assert played(team) == (team.folder / FILE,)
    text = (team.folder / FILE).read_bytes()
    assert played(team) == ()
    assert (team.folder / FILE).read_bytes() == text
    assert sorted(one.name for one in team.folder.iterdir()) == [
        "promises.yml", FILE, "scenarios", "support.yml"
    ]  # fmt: skip


def test_results_of_other_scenarios_stay_and_those_of_files_that_are_gone_go(team: Team) -> None:
    played(team)
    (team.folder / "scenarios/late.yml").unlink()
    file = team.folder / "scenarios/answered.yml"
    remember([(file, team.policy, hash_of(file), False)])
    assert {name: one.result for name, one in read_rehearsed(team.folder / FILE).items()} == {
        "scenarios/answered.yml": "broken"
    }


def test_line_ends_are_no_change(team: Team) -> None:
    played(team)
    team.write("scenarios/answered.yml", ANSWERED.replace("\n", "\r\n"))
    assert problems(team) == []


def test_only_scenarios_beside_a_policy_with_promises_are_remembered(team: Team) -> None:
    elsewhere = team.write("story.yml", ANSWERED.replace("../support.yml", "support.yml"))
    assert set(hashes_of([elsewhere, *scenarios_of(team.policy)])) == {str(file) for file in scenarios_of(team.policy)}
    (team.folder / "promises.yml").unlink()
    assert hashes_of(scenarios_of(team.policy)) == {}


# -- what is wrong -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda team: (team.folder / FILE).unlink(),
         "2 scenarios not rehearsed as they stand, which show 3 promises: answered, late."),
        (lambda team: team.change("support.yml", "target: 4h", "target: 240m"),
         "2 scenarios not rehearsed as they stand, which show 3 promises: answered, late."),
        (lambda team: team.change("scenarios/late.yml", "14:01", "14:02"),
         "1 scenario not rehearsed as they stand, which show 2 promises: late."),
    ],
    ids=["nothing was rehearsed", "another policy", "another scenario"],
)  # fmt: skip
def test_a_result_is_of_what_was_played(team: Team, change: Callable[[Team], None], said: str) -> None:
    played(team)
    change(team)
    assert problems(team) == [f"{FILE}:1: {said}"]
    [problem] = traced(team.policy).problems
    assert f"respondby rehearse {team.folder}" in problem.hint
    assert str(team.folder / FILE) in problem.hint


def test_a_file_that_the_policy_names_belongs_to_what_was_played(team: Team) -> None:
    (team.folder / "rota").mkdir()
    team.change(
        "support.yml",
        "roles:",
        "rotas: { week: { timezone: UTC, handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 },"
        " members: [ann, bob], overrides: rota/week.yml } }\nroles:",
    )
    team.write("rota/week.yml", "- { from: 2026-11-02T10:00, until: 2026-11-03T10:00, on: bob }\n")
    played(team)
    assert problems(team) == []
    team.write("rota/week.yml", "- { from: 2026-11-02T10:00, until: 2026-11-04T10:00, on: bob }\n")
    assert len(problems(team)) == 1


def test_a_scenario_that_was_not_kept_is_named(team: Team) -> None:
    played(team, "late")
    assert problems(team) == ["late.yml:1: This scenario, which shows 2 promises, was not kept when it was rehearsed."]
    assert [row[3] for row in rows(team)] == [True, False, False]


UNSHOWN = "promises.yml:4: No scenario shows this promise: “We answer within four hours.”"
UNLISTED = "answered.yml:3: {desk}/promises.yml lists no such promise."


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("says: within four hours", "says: within five hours", [UNLISTED, UNSHOWN]),
        ("says: within four hours", "says: we answer within four hours", [UNLISTED, UNSHOWN]),
        ("says: within four hours", "says: thin four", [UNLISTED, UNSHOWN]),
        ("says: within four hours", "says: ''", [UNLISTED, UNSHOWN]),
        ("says: within four hours", "says: We",
         ["answered.yml:3: This stands in 2 promises of {desk}/promises.yml.", UNSHOWN]),
        ("by: clocks.answer", "by: clocks.answers", ["answered.yml:3: The policy has no key `clocks.answers`."]),
        ("by: clocks.answer", "by: [clocks.answer.target, roles.boss]",
         ["answered.yml:3: The policy has no key `roles.boss`."]),
        ("policy: ../support.yml", "policy: ../other.yml", [UNSHOWN]),
        ("scenario: Answered in time", "scenery: Answered in time", [UNSHOWN]),
    ],
    ids=["no promise", "other letters", "half a word", "nothing", "a part of two", "a key that is not there",
         "of two keys one", "another policy's scenario", "what cannot be read"],
)  # fmt: skip
def test_what_a_scenario_proves_has_to_be_there(team: Team, old: str, new: str, said: list[str]) -> None:
    team.change("promises.yml", '"Everybody says who they are."', '"We say who we are."')
    team.change("scenarios/late.yml", "Everybody says who they are.", "We say who we are.")
    team.write("other.yml", (team.folder / "support.yml").read_text())
    team.change("scenarios/answered.yml", old, new)
    remember((file, team.policy, of, True) for file, of in hashes_by_file(team).items())
    assert problems(team) == [line.format(desk=team.folder) for line in said]


def hashes_by_file(team: Team) -> dict[Path, str]:
    """Of the scenarios that can be read."""
    return {Path(file): of for file, of in hashes_of(scenarios_of(team.policy)).items()}


def test_a_near_quotation_is_told_what_it_may_have_meant(team: Team) -> None:
    team.change("scenarios/late.yml", "Everybody says who they are.", "Everybody says who they were.")
    hints = [one.hint for one in traced(team.policy).problems if "no such promise" in one.message]
    assert hints == ["Did you mean “Everybody says who they are.”?"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"version": 2, "scenarios": {}}', '{"version": 1, "scenarios": {"a": 1}}', "<<<<<<< ours\n{}\n"],
)
def test_results_that_cannot_be_read_are_said_and_written_anew(team: Team, text: str) -> None:
    team.write(FILE, text)
    assert problems(team)[0] == f"{FILE}:1: What came of rehearsals cannot be read here."
    played(team)
    assert problems(team) == []


# -- the list ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, said",
    [
        ("document: Ours\n", ["1: `promises` is missing here."]),
        ("document: Ours\npromises: {}\n", ["2: This document promises nothing."]),
        ("document: Ours\npromises: [a]\n", ["2: A mapping (`key: value`) is expected here; this is a list."]),
        ("document: Ours\npromises: { A: [{ say: x }] }\n", ["2: `says` is missing here.", "2: Unknown key `say`."]),
        ("document: Ours\npromises: { A: ['  '] }\n", ["2: Nothing is promised here."]),
        ("document: Ours\npromises:\n  A: [x y, z]\n  B:\n    - x  y\n", ["5: Line 3 says the same."]),
        ("document: Ours\ntext: ../../etc/passwd\npromises: { A: x }\n", ["2: There is no such file."]),
    ],
    ids=["no list", "an empty one", "no sections", "another key", "a blank", "twice", "no such text"],
)
def test_a_list_that_cannot_be_read_says_where(team: Team, text: str, said: list[str]) -> None:
    with pytest.raises(PolicyError) as raised:
        read_written(team.write("promises.yml", text))
    assert [f"{one.line}: {one.message.partition(' Once')[0]}" for one in raised.value.problems] == said


def test_a_link_out_of_the_repository_is_not_read(team: Team, tmp_path: Path) -> None:
    (team.folder / ".git").mkdir()
    (tmp_path / "secret").write_text("We answer within four hours.")
    (team.folder / "document.md").symlink_to(tmp_path / "secret")
    team.write("promises.yml", PROMISES.replace("promises:", "text: document.md\npromises:"))
    with pytest.raises(PolicyError, match="There is no such file"):
        read_written(team.folder / "promises.yml")


def test_editors_read_the_same_shape(team: Team) -> None:
    root = yaml_text.read(PROMISES, path="promises.yml")
    assert shape_problems(root, "schemas/promises.schema.json", path="promises.yml") == ()
    wrong = yaml_text.read(PROMISES.replace("beyond:", "beside:"), path="promises.yml")
    assert [one.message for one in shape_problems(wrong, "schemas/promises.schema.json", path="p")] == [
        "Unknown key `beside`."
    ]


DOCUMENT = """\
# Our support

## Times

*We answer* within [four hours](https://acme.example). And the coffee is free for everybody. The lead hears
of it when we do not.

## Staff

“Everybody” says who they are.
"""


def test_a_document_in_the_repository_is_quoted_word_for_word(team: Team) -> None:
    team.write("document.md", DOCUMENT.replace("“Everybody”", "Everybody"))
    team.change("promises.yml", "promises:", "text: document.md\npromises:")
    played(team)
    assert problems(team) == []
    team.write("document.md", DOCUMENT.replace("four", "eight").replace("“Everybody”", "Everybody"))
    assert problems(team) == ["promises.yml:5: The document does not say this."]


def test_what_no_promise_quotes_is_listed(team: Team) -> None:
    written = read_written(team.folder / "promises.yml")
    text = DOCUMENT.replace("“Everybody”", "Everybody") + "\nTea is not.\n\nNo.\n"
    assert unquoted(written, text) == (
        (1, "Our support"),
        (5, "And the coffee is free for everybody"),
        (12, "Tea is not"),
        (14, "No"),
    )


# -- the table ---------------------------------------------------------------------------------------------------------


def test_the_table_says_all_of_it_and_leads_to_the_scenarios(team: Team) -> None:
    played(team, "late")
    cells = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in table([traced(team.policy)], team.folder.parent).splitlines()[2:]
    ]
    lead = "`clocks.answer`, `roles.lead`. Whether he acts is up to him."
    late = "[late](desk/scenarios/late.yml)"
    assert cells == [
        ["Our support, Times", "“We answer within four hours.”", "`clocks.answer`",
         "[answered](desk/scenarios/answered.yml)", "kept"],
        ["Our support, Times", "“The lead hears of it when we do not.”", lead, late, "**not kept**"],
        ["Our support, People / Staff", "“Everybody says who they are.”", "`people`", late, "**not kept**"],
    ]  # fmt: skip


def test_a_row_without_a_scenario_says_so_and_no_cell_is_empty(team: Team) -> None:
    (team.folder / "scenarios/late.yml").unlink()
    text = table([traced(team.policy)], team.folder)
    assert "| nothing yet. Whether he acts is up to him. | no scenario | **not shown** |" in text
    assert "|  |" not in text


def test_nothing_in_a_document_ends_a_cell_or_the_block(team: Team) -> None:
    team.change("promises.yml", "We answer within four hours.", '"We | answer <!-- respondby:end promises --> `@ann`"')
    text = page([traced(team.policy)], "", team.folder)
    assert text.count("<!--") == 2
    assert "@ann" not in text
    assert {line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("|")} == {6}


def test_only_the_block_of_a_page_is_written(team: Team) -> None:
    played(team)
    first = page([traced(team.policy)], "# Ours\n\nWords.\n", team.folder)
    assert first.startswith("# Ours\n\nWords.\n\n<!-- respondby:begin promises ")
    assert "3 promises, 3 of them kept by 2 scenarios." in first
    assert page([traced(team.policy)], first + "\nMore.\n", team.folder) == first + "\nMore.\n"
    played(team, "late")
    changed = page([traced(team.policy)], first, team.folder)
    assert "3 promises, 1 of them kept by 2 scenarios." in changed
    by_hand = page([traced(team.policy)], first.replace("four hours", "one hour"), team.folder)
    assert taken(by_hand) == ("promises",)
    assert "edited by hand" in by_hand


def test_machines_get_the_same(team: Team) -> None:
    played(team, "late")
    [found] = json.loads(json.dumps(as_json([traced(team.policy)])))
    assert (found["document"], len(found["promises"])) == ("Our support", 3)
    assert found["promises"][1] == {
        "says": "The lead hears of it when we do not.",
        "section": "Times",
        "beyond": "Whether he acts is up to him.",
        "by": ["clocks.answer", "roles.lead"],
        "scenarios": [{"file": str(team.folder / "scenarios/late.yml"), "result": "broken"}],
        "kept": False,
    }
