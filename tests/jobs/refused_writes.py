"""Faults of the writes of a desk, whichever way it writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from respondby.forge.mutations import OPERATION


def on_cards(do: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Plans by which no card is written anew: neither by itself nor together with the case's labels."""
    return [{"match": match, "do": do, **more} for match in ({"method": "PATCH"}, {"operation": OPERATION})]


def on_comments(do: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Plans by which no comment is made, nor a card by the request that sets labels."""
    plain = {"method": "POST", "path": ".*/comments"}
    return [{"match": match, "do": do, **more} for match in (plain, {"operation": OPERATION})]
