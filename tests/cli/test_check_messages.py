"""`respondby check` tries the letters that replace ours."""

import json

import pytest
from click.testing import CliRunner

from respondby.cli.check import command

POLICY = """version: 1
desk: Help desk
messages: words
people: { ann: {} }
customers: { bakery: { members: [carla], language: nl }, florist: { members: [fleur], language: fr } }
forms: { ask: { name: Ask, about: Ask us., ask: { what: What? } } }
clocks: { answer: { start: opened, stop: comment by staff, target: 1h, ladder: [{ at: due, notify: ann }] } }
"""


def checked(folder, files):
    """The exit code, and what is wrong with letters: each file, its line, and the words."""
    policy = folder / "support.yml"
    policy.write_text(POLICY)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ran = CliRunner().invoke(command, [str(policy), "--json"])
    told = [problem for problem in json.loads(ran.stdout)["problems"] if problem["rule"] == "message"]
    return ran.exit_code, [(problem["path"], problem["line"], problem["message"]) for problem in told]


def test_letters_that_can_be_said_are_fine(tmp_path):
    files = {
        "words/card.md": "{{ desk }}",
        "words/nl/words.json": '{"now": "nu meteen"}',
        "words/de/card.md": "{{ x }}",
    }
    assert checked(tmp_path, files) == (0, [])


@pytest.mark.parametrize(
    "files, path, line, message",
    [
        (
            {"words/fr/card.md": "Bonjour.\n{{ nobody }}"},
            "words/fr/card.md",
            2,
            "This cannot be said: 'nobody' is undefined.",
        ),
        ({"words/nl/crad.md": "Dag."}, "words/nl/crad.md", 1, "There is no letter of this name: nobody would read it."),
        ({}, "words", 1, "There is no letter in this folder."),
    ],
)
def test_a_letter_that_cannot_be_said_is_an_error_with_its_place(tmp_path, files, path, line, message):
    assert checked(tmp_path, files) == (1, [(str(tmp_path / path), line, message)])
