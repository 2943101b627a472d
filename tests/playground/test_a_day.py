"""A person's path, without JavaScript: open, wait, breach, page, answer, close."""

from tests.playground.visiting import HERE, MONDAY, Visitor

from respondby.playground.serving import Place

ANSWERS = {"priority": "Urgent", "reach": "Some end-users", "what": "Every payment takes a minute."}


def test_a_request_is_promised_a_time_and_whoever_is_on_call_is_paged_when_it_runs_out(
    visitor: Visitor, place: Place
) -> None:
    number = visitor.open("Payments are slow", **ANSWERS)
    page = visitor.get(f"{HERE}/issues/{number}")
    assert "Harbour support has received your request: Problem/Troubleshooting" in page.text
    assert "in 1 h first response" in page.text
    assert "75%: notify engineer-on-call" in page.text
    assert "in 1 h first response" in visitor.get(f"{HERE}/issues").text

    visitor.post("/play/time", {"do": "15", "at": str(MONDAY)})
    assert place.forge.now() == "2026-01-05T09:15:00Z"
    assert "in 45 min first response" in visitor.get(f"{HERE}/issues").text

    visitor.post("/play/time", {"do": "due", "at": str(MONDAY + 900)})
    assert place.forge.now() == "2026-01-05T10:00:00Z"
    calls = visitor.get("/play/calls").text
    assert "ann page by pager · now" in calls
    assert "First response is overdue: acme/support#1, Payments are slow" in calls
    assert "sla/breached" in visitor.get(f"{HERE}/issues").text

    visitor.post("/play/time", {"do": "15", "at": str(MONDAY + 3600)})
    visitor.be("ann")
    answered = visitor.act(number, "comment", comment="Looking into it.")
    assert "Add a comment as ann (staff)" in answered.text
    assert "met late first response" in answered.text
    runs = visitor.get(f"{HERE}/actions").text
    assert f"Somebody commented #{number}" in runs
    assert "is told to acknowledge the page to ann" in visitor.get("/play/calls").text

    closed = visitor.act(number, "close", comment="A full disk. Mended.", reason="completed")
    assert "Closed" in closed.text
    assert "No open issues." in visitor.get(f"{HERE}/issues").text
    assert "Payments are slow" in visitor.get(f"{HERE}/issues?state=closed").text


def test_time_goes_to_monday_and_plays_and_pauses(visitor: Visitor, place: Place) -> None:
    visitor.post("/play/time", {"do": "monday", "at": str(MONDAY)})
    assert place.forge.now() == "2026-01-12T08:00:00Z"
    assert "Pause" in visitor.post("/play/time", {"do": "play", "speed": "3600", "back": "/play/calls"}).html
    place.game.settle()
    visitor.post("/play/time", {"do": "pause"})
    stopped = place.forge.now()
    assert stopped > "2026-01-12T08:00:00Z"
    place.game.settle()
    assert place.forge.now() == stopped


def test_a_page_is_answered_where_it_rang(visitor: Visitor, place: Place) -> None:
    visitor.open("Payments are slow", **ANSWERS)
    visitor.post("/play/time", {"do": "due", "at": str(MONDAY)})
    incident = place.game.receiver.pager.incidents[-1]
    page = visitor.post("/play/page", {"incident": incident.id, "do": "acknowledge"})
    assert "acknowledged" in page.text
    assert visitor.post("/play/page", {"incident": incident.id, "do": "acknowledge"}).status == 409
    assert visitor.post("/play/page", {"incident": "Q9", "do": "resolve"}).status == 409
