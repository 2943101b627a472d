"""docs/messages.md names what a template may use: exactly that is what it gets."""

import re
from pathlib import Path

import pytest
from tests.letters.facts import clock, facts, problem

from respondby.letters import calls, card, comments, drafts, duty, elsewhere, log
from respondby.letters.bounds import MOST_STEPS, Bounded
from respondby.letters.messages import LETTERS, LONGEST, OURS, WORDS, Messages
from respondby.letters.samples import letters
from respondby.letters.words import our_words, replaced

PAGE = (Path(__file__).resolve().parents[2] / "docs/messages.md").read_text()


def section(heading):
    """The page's text below a heading, up to the next one."""
    return re.split(r"^#+ ", PAGE.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text):
    """Every `name` in the first column of a table."""
    return {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([^`]+)`", line.split("|")[1])
    }


@pytest.fixture
def given(monkeypatch):
    """What each template is given when every kind of letter is said, by its name."""
    seen = {}

    def noting(name, context, voice):
        seen.setdefault(name, {}).update(context)
        for key, items in context.items():
            if isinstance(items, list):
                seen.setdefault(f"{name} {key}", {}).update(
                    {k: v for item in items if isinstance(item, dict) for k, v in item.items()}
                )
        return ""

    for module in (calls, card, comments, drafts, duty, elsewhere, log):
        monkeypatch.setattr(module, "render", noting)
    assert list(letters(OURS, "en"))
    return seen


@pytest.mark.parametrize(
    "name, heading",
    [
        ("card.md", "`card.md`"),
        ("say.md", "`say.md`"),
        ("log.md", "`log.md`"),
        ("elsewhere.md", "`elsewhere.md`"),
        ("draft.md", "`draft.md`"),
        ("duty.md", "`duty.md`"),
        ("duty-card.md", "`duty-card.md`"),
        ("call.txt", "`call.txt` and `subject.txt`"),
        ("subject.txt", "`call.txt` and `subject.txt`"),
    ],
)
def test_the_page_names_what_a_letter_is_given(given, name, heading):
    assert first_cells(section(heading)) == set(given[name])


@pytest.mark.parametrize(
    "name, heading, items",
    [
        ("card.md", "`card.md`", "fields"),
        ("card.md", "`card.md`", "clocks"),
        ("card.md", "`card.md`", "problems"),
        ("card.md", "`card.md`", "temporary"),
        ("say.md", "`say.md`", "answers"),
        ("log.md", "`log.md`", "entries"),
        ("elsewhere.md", "`elsewhere.md`", "fields"),
        ("elsewhere.md", "`elsewhere.md`", "answers"),
        ("duty.md", "`duty.md`", "parts"),
        ("call.txt", "`call.txt` and `subject.txt`", "fields"),
    ],
)
def test_the_page_names_what_each_item_has(given, name, heading, items):
    row = next(line for line in section(heading).splitlines() if line.startswith(f"| `{items}`"))
    assert set(re.findall(r"`([a-z_]+)`", row.split("of each", 1)[1])) == set(given[f"{name} {items}"])


def test_the_page_names_what_a_reason_has(given):
    text = section("`reason.md`").split("`kind` is", 1)
    assert set(re.findall(r"`([a-z_]+)`", text[0])) - {"reason"} == set(given["say.md reasons"])
    kinds = {reason["kind"] for reason in given["say.md"]["reasons"]}
    assert kinds <= set(re.findall(r"`([a-z ]+)`", text[1]))


def test_the_page_names_every_way_in_which_a_promise_stands():
    given_up, waiting = clock(state="breached", ended=1), facts(waiting_since=1)
    states = [
        clock(),
        clock(state="met", ended=1),
        clock(state="late", ended=1),
        clock(state="breached"),
        clock(state="breached", ended=1),
        clock(paused=True),
        clock(state="cancelled", ended=1),
    ]
    told = re.search(r"`clock.stands` is (.*?)\n\n", PAGE, re.DOTALL)[1]
    stands = {card._stands(one, facts(open=False)) for one in states}
    stands |= {card._stands(given_up, facts()), card._stands(clock(paused=True), waiting)}
    assert stands == set(re.findall(r"`([a-z ]+)`", told)) - {"until"}


def test_the_page_names_every_letter_filter_and_bound():
    assert first_cells(section("Replacing a letter")) == {*LETTERS, WORDS}
    filters = {name for name in Bounded({}.get).filters if not name.startswith("_")}
    assert (
        set(re.findall(r"`([a-z]+)`", section("What a template may use").split("Filters are")[1].split(". A file")[0]))
        == filters
    )
    assert f"{LONGEST:,}" in PAGE
    assert f"{MOST_STEPS:,} times" in PAGE


def test_the_page_names_every_word():
    assert first_cells(section("Single words")) == {*our_words("en"), "language"}


def test_the_pages_own_words_can_be_used():
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1]
    assert replaced(our_words("nl"), example)["why"]["unanswered"] == "Hier ontbreekt nog een antwoord."
    messages = Messages({"m/words.json": example}, "m")
    said = card.render_card(facts(problems=(problem(),)), "", messages=messages)
    assert "Een mens antwoordt, morgen voor sluitingstijd" in said
    assert "Hier ontbreekt nog een antwoord." in said


def test_the_page_names_what_the_parts_of_a_draft_have(given):
    text = section("`draft.md`")
    named = set(re.findall(r"`([a-z]+)`", text))
    assert set(given["draft.md items"]) <= named
    assert {name for kind in drafts.drafts.PARTS.values() for name in kind} <= named
