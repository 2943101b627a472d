"""Raw timelines: what the forge's REST interface says of every issue, as plain JSON, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.months.living import Life

from respondby.rehearsal.ground import OWNER


def raw(life: Life) -> dict[str, Any]:
    """The policy's text, the forge's clock, and every issue with its timeline."""
    issues = _all(life, "/issues?state=all&direction=asc")
    return {
        "policy": life.ground.text,
        "now": life.ground.receiver.now,
        "issues": [{**issue, "timeline": _all(life, f"/issues/{issue['number']}/timeline?")} for issue in issues],
    }


def _all(life: Life, path: str) -> list[Any]:
    found: list[Any] = []
    while True:
        page = len(found) // 100 + 1
        got, some = life.ground.call(OWNER, "GET", f"{path}&per_page=100&page={page}".replace("?&", "?"))
        assert got == 200, some
        found.extend(some)
        if len(some) < 100:
            return found
