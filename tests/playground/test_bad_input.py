"""What must not work, and what happens at the same time."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.playground.conftest import DESK, PATIENCE, ROOT
from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.cli.sandbox import command
from respondby.playground.choices import OWN, choice
from respondby.playground.kept import Kept
from respondby.playground.serving import Place, Playable, playground
from respondby.rehearsal.running import Start

ANSWERS = {"priority": "Urgent", "reach": "Some end-users", "what": "It hangs."}

POSTS = [
    *("/play/load", "/play/who", "/play/time", "/play/page", "/play/policy", "/play/edit?path=x"),
    *(f"{HERE}/issues/1", f"{HERE}/issues/new?template=problem.yml"),
]
ELSEWHERE = [
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost:1"},  # another program on this machine
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8080.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example"},
]


def test_only_forms_of_our_own_pages_are_obeyed(visitor: Visitor, place: Place) -> None:
    visitor.open("Payments", **ANSWERS)
    before, token = len(place.forge.deliveries()), visitor.token()
    fields = {"do": "15", "id": "msp-handoff", "comment": "x", "text": "version: 1", "title": "x"}
    for path in POSTS:
        for headers in ELSEWHERE:
            assert visitor.post(path, fields, headers, token=token).status == 403, (path, headers)
        assert visitor.post(path, fields, token="").status == 403, path
        assert visitor.post(path, fields, token="guessed").status == 403, path
    for path in ("/", f"{HERE}/issues", "/play/status"):
        assert visitor.request("GET", path, None, {"Host": "evil.example"}).status == 403
    assert place.forge.now() == "2026-01-05T09:00:00Z"
    assert len(place.forge.deliveries()) == before


def test_two_tabs_that_move_time_at_once_move_it_once(visitor: Visitor, place: Place) -> None:
    first = visitor.post("/play/time", {"do": "15", "at": str(MONDAY), "back": f"{HERE}/issues"})
    second = visitor.post("/play/time", {"do": "15", "at": str(MONDAY), "back": f"{HERE}/issues"})
    assert (first.status, second.status) == (200, 409)
    assert "It is Mon 5 Jan 2026, 10:15 already" in second.text
    assert place.forge.now() == "2026-01-05T09:15:00Z"
    for nonsense in ("soon", "", "9" * 40):
        assert visitor.post("/play/time", {"do": nonsense, "at": str(MONDAY)}).status == 422


def test_people_who_write_at_once_are_all_heard(visitor: Visitor, place: Place) -> None:
    number = visitor.open("Payments", **ANSWERS)
    people = [Visitor(place.url, {"who": login}) for login in ("casey", "ann", "bob")]
    token = visitor.token()

    def write(person: Visitor) -> None:
        sent = {"do": "comment", "comment": f"From {person.cookies['who']}"}
        person.post(f"{HERE}/issues/{number}", sent, token=token)

    threads = [threading.Thread(target=write, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    place.game.settle()
    page = visitor.get(f"{HERE}/issues/{number}")
    assert all(f"From {login}" in page.text for login in ("casey", "ann", "bob"))
    heard = [run["actor"] for run in place.game.kept.runs() if run["event"] == "issue_comment"]
    assert sorted(heard) == ["ann", "bob", "casey"]


def test_a_game_survives_a_restart_and_what_happened_meanwhile_is_made_up_for(tmp_path: Path, start: Start) -> None:
    file = tmp_path / "game"
    with playground(0, file, begins=MONDAY, start=start, patience=PATIENCE) as place:
        place.game.load(choice(OWN, DESK), MONDAY)
        visitor = Visitor(place.url)
        number, token = visitor.open("Payments", **ANSWERS), visitor.token()
        visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    with Playable(file, (), 0) as forge:  # the forge alone: nobody starts runs
        sent = {"body": "Are you there?"}
        forge.call("POST", f"/repos/acme/support/issues/{number}/comments", forge.token("casey"), sent)
    with playground(0, file, start=start, patience=PATIENCE) as place:
        visitor = Visitor(place.url, {"who": "ann"})
        place.game.settle()
        assert place.forge.now() == "2026-01-05T09:15:00Z"
        assert f"Somebody commented #{number}" in visitor.get(f"{HERE}/actions").text
        assert "in 45 min first response" in visitor.get(f"{HERE}/issues").text
        visitor.post("/play/time", {"do": "due", "at": str(MONDAY + 900)}, token=token)
        assert "ann page by pager" in visitor.get("/play/calls").text
        incident = place.game.receiver.pager.incidents[-1].id
    with playground(0, file, start=start, patience=PATIENCE) as place:
        assert place.game.receiver.pager.incidents[-1].id == incident
        visitor = Visitor(place.url)
        assert visitor.post("/play/page", {"incident": incident, "do": "resolve"}).status == 200


@pytest.mark.parametrize(
    "spoil, words",
    [
        ("UPDATE play_facts SET value = '99' WHERE name = 'version'", "written by another version"),
        ("PRAGMA user_version = 1", "written by another version"),
    ],
)
def test_a_file_of_another_version_is_one_clear_sentence(tmp_path: Path, spoil: str, words: str) -> None:
    file = tmp_path / "game"
    with Playable(file, (), 0) as forge:
        Kept(forge.world)
        forge.world.db.execute(spoil)
    result = CliRunner().invoke(command, ["--open", "--port", "0", "--db", str(file)])
    assert (result.exit_code, words in result.output, "name a new file" in result.output) == (2, True, True)


def test_what_cannot_be_started_is_one_clear_sentence(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database at all, but long enough to be looked at as one" * 20)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for words, said in [
            (["--open", "--port", port], f"cannot listen on port {port}: Address already in use"),
            (["--open", "--port", "0", "--db", str(text)], "is not a database of the sandbox"),
            (["--open", "--port", "0", "--db", str(tmp_path / "no" / "folder")], "cannot be used: unable to open"),
            (["support.yml"], "is played with --open"),
            (["--open", "nothing.yml"], "there is no file nothing.yml"),
        ]:
            result = CliRunner().invoke(command, words)
            assert result.exit_code == 2, (words, result.output)
            assert said in result.output, (words, result.output)
            assert "Traceback" not in result.output


def test_the_command_ends_when_it_is_told_to(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "respondby", "sandbox", "--open", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "actions"), "CI": "true"}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.terminate()
        rest = process.stderr.read()
    assert "gone when this ends, unless you name a file with --db" in said
    assert "Traceback" not in rest


def test_a_policy_with_mistakes_is_shown_at_its_line_and_not_played(tmp_path: Path, start: Start) -> None:
    own = tmp_path / "support.yml"
    own.write_text(DESK.read_text().replace("within: 30m", "within: soon").replace("stop: comment by", "stop: word of"))
    with playground(0, own=own, begins=MONDAY, start=start, patience=PATIENCE) as place:
        visitor = Visitor(place.url)
        page = visitor.get("/")
        assert "It cannot be played: " in page.text
        line = next(n for n, text in enumerate(own.read_text().splitlines(), 1) if "within: soon" in text)
        assert f"Line {line}" in page.text
        assert "within: soon" in page.html.partition(f'class="here"><i>{line}</i>')[2][:200]
        assert visitor.post("/play/load", {"id": "own"}).status == 422
        assert visitor.post("/play/load", {"id": "nothing"}).status == 404
        assert visitor.get("/play/policy").status == 404
        assert visitor.post("/play/time", {"do": "15"}).status == 404


def test_a_change_of_the_policy_holds_and_a_broken_one_is_shown_and_does_not(visitor: Visitor, place: Place) -> None:
    assert place.game.home is not None
    text = place.game.home.text
    shorter = text.replace("within: 1 business hour", "within: 30m")
    assert visitor.post("/play/policy", {"text": shorter, "do": "commit"}).status == 200
    visitor.open("Payments", **ANSWERS)
    assert "in 30 min first response" in visitor.get(f"{HERE}/issues").text

    broken = shorter.replace("within: 30m }", "within: soon }")
    page = visitor.post("/play/policy", {"text": broken, "do": "commit"})
    assert (page.status, "to mend" in page.text) == (422, True)
    assert "within: soon" in page.html.partition('class="here"')[2][:200]
    assert place.game.home.text == shorter

    assert visitor.post("/play/policy", {"text": broken, "do": "commit", "anyway": "yes"}).status == 200
    assert place.game.home.text == broken
    visitor.open("More payments", **ANSWERS)
    assert "in 30 min first response" in visitor.get(f"{HERE}/issues/2").text


def test_a_run_that_fails_is_shown_with_why(visitor: Visitor, place: Place) -> None:
    place.forge.faults([{"match": {"path": "/graphql", "from": 1}, "do": {"status": 401}}])
    visitor.post(
        f"{HERE}/issues/new?template=problem.yml", {"title": "T", **{f"answer-{id}": v for id, v in ANSWERS.items()}}
    )
    place.forge.clear_faults()
    page = visitor.get(f"{HERE}/issues")
    assert "failed. See why" in page.text
    number = place.game.failing()
    run = visitor.get(f"{HERE}/actions/runs/{number}")
    assert "Failed" in run.text
    assert "token" in run.text
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    assert "failed. See why" not in visitor.get(f"{HERE}/issues").text
