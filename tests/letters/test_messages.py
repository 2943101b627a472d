"""A repository's own letters replace ours; whatever they say, they stay within bounds, and nobody goes unanswered."""

import json

import pytest
from tests.letters.facts import FACTS, because, facts, problem

from respondby.desk.refusals import Refusal
from respondby.letters.bounds import MOST_STEPS
from respondby.letters.card import render_card
from respondby.letters.checking import broken_messages
from respondby.letters.comments import render_comment
from respondby.letters.messages import LONGEST, Messages
from respondby.rules.plan import Answer, WriteComment


def own(**files):
    """Messages of the folder `words`; `nl__card` is `words/nl/card.md`."""
    suffixes = {"words": "json", "call": "txt", "subject": "txt"}
    named = {name.replace("__", "/"): text for name, text in files.items()}
    return Messages({f"words/{n}.{suffixes.get(n.rpartition('/')[2], 'md')}": t for n, t in named.items()}, "words/")


def card(messages, language=None):
    return render_card(facts(language=language), "", messages=messages).strip()


def test_a_letter_of_the_repository_replaces_ours():
    messages = own(card="Hello from {{ desk }}: {{ kind }}{% for field in fields %}, {{ field.value }}{% endfor %}")
    assert card(messages) == "Hello from Skyscrapers support: Change Request, Normal priority"
    assert messages.broken == {}


@pytest.mark.parametrize(
    "files, language, said",
    [
        ({"card": "own"}, None, "own"),
        ({"card": "own"}, "en", "own"),
        ({"card": "own"}, "nl", "ours"),
        ({"nl__card": "van ons"}, "nl", "van ons"),
        ({"nl__card": "van ons"}, "nl-BE", "van ons"),
        ({"nl__card": "van ons"}, None, "ours"),
        ({"nl-BE__card": "van bij ons", "nl__card": "van ons"}, "nl-BE", "van bij ons"),
        ({"sv__card": "hej"}, "sv", "hej"),
        ({"sv__say": "hej", "card": "own"}, "sv", "own"),
        ({"sv__say": "hej"}, "sv", "ours"),
        ({"card": "own"}, "sv", "own"),
        ({"words": '{"language": "nl"}', "card": "van ons"}, None, "van ons"),
        ({"words": '{"language": "nl"}', "card": "van ons"}, "fr", "ours"),
        ({"words": '{"language": "nl"}', "nl__card": "van ons"}, None, "van ons"),
    ],
)
def test_each_language_has_its_own(files, language, said):
    messages = own(**files)
    assert card(messages, language) == (card(Messages({}), language) if said == "ours" else said)


def test_a_desk_may_have_a_language_of_its_own():
    messages = own(words='{"language": "de"}')
    assert card(messages) == card(Messages({}), "de")
    assert card(messages, "fr") == card(Messages({}), "fr")
    assert card(messages, "tlh") == card(Messages({}), "de")


def test_what_is_shared_is_replaced_in_every_letter_that_uses_it():
    messages = own(reason="{% macro sentence(reason) %}about {{ reason.what }}{% endmacro %}")
    assert render_comment(WriteComment("k", ("ann",), (because(),), (), ()), FACTS, "", messages=messages).strip() == (
        "@ann: about First response"
    )


def test_files_outside_the_folder_are_no_letters():
    files = {"card.md": "no", "word/card.md": "no", "words/sub/nl/card.md": "no", "words/other.md": "no"}
    assert card(Messages(files, "words")) == card(Messages({}))
    assert card(Messages(files)) == card(Messages({}))


# -- words ---------------------------------------------------------------------------------------------------------


def test_single_words_are_replaced_and_the_others_stay():
    theirs = {
        "names": {"first-response": "A person answers", "Normal priority": "Plain"},
        "why": {"unanswered": "Please answer this."},
        "ends": {"end of next business day": "tomorrow", "end of the world": "in the end"},
        "weekdays": ["M", "T", "W", "T", "F", "S", "S"],
    }
    said = render_card(facts(problems=(problem(),)), "", messages=own(words=json.dumps(theirs)))
    assert "| A person answers, tomorrow | M 28 Dec 2026, 17:30 (Europe/Brussels) |" in said
    assert "- Priority: **Plain**" in said
    assert "**Since when?** Please answer this." in said


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("{", "this is not JSON"),
        ("[" * 100_000, "this file has 100000 characters"),
        ("[" * 15_000, "not JSON that holds words"),
        ("[]", "words are a JSON object"),
        ('{"weekday": []}', "there are no words `weekday`"),
        ('{"why": {"no-code": "x"}}', "there are no words `why.no-code`"),
        ('{"weekdays": ["M"]}', "`weekdays` is a list of 7"),
        ('{"now": 1}', "`now` is a text of one line"),
        ('{"now": {"x": "y"}}', "`now` is a text of one line"),
        ('{"ends": "x"}', "`ends` is an object"),
        ('{"names": {"x": ["y"]}}', "`names.x` is a text of one line"),
        ('{"names": {"x": "one\\ntwo"}}', "`names.x` is a text of one line"),
        ('{"in": "in {len}"}', "`in` knows no {len}"),
        ('{"why": {"no-value": "{word} or {secret}"}}', "`why.no-value` knows no {secret}"),
        ('{"units": {"day": ["{n} day", "{m} days"]}}', "`units.day` knows no {m}"),
    ],
)
def test_words_that_cannot_be_used_are_not_and_it_is_told(text, wrong):
    messages = own(words=text)
    assert card(messages) == card(Messages({}))
    assert wrong in messages.broken["words/words.json"].why


# -- bounds --------------------------------------------------------------------------------------------------------

LOOPS = "{% for a in clocks %}" * 5 + "x" + "{% endfor %}" * 5
BROKEN = {
    "a name that nobody gives": ("{{ nobody }}", "'nobody' is undefined"),
    "an item that is not there": ("{{ fields[0].colour }}", "has no attribute 'colour'"),
    "no template": ("{% if %}", "Expected an expression"),
    "an attribute": ("{{ ''.__class__.__mro__ }}", "'__class__' of 'str' object is unsafe"),
    "a method": ("{{ desk.upper() }}", "'upper' of 'str' object is unsafe"),
    "a function": ("{% for x in range(9) %}x{% endfor %}", "'range' is undefined"),
    "a filter that can be large": ("{{ '%9d' | format(1) }}", "No filter named 'format'"),
    "a text that grows": ("{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}", "characters"),
    "a sum that grows": ("{% set a = 'xxxxxxxxxx' %}" + "{% set a = a + a %}" * 40 + "{{ a }}", "characters"),
    "a list that grows": ("{% set a = ['x'] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}", "list is not text"),
    "a small list that grows": ("{% set a = ['x'] %}" + "{% set a = [a, a] %}" * 40 + "{{ a | lower }}", "list is no"),
    "a joined list that grows": ("{% set a = ['x'] %}" + "{% set a = [a, a] %}" * 40 + "{{ a | join }}", "list is no"),
    "a long text": ("{{ 'x' * 10000000000 }}", "`*` is not for letters"),
    "a long number": ("{{ 9 ** 9 ** 9 }}", "`**` is not for letters"),
    "a growing number": ("{% set a = 99999 %}" + "{% set a = a * a %}" * 30 + "{{ a }}", "small whole numbers"),
    "a filled format": ("{{ '%999999999d' % 1 }}", "`%` is not for letters"),
    "loops in loops": (LOOPS, f"more than {MOST_STEPS} times"),
    "a macro that calls itself": ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "recursion"),
    "a letter in itself": ("{% include 'card.md' %}", "recursion"),
    "another file": ("{% include '../secret' %}", "../secret"),
    "our own file of another language": ("{% include 'nl/card.md' %}", "nl/card.md"),
    "a whole list": ("{{ clocks }}", "a list is not text"),
    "nonsense": ("{{ 1 / 0 }}", "division by zero"),
    "a long file": ("x" * (LONGEST + 1), f"a letter has {LONGEST} at most"),
}


@pytest.mark.parametrize("text, wrong", BROKEN.values(), ids=BROKEN)
def test_a_letter_that_is_broken_or_goes_too_far_is_not_used_and_it_is_told(text, wrong):
    messages = own(card=text)
    facts_ = facts(clocks=FACTS.clocks * 8)
    assert render_card(facts_, "", messages=messages) == render_card(facts_, "")
    assert wrong in messages.broken["words/card.md"].why
    assert render_card(facts_, "", messages=messages) == render_card(facts_, "")


def test_the_line_is_told_and_only_the_broken_file_is_left_out():
    reason = "{% macro sentence(reason) %}\n{{ reason.nothing }}\n{% endmacro %}"
    say = '{% from "reason.md" import sentence %}\nmine: {{ sentence(reasons[0]) }}'
    messages = own(reason=reason, say=say, card="card of ours")
    said = render_comment(WriteComment("k", (), (because("due", due=None),), (), ()), FACTS, "", messages=messages)
    assert said.strip() == "mine: “First response” is expected."
    assert {path: broken.line for path, broken in messages.broken.items()} == {"words/reason.md": 2}
    assert card(messages) == "card of ours"


def test_a_value_named_like_a_method_is_the_value():
    messages = own(say="{% for answer in answers %}{{ answer.line }} {{ loop.index }}{% endfor %}")
    answers = (Answer("/x", Refusal.of("unanswered")),)
    assert (
        render_comment(WriteComment("k", (), (), (), (), answers=answers), FACTS, "", messages=messages).strip()
        == "/x 1"
    )


def test_what_people_wrote_is_never_a_template():
    messages = own(card="{{ desk }} {{ fields[0].value }}")
    hostile = "{{ 7 * 7 }}{% raw %}"
    said = render_card(facts(desk=hostile, clocks=()), "", messages=messages)
    assert "{{ 7 \\* 7 }}{% raw %}" in said


# -- before they are merged ----------------------------------------------------------------------------------------


def checked(files):
    named = {f"words/{path}": text for path, text in files.items()}
    return [(path, line, wrong) for path, line, wrong, _ in broken_messages("words/", named)]


def test_letters_that_can_be_said_are_fine():
    assert checked({"card.md": "{{ desk }}", "nl/words.json": '{"now": "nu meteen"}', "README.md": "ours"}) == []


@pytest.mark.parametrize(
    "files, path, line, wrong",
    [
        ({}, "words", 1, "There is no letter in this folder."),
        ({"crad.md": "x"}, "words/crad.md", 1, "There is no letter of this name: nobody would read it."),
        ({"card.md": "\n{{ x }}"}, "words/card.md", 2, "This cannot be said: 'x' is undefined."),
        ({"es/call.txt": "{{ x }}"}, "words/es/call.txt", 1, "This cannot be said: 'x' is undefined."),
        ({"subject.txt": "{{ x }}"}, "words/subject.txt", 1, "This cannot be said: 'x' is undefined."),
        ({"say.md": "{% for a in answers %}{{ a.x }}{% endfor %}"}, "words/say.md", 1, "has no attribute 'x'"),
        ({"reason.md": "no macro"}, "words/reason.md", 1, "sentence"),
        ({"fr/words.json": "{}x"}, "words/fr/words.json", 1, "This cannot be said: this is not JSON"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(files, path, line, wrong):
    (problem_,) = checked(files)
    assert problem_[:2] == (path, line)
    assert wrong in problem_[2]
