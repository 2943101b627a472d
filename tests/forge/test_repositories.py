"""The repositories of an account, as far as the token may see them."""

from __future__ import annotations

import pytest
import responses
from tests.forge.desks import Desk

from respondby.forge import repositories
from respondby.forge.errors import Refused
from respondby.forge.repositories import owned_by
from respondby.sandbox.server import Sandbox


def test_they_come_by_name_in_as_many_requests_as_it_takes(
    sandbox: Sandbox, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repositories, "TOGETHER", 2)
    for name in ("wood", "iron", "salt", "gold", "zinc"):
        sandbox.repo("mine", name)
    before = desk.client.requests
    found = list(owned_by(desk.client, "mine"))
    assert [home.name for home in found] == ["mine/gold", "mine/iron", "mine/salt", "mine/wood", "mine/zinc"]
    assert desk.client.requests - before == 3
    assert (found[0].archived, found[0].has_issues, found[0].fork, found[0].open_issues) == (False, True, False, 0)


def test_an_account_that_is_not_there_is_refused_as_missing(desk: Desk) -> None:
    with pytest.raises(Refused, match="there is no such account") as refused:
        list(owned_by(desk.client, "nobody-here"))
    assert refused.value.status == 404
    assert "listing the repositories of nobody-here" in str(refused.value)


@pytest.mark.parametrize("errors", [[], [{"type": "NOT_FOUND", "path": ["repositoryOwner"], "message": "Not there."}]])
def test_so_it_is_where_github_says_beside_it_that_it_is_not_there(desk: Desk, errors: list[dict[str, object]]) -> None:
    answer = {"data": {"repositoryOwner": None}} | ({"errors": errors} if errors else {})
    with responses.RequestsMock() as wire:
        date = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
        wire.add("POST", f"{desk.sandbox.url}/graphql", json=answer, headers=date)
        with pytest.raises(Refused, match="there is no such account"):
            list(owned_by(desk.client, "nobody-here"))
