"""Bodies are read by their form, and no answer ever changes another field in silence."""

import json
from dataclasses import replace

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from respondby.cli.parse import command
from respondby.desk.answers import FormError, FormField, form_fields, parse, policy_fields
from respondby.desk.refusals import Refusal
from respondby.policy.loading.loader import load
from respondby.policy.repository.forms import issue_form

UNTOLD = Refusal.of("untold")
UNANSWERED = Refusal.of("unanswered")
NEEDS_ANSWER = "This question needs an answer."

WHAT = FormField("what", "What happens?", "textarea")
STEPS = FormField("steps", "Steps", "textarea")
LOG = FormField("log", "Log", "textarea", render=True)
PRIORITY = FormField("priority", "Priority", "dropdown", ("Low", "Urgent"))
AREAS = FormField("areas", "Areas", "dropdown", ("Web, public", "API", "Web", "public"), multiple=True)
AGREED = FormField("agreed", "Agreed?", "checkboxes", ("I have read it", "I back it up"), must_tick=("I have read it",))
BOXES = FormField("boxes", "Boxes", "checkboxes", ("One", "Two"))


def body_of(*parts):
    """As GitHub writes it: `(label, value)` pairs."""
    return "\n\n".join(f"### {label}\n\n{value}" for label, value in parts)


def answers(fields, body):
    return dict(parse(fields, body).answers)


def troubled(fields, body):
    return {field for field, _ in parse(fields, body).problems}


@pytest.mark.parametrize(
    "fields, body, expected",
    [
        (
            [WHAT, STEPS],
            body_of(("What happens?", "a\n\n  b\n- [x] c"), ("Steps", "1. d")),
            ["a\n\n  b\n- [x] c", "1. d"],
        ),
        ([WHAT], body_of(("What happens?", "    indented\n\n\n")), ["    indented"]),
        ([WHAT], "\r\n### What happens?\r\n\r\na\r\nb\r\n", ["a\nb"]),
        ([WHAT, STEPS], body_of(("What happens?", "_No response_"), ("Steps", "None")), [None, "None"]),
        (
            [WHAT, STEPS],
            body_of(("What happens?", ""), ("Steps", "### A heading of mine")),
            [None, "### A heading of mine"],
        ),
        ([WHAT], body_of(("What happens?", "Textarea ####")), ["Textarea ####"]),
        ([PRIORITY], body_of(("Priority", "Urgent")), ["Urgent"]),
        ([PRIORITY], body_of(("Priority", "None")), [None]),
        ([PRIORITY], body_of(("Priority", "_No response_")), [None]),
        ([AREAS], body_of(("Areas", "Web, public, API")), [None]),
        ([AREAS], body_of(("Areas", "API, Web")), [["API", "Web"]]),
        ([LOG], body_of(("Log", "```shell\n\tone\n\n### Steps\n```")), ["\tone\n\n### Steps"]),
        ([LOG], body_of(("Log", "```shell\n```")), [None]),
        ([LOG], body_of(("Log", "````text\n```\nx\n```\n````")), ["```\nx\n```"]),
        ([LOG], body_of(("Log", "no code block")), ["no code block"]),
        ([WHAT], body_of(("What happens?", "```shell\nkept\n```")), ["```shell\nkept\n```"]),
        ([BOXES], body_of(("Boxes", "- [X] One\n- [ ] Two")), [["One"]]),
        ([BOXES], body_of(("Boxes", "- [] One\n- [x] Two")), [["Two"]]),
        ([BOXES], body_of(("Boxes", "- [ ] One\n- [ ] Two")), [None]),
        (
            [WHAT, BOXES],
            body_of(("What happens?", "- [x] One"), ("Boxes", "- [ ] One\n- [x] Two")),
            ["- [x] One", ["Two"]],
        ),
        ([WHAT, PRIORITY], "", [None, None]),
        ([WHAT, PRIORITY], "Just text, without a form.", [None, None]),
        ([WHAT, PRIORITY], "### What happens?\na\n### Priority\nLow", ["a", "Low"]),
        ([WHAT, STEPS], body_of(("What happens?", "a")), ["a", None]),
    ],
)
def test_answers_are_what_was_typed(fields, body, expected):
    assert list(answers(fields, body).values()) == expected


@pytest.mark.parametrize("option", ["Yes, please", "A, B, C", "C++", "None of these", "- [x] odd", "`code`"])
def test_an_option_may_hold_anything(option):
    assert answers([FormField("a", "A", "dropdown", ("No", option))], body_of(("A", option))) == {"a": option}


@pytest.mark.parametrize(
    "typed",
    [
        "```\n### Priority\n\nLow\n```",
        "```sh\nx\n\n### Priority\n\nLow\n\n```",
        "~~~\n\n### Priority\n\nLow\n\n~~~",
        "<!--\n\n### Priority\n\nLow\n\n-->",
        "x\n\n### Priority\n\nLow",
        "x\n\n### Priority\n\nLow\n\nand more",
        "x\n### Priority\nLow",
        "> ### Priority\n>\n> Low",
        "    ### Priority\n\n    Low",
        "#### Priority\n\nLow",
        "### priority\n\nLow",
        "### Priority ###\n\nLow",
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_typed_heading_changes_no_choice(typed, before):
    parts = [("Priority", "Urgent"), ("What happens?", typed)]
    fields = [PRIORITY, WHAT]
    if not before:
        parts.reverse()
        fields.reverse()
    assert answers(fields, body_of(*parts)) == {"priority": "Urgent", "what": typed}


@pytest.mark.parametrize(
    "fields, body, lost",
    [
        ([WHAT, STEPS], body_of(("What happens?", "x\n\n### Steps\n\ny"), ("Steps", "z")), {"what", "steps"}),
        ([WHAT, STEPS], body_of(("What happens?", "x"), ("Steps", "y\n\n### Steps\n\nz")), {"what", "steps"}),
        (
            [WHAT, PRIORITY, STEPS],
            body_of(
                ("What happens?", "x\n\n### Priority\n\nLow\n\n### Steps\n\ny"), ("Priority", "Urgent"), ("Steps", "z")
            ),
            {"what", "priority", "steps"},
        ),
        (
            [PRIORITY, WHAT, STEPS, BOXES],
            body_of(
                ("Priority", "Low"),
                ("What happens?", "x\n\n### Steps\n\ny"),
                ("Steps", "z"),
                ("Boxes", "- [x] One\n- [ ] Two"),
            ),
            {"what", "steps"},
        ),
        (
            [LOG, STEPS],
            body_of(("Log", "```\nx\n```\n\n### Steps\n\ny\n\n```\n```"), ("Steps", "z")),
            {"log", "steps"},
        ),
        ([WHAT, STEPS], body_of(("What happens?", "```\n\n### Steps\n\nx"), ("Steps", "y")), {"what", "steps"}),
        ([WHAT, STEPS], body_of(("What happens?", "x"), *[("Steps", "y")] * 500), {"what", "steps"}),
        ([WHAT, STEPS, PRIORITY], body_of(("Steps", "y"), ("What happens?", "x")), {"what", "steps"}),
    ],
)
def test_where_headings_allow_several_readings_what_differs_is_null_with_a_problem(fields, body, lost):
    parsed = parse(fields, body)
    assert {field for field, problem in parsed.problems if problem == UNTOLD} == lost
    assert all(parsed.answers[field] is None for field in lost)
    assert all(value is not None for field, value in parsed.answers.items() if field not in lost | {"priority"})


def test_fields_of_one_label_are_told_by_their_order():
    twice = [FormField("first", "Details", "textarea"), FormField("second", "Details", "textarea")]
    assert answers(twice, body_of(("Details", "a"), ("Details", "b"))) == {"first": "a", "second": "b"}
    assert troubled(twice, body_of(("Details", "a"), ("Details", "b"), ("Details", "c"))) == {"first", "second"}


def test_a_form_put_into_another_order_still_reads_its_old_bodies():
    assert answers([WHAT, PRIORITY], body_of(("Priority", "Low"), ("What happens?", "x"))) == {
        "what": "x",
        "priority": "Low",
    }


def test_code_that_is_never_closed_ends_with_its_field():
    body = body_of(("What happens?", "```\nx"), ("Steps", "y"))
    assert answers([WHAT, STEPS], body) == {"what": "```\nx", "steps": "y"}


@pytest.mark.parametrize(
    "field, value, problem",
    [
        (PRIORITY, "Huge", Refusal.of("no-option", said="Huge", options=("Low", "Urgent"))),
        (PRIORITY, "Low, Urgent", Refusal.of("no-option", said="Low, Urgent", options=("Low", "Urgent"))),
        (AREAS, "API, Phone", Refusal.of("no-options", said="API, Phone", options=AREAS.options)),
        (AREAS, "Web, public", Refusal.of("several-readings", said="Web, public")),
        (AGREED, "- [ ] I have read it\n- [x] I back it up", Refusal.of("not-ticked", missing=("I have read it",))),
        (AGREED, "- [x] Something else", Refusal.of("other-boxes", options=("I have read it", "I back it up"))),
        (FormField("a", "A", "input", required=True), "_No response_", UNANSWERED),
        (FormField("a", "A", "dropdown", ("x",), required=True), "None", UNANSWERED),
        (PRIORITY, "x" * 500, Refusal.of("no-option", said="x" * 59 + "…", options=("Low", "Urgent"))),
    ],
    ids=lambda value: value.id if isinstance(value, FormField) else str(value)[:40],
)
def test_what_is_missing_or_no_option_is_a_problem(field, value, problem):
    parsed = parse([field], body_of((field.label, value)))
    assert parsed.problems == ((field.id, problem),)


def test_ticks_of_boxes_that_a_newer_form_no_longer_has_are_not_taken_for_others():
    parsed = parse([BOXES], body_of(("Boxes", "- [x] One\n- [ ] Three\n- [ ] Two")))
    assert (parsed.answers["boxes"], parsed.problems) == (["One"], ())


VALUES = st.text(st.characters(blacklist_characters="\r", blacklist_categories=("Cs",)), max_size=40).map(
    lambda text: text.strip("\n")
)
TYPED = st.lists(
    st.one_of(VALUES, st.sampled_from(["### Steps", "### Priority", "", "Low", "Urgent", "```", "- [x] One", "<!--"])),
    max_size=10,
).map("\n".join)


@given(st.sampled_from(["Low", "Urgent"]), TYPED, TYPED)
@example("Low", "### Priority\n\n### Steps\n```", "```")
@example("Low", "### Priority\n\n### Steps\n\n```", "")
@example("Low", "x\n\n### Priority\n\nUrgent\n\n### Steps\n\n```", "```")
def test_whatever_is_typed_elsewhere_a_choice_is_the_chosen_one_or_none_with_a_problem(choice, what, steps):
    parsed = parse([WHAT, PRIORITY, STEPS], body_of(("What happens?", what), ("Priority", choice), ("Steps", steps)))
    answer = parsed.answers["priority"]
    assert answer == choice or (answer is None and "priority" in dict(parsed.problems))


@given(VALUES.filter(lambda text: text.strip() and not text.startswith("#")), VALUES.filter(str.strip))
def test_plain_texts_come_back_as_they_were_typed(what, steps):
    body = body_of(("What happens?", what), ("Steps", steps))
    expected = {"what": what, "steps": steps}
    parsed = parse([WHAT, STEPS], body)
    for field, value in expected.items():
        lines = value.split("\n")
        while not lines[0].strip():
            lines.pop(0)
        while not lines[-1].strip():
            lines.pop()
        assert parsed.answers[field] in ("\n".join(lines), None)
        assert parsed.answers[field] is not None or value == "_No response_" or field in dict(parsed.problems)


FORM = """\
name: Problem
description: Something is broken.
body:
  - type: markdown
    attributes: { value: "### Priority" }
  - type: textarea
    id: what
    attributes: { label: What happens? }
    validations: { required: true }
  - type: dropdown
    id: priority
    attributes: { label: Priority, options: [Low, "Urgent, please"] }
  - type: dropdown
    id: areas
    attributes: { label: Areas, multiple: true, options: [Web, API] }
  - type: checkboxes
    id: really
    attributes: { label: Sure?, options: [{ label: Yes, required: true }, { label: No }] }
  - type: textarea
    attributes: { label: "The *log*, please", render: shell }
"""


def run(tmp_path, form, body, *options):
    (tmp_path / "form.yml").write_text(form)
    (tmp_path / "body.md").write_bytes(body if isinstance(body, bytes) else body.encode())
    arguments = ["--form", str(tmp_path / "form.yml"), str(tmp_path / "body.md"), *options]
    return CliRunner().invoke(command, arguments)


def test_parse_prints_the_machine_contract(tmp_path):
    body = body_of(
        ("What happens?", "It broke."),
        ("Priority", "Urgent, please"),
        ("Areas", "Web, API"),
        ("Sure?", "- [x] Yes\n- [ ] No"),
        ("The *log*, please", "```shell\nx\n```"),
    )
    ran = run(tmp_path, FORM, body, "--json")
    assert json.loads(ran.stdout) == {
        "answers": {
            "what": "It broke.",
            "priority": "Urgent, please",
            "areas": ["Web", "API"],
            "really": ["Yes"],
            "the_log_please": "x",
        },
        "problems": [],
    }
    assert ran.exit_code == 0


def test_parse_ends_with_1_when_there_are_problems(tmp_path):
    ran = run(tmp_path, FORM, "", "--json")
    assert json.loads(ran.stdout)["problems"] == [
        {"field": "what", "problem": NEEDS_ANSWER},
        {"field": "really", "problem": NEEDS_ANSWER},
    ]
    assert ran.exit_code == 1


def test_parse_shows_people_questions_and_answers(tmp_path):
    ran = run(tmp_path, FORM, body_of(("What happens?", "It broke.\nTwice."), ("Areas", "API")))
    assert "What happens? (what)\n    It broke.\n    Twice.\nPriority (priority)\n    (no answer)\n" in ran.stdout
    assert "Areas (areas)\n    - API\n" in ran.stdout
    assert ran.stderr == f"really: {NEEDS_ANSWER}\n"


@pytest.mark.parametrize(
    "form, body, words",
    [
        ("", "", "this file is empty"),
        ("- a list", "", "is a mapping"),
        ("name: x", "", "has a list `body`"),
        ("name: [", "", "error:"),
        ("body: [text]", "", "body item 1 is not a mapping"),
        ("body: [{ type: slider, attributes: { label: A } }]", "", "has the type 'slider'"),
        ("body: [{ type: input }]", "", "body item 1 has no label"),
        ("body: [{ type: dropdown, attributes: { label: A } }]", "", "“A”, has no list of options"),
        ("body: [{ type: checkboxes, attributes: { label: A, options: [B] } }]", "", "a box without a label"),
        (FORM, b"\xff\xfe", "not UTF-8 text"),
    ],
)
def test_parse_ends_with_2_when_it_cannot_read_its_input(tmp_path, form, body, words):
    ran = run(tmp_path, form, body, "--json")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr


def test_two_fields_of_one_id_are_refused():
    item = {"type": "input", "id": "a", "attributes": {"label": "A"}}
    with pytest.raises(FormError, match="another field has, too"):
        form_fields({"body": [item, item]})


POLICY = """\
version: 1
desk: Support
people: { ann: {} }
roles: { staff: { people: [ann] } }
fields:
  type: { label: type/, set-by: staff }
  priority:
    label: priority/
    name: "How urgent, really?"
    default: normal
    values: { urgent: "Now, please", normal: Normal }
  reach: { label: reach/, values: { many: Many, none: Nobody } }
  severity:
    label: severity/
    values: { high: High, low: Low }
    propose:
      { no: 0, much: 3, questions: { users: { ask: How many users?, weight: 3 } }, at-least: { high: 5, low: 0 } }
forms:
  problem:
    name: Problem
    about: Something is broken.
    by: staff
    choose: [priority, reach, severity.questions]
    ask:
      what: { ask: "What happens?", kind: text }
      where: Where?
      since: { ask: "Since when?", kind: time, optional: true }
      channel: { ask: "Where shall we answer?", options: [Here, "Mail, please"] }
"""


def test_a_form_made_from_the_policy_is_read_as_the_policy_asks():
    policy = load(POLICY)
    form = policy.forms["problem"]
    written = form_fields(yaml.safe_load(issue_form(policy, form)))
    asked = policy_fields(policy, form)
    assert [replace(field, required=False) for field in asked] == [replace(field, required=False) for field in written]
    # A desk does without an answer where the field has a default; GitHub's form preselects it.
    assert [field.id for field in asked if not field.required] == ["priority", "since"]
    body = "\n\n".join(f"### {field.label}\n\n{field.options[0] if field.options else 'x'}" for field in written)
    assert parse(asked, body).problems == ()
    assert parse(asked, body).answers["priority"] == "Now, please"
