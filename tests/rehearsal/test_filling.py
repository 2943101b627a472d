"""Issue forms filled in as GitHub's page does."""

import pytest

from respondby.rehearsal.filling import FormProblem, fill_in

FORM = {
    "name": "Problem",
    "body": [
        {"type": "markdown", "attributes": {"value": "Be brief."}},
        {
            "type": "dropdown",
            "id": "priority",
            "attributes": {"label": "Priority", "options": ["Urgent", "Normal priority"], "default": 1},
        },
        {
            "type": "dropdown",
            "id": "where",
            "attributes": {"label": "Where?", "multiple": "true", "options": ["EU", "US", "AP"]},
        },
        {"type": "input", "id": "since", "attributes": {"label": "Since when?"}},
        {"type": "textarea", "id": "what", "attributes": {"label": "What happens?"}},
        {"type": "textarea", "id": "log", "attributes": {"label": "Log", "render": "shell"}},
        {
            "type": "checkboxes",
            "id": "agreed",
            "attributes": {"label": "Agreed?", "options": [{"label": "Yes"}, {"label": "Really"}]},
        },
    ],
}


def test_answers_stand_below_their_headings_and_empty_ones_say_so() -> None:
    answers = {
        "priority": "Urgent",
        "where": ("US", "EU"),
        "what": "It\nbroke\n",
        "log": "rm -rf",
        "agreed": ("Really",),
    }
    assert fill_in(FORM, answers) == (
        "### Priority\n\nUrgent\n\n"
        "### Where?\n\nEU, US\n\n"
        "### Since when?\n\n_No response_\n\n"
        "### What happens?\n\nIt\nbroke\n\n"
        "### Log\n\n```shell\nrm -rf\n```\n\n"
        "### Agreed?\n\n- [ ] Yes\n- [x] Really"
    )


@pytest.mark.parametrize(
    "answers,message",
    [
        ({"reach": "x"}, "does not ask `reach`"),
        ({"priority": "High"}, "no option “High”"),
        ({"priority": ("Urgent", "Normal priority")}, "takes one choice"),
        ({"agreed": "No"}, "no box “No”"),
    ],
)
def test_what_the_page_would_not_accept_is_refused(answers: dict[str, str], message: str) -> None:
    with pytest.raises(FormProblem, match=message):
        fill_in(FORM, answers)


def test_a_dropdown_with_a_default_is_answered_before_anybody_looks() -> None:
    assert fill_in(FORM, {}).startswith("### Priority\n\nNormal priority\n\n### Where?\n\n_No response_")
