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


@pytest.mark.parametrize(
    "files, path, line, message",
    [
        (
            {"words/words.json": '{\n"names": {\n"Ask": "Vraag",\n"Aks": "Vraag"}}'},
            "words/words.json",
            4,
            "Nothing in the policy is called `Aks`.",
        ),
        ({"words/nl/words.json": '{"names": {"Ask us": "Vraag"}}'}, "words/nl/words.json", 1, "Nothing in the policy"),
        ({"words/words.json": '{"roles": {"boss": "the boss"}}'}, "words/words.json", 1, "There is no role `boss`."),
    ],
)
def test_a_name_of_nothing_is_a_warning_at_its_line(tmp_path, files, path, line, message):
    code, [(where, number, said)] = checked(tmp_path, files)
    assert (code, where, number, said.startswith(message)) == (0, str(tmp_path / path), line, True)


def test_names_of_what_the_policy_has_are_fine(tmp_path):
    names = dict.fromkeys(("Help desk", "Ask", "What?", "answer", "bakery"), "X")
    files = {"words/words.json": json.dumps({"names": names, "roles": {"ann": "Ann", "staff": "us"}})}
    assert checked(tmp_path, files) == (0, [])


@pytest.mark.parametrize("language, said", [("sv", ["`sv`"]), ("fi-FI", ["`fi-FI`"]), ("nl-BE", []), ("de", [])])
def test_a_language_without_letters_is_a_warning_at_the_customer(tmp_path, language, said):
    policy = tmp_path / "support.yml"
    policy.write_text(POLICY.replace("messages: words\n", "").replace("language: fr", f"language: {language}"))
    ran = CliRunner().invoke(command, [str(policy), "--json"])
    told = json.loads(ran.stdout)["problems"]
    assert [problem["message"].split()[5].rstrip(":") for problem in told if problem["rule"] == "message"] == said
    assert [(problem["line"], problem["severity"]) for problem in told] == [(4, "warning")] * len(said)


def test_a_language_of_its_own_has_letters_in_its_folder(tmp_path):
    policy = tmp_path / "support.yml"
    policy.write_text(POLICY.replace("language: fr", "language: sv"))
    (tmp_path / "words" / "sv").mkdir(parents=True)
    (tmp_path / "words" / "sv" / "card.md").write_text("Hej")
    ran = CliRunner().invoke(command, [str(policy), "--json"])
    assert json.loads(ran.stdout)["problems"] == []


def test_a_desk_that_chooses_a_language_without_letters_is_told(tmp_path):
    code, found = checked(tmp_path, {"words/words.json": '{"language": "sv"}'})
    assert (code, [(line, message) for _, line, message in found]) == (
        1,
        [(1, "There are no letters in `sv`: the desk speaks `en`.")],
    )
