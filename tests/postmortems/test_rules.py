"""Every rule: its examples, its row in the documentation, its words."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from tests.postmortems.documents import TOP, checked, named, of

from respondby.postmortems import rules
from respondby.postmortems.fixing import fixed
from respondby.postmortems.listing import with_listing
from respondby.postmortems.registry import all_rules
from respondby.postmortems.rule import Context, Example, Rule
from respondby.postmortems.template import template

TEMPLATE = Path(__file__).parents[2] / "docs/incidents/TEMPLATE.md"
PAGE = Path(__file__).parents[2] / "docs/postmortem-rules.md"
RULES = all_rules()


def examples(kind: str, *, mending: bool = False) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.name}-{number}")
        for rule in RULES.values()
        if rule.mends or not mending
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize("rule, example", examples("flagged"))
def test_what_a_rule_is_for_is_reported_at_its_place(rule: Rule, example: Example) -> None:
    problems = named(of(example).problems, rule.name)
    assert problems
    lines = example.text.replace("\ufeff", "").splitlines()
    for problem in problems:
        assert 1 <= problem.line <= max(1, len(lines))
        assert problem.column >= 1
        assert problem.message.endswith((".", "?"))


@pytest.mark.parametrize("rule, example", examples("left_alone"))
def test_what_only_looks_like_it_is_left_alone(rule: Rule, example: Example) -> None:
    assert named(of(example).problems, rule.name) == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_both_kinds_of_examples_and_its_row(name: str) -> None:
    rule = RULES[name]
    assert rule.flagged, f"{name} has no example of what it reports"
    assert rule.left_alone, f"{name} has no example of what it leaves alone"
    assert f"| [`{name}`](#{name}) |" in PAGE.read_text(encoding="utf-8"), f"{name} has no row in {PAGE.name}"
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert rule.ours or rule.others


ANOTHER = """
from respondby.postmortems.rule import Example, Finding, Rule

def _look(document, _):
    if document.title.endswith("!"):
        yield Finding(5, 1, "The title is exclaimed.", document.title)

RULE = Rule(
    name="exclaimed", says="A title that ends in an exclamation mark.", why="It is read when all is calm.", look=_look,
    flagged=(Example("# Orders fail!"),), left_alone=(Example("# Orders fail"),), others="warning",
)
"""


def test_a_rule_comes_and_goes_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (tmp_path / "exclaimed.py").write_text(ANOTHER)
    with monkeypatch.context() as added:
        added.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
        all_rules.cache_clear()
        assert "| [`exclaimed`](#exclaimed) | error | warning |" in with_listing(page)
        found = named(checked(TOP.replace("Orders fail", "Orders fail!")).problems, "exclaimed")
        assert [one.message for one in found] == ["The title is exclaimed."]
        with_it = with_listing(page)
    all_rules.cache_clear()
    sys.modules.pop(f"{rules.__name__}.exclaimed")
    assert with_listing(with_it) == page


def test_the_page_of_the_rules_is_what_the_rules_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_listing(text) == text, "run `respondby postmortem rules --write docs/postmortem-rules.md`"


def test_the_template_is_a_draft_that_only_waits_to_be_filled_in() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert text == template()
    text = text.replace("OWNER/REPOSITORY/issues/NUMBER", "acme/shop/issues/41").replace("2026-01-31", "2026-11-30")
    assert {problem.message for problem in checked(text).problems} == set()


@pytest.mark.parametrize("rule, example", examples("flagged", mending=True))
def test_what_is_mended_loses_no_word_and_is_mended_once(rule: Rule, example: Example) -> None:
    text = fixed(of(example))
    if text is None:
        return
    # A computed block is written anew: its words are the desk's.
    words = set(re.findall(r"\w+", re.sub(r"(?s)<!-- respondby:begin.*?respondby:end.*?-->", "", example.text)))
    assert words <= set(re.findall(r"\w+", text))
    again = fixed(checked(text, example.path))
    assert again is None or again == text


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_says_so_mends_what_it_finds_and_no_other_does(name: str) -> None:
    rule = RULES[name]
    before = [of(example) for example in rule.flagged]
    found = [finding for one in before for finding in rule.look(one.document, Context())]
    assert any(finding.mendable for finding in found) == rule.mends
    if rule.mends:
        after = [checked(fixed(one) or one.document.source.text, one.document.path) for one in before]
        counts = [sum(len(named(one.problems, name)) for one in several) for several in (before, after)]
        assert counts[1] < counts[0]


@pytest.mark.parametrize("name", RULES)
def test_a_document_allows_a_rule_with_a_reason_where_it_may(name: str) -> None:
    example = RULES[name].flagged[0]
    text = with_comment(example.text, f"<!-- respondby:allow {name} because it is so here -->")
    problems = checked(text, example.path, example.beside, example.files).problems
    said = [problem.message for problem in named(problems, "allowance")]
    if RULES[name].allowed:
        assert (named(problems, name), said) == ([], [])
    else:
        assert named(problems, name)
        assert said == [f"`{name}` cannot be allowed."]


def with_comment(text: str, comment: str) -> str:
    """The text with a comment below its title, or at its end where it has none."""
    title = re.search(r"(?m)^# .*\n", text)
    if title is None:
        return f"{text}\n{comment}\n"
    return f"{text[: title.end()]}\n{comment}\n{text[title.end() :]}"
