"""Other systems: what they dispatch reaches the desk as it would at GitHub."""

import shutil
from pathlib import Path

from tests.playground.conftest import DESK
from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.choices import OWN, choice
from respondby.playground.serving import Place

MANY = str({f"key{number}": 1 for number in range(11)}).replace("'", '"')
ALERTS = "alerts: { dispatch: alert, key: dedup_key, form: problem, answers: { what: summary } }"


def test_an_alert_opens_an_incident_and_what_cannot_be_sent_is_said(
    visitor: Visitor, place: Place, tmp_path: Path
) -> None:
    assert visitor.get("/play/dispatch").status == 404
    assert "Another system" not in visitor.get(f"{HERE}/issues").text
    shutil.copytree(DESK.parent, tmp_path, dirs_exist_ok=True)
    desk = tmp_path / DESK.name
    desk.write_text(DESK.read_text().replace("  close-needs:", f"  {ALERTS}\n  close-needs:"))
    place.game.load(choice(OWN, desk), MONDAY)
    assert "Another system" in visitor.get(f"{HERE}/issues").text
    page = visitor.get("/play/dispatch")
    assert "An alert fires." in page.text
    for payload, words in [("{", "This payload is no JSON"), ("[]", "is a JSON object"), (MANY, "GitHub would refuse")]:
        refused = visitor.post("/play/dispatch", {"name": "alert", "payload": payload})
        assert (refused.status, words in refused.text) == (422, True), payload
    sent = visitor.post(
        "/play/dispatch", {"name": "alert", "payload": '{"dedup_key": "db", "summary": "No <b>CPU</b>"}'}
    )
    assert "No <b>CPU</b>" in sent.text, visitor.get(f"{HERE}/actions/runs/1").text
    assert "Another system called" in visitor.get(f"{HERE}/actions").text


def test_what_is_too_large_to_be_typed_is_not_read(visitor: Visitor) -> None:
    page = visitor.post("/play/policy", {"text": "x" * 1_000_001})
    assert (page.status, "more than 1 MB" in page.text) == (413, True)
