"""Games that take their time. `.ci/run` runs this file by its name; `sh tests/run` leaves it out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from tests.playground.conftest import DESK, PATIENCE, ROOT
from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.serving import Place, playground
from respondby.rehearsal.running import Start

SLOW = {"priority": "Urgent", "reach": "Some end-users", "what": "It hangs."}
ANSWERS = {"priority": "Production down", "reach": "A lot of end-users", "what": "Everything is a 500."}

WRONG = """\
---
incident: x
started: 2026-01-05T09:00:00Z
resolved: 2026-01-05T08:00:00Z
status: final
---

# Everything is down
"""


def test_a_post_mortem_is_proposed_checked_mended_reviewed_and_merged(visitor: Visitor, place: Place) -> None:
    number = visitor.open("Everything is down", **ANSWERS)
    visitor.be("ann")
    visitor.act(number, "comment", comment="On it.\n\n/cause hosting-platform")
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    visitor.act(number, "comment", comment="/resolved")
    visitor.act(number, "close", comment="/close mended")
    assert "Post-mortem of #1: Everything is down #2" in visitor.get(f"{HERE}/pulls").text

    pull = f"{HERE}/pull/2"
    assert "GitHub starts no workflow for what a workflow proposes" in visitor.get(pull).text
    assert "The check found nothing" in visitor.post(pull, {"do": "check"}).text
    path = "docs/incidents/2026-01-05-1-everything-is-down.md"
    edit = f"/play/edit?ref=respondby/post-mortem-1&path={path}&back={pull}/files"
    page = visitor.get(edit)
    sha = page.html.partition('name="sha" value="')[2].partition('"')[0]
    page = visitor.post(edit, {"text": WRONG, "message": "Write it", "sha": sha})
    assert page.path == f"{pull}/files"
    below = page.html.partition("resolved: 2026-01-05T08:00:00Z")[2]
    assert 'class="note error"' in below[: below.index("status: final")]
    assert "The check found problems" in visitor.get(pull).text
    late = visitor.post(edit, {"text": "mine", "message": "Write it", "sha": sha})
    assert (late.status, "Somebody has changed this file" in late.text) == (409, True)
    assert "mine" in late.html

    sha = visitor.get(edit).html.partition('name="sha" value="')[2].partition('"')[0]
    right = WRONG.replace("incident: x", f"incident: {place.url}{HERE}/issues/{number}").replace("T08", "T10")
    visitor.post(edit, {"text": right, "message": "Mend it", "sha": sha})

    visitor.be("tess")
    assert "Say what the review has found." in visitor.post(pull, {"do": "REQUEST_CHANGES", "review": ""}).text
    assert "Not yet" in visitor.post(pull, {"do": "REQUEST_CHANGES", "review": "Not yet"}).text
    assert "approved" in visitor.post(pull, {"do": "APPROVE", "review": "Good."}).text
    merged = visitor.post(pull, {"do": "merge"})
    assert "Merged by tess." in merged.text
    visitor.post("/play/time", {"do": "15", "at": str(MONDAY + 900)})
    assert "met post mortem" in visitor.get(f"{HERE}/issues/{number}").text


def test_a_game_that_is_killed_in_the_middle_goes_on_and_calls_nobody_twice(tmp_path: Path, start: Start) -> None:
    file = tmp_path / "game"
    words = ["--open", "--port", "0", "--db", str(file), "--now", "2026-01-05T09:00Z", str(DESK)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "actions"), "CI": "true"}
    command_line = [sys.executable, "-m", "respondby", "sandbox", *words]
    with subprocess.Popen(command_line, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        visitor = Visitor(said.split()[2])
        assert "Play a support desk" in visitor.get("/").text
        visitor.post("/play/load", {"id": "own"})
        number, token = visitor.open("Payments", **SLOW), visitor.token()
        jump = threading.Thread(target=_until_cut, args=[visitor, token])
        jump.start()
        while visitor.request("GET", "/play/status", None, {}).html.find('"calls": 0') >= 0:
            pass  # until the first page is out: the record of it may stand or not
        process.kill()
        jump.join()
    assert said.startswith("Play at http://127.0.0.1:")
    assert f"kept in {file}" in said
    with playground(0, file, start=start, patience=PATIENCE) as place:
        visitor = Visitor(place.url)
        place.game.settle()
        assert "Payments" in visitor.get(f"{HERE}/issues/{number}").text
        place.game.go_to(MONDAY + 7200)
        place.game.settle()
        called = [(call["key"], call["again"]) for call in place.game.kept.calls() if call["kind"] == "page"]
        assert len({key for key, _ in called}) == sum(not again for _, again in called) >= 2


def _until_cut(visitor: Visitor, token: str) -> None:
    with suppress(OSError, HTTPException):
        visitor.post("/play/time", {"do": "monday", "at": str(MONDAY)}, token=token)
