"""A JSON template with the words of a message in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"\{([a-z]+)(?::([0-9]{1,5}))?\}")
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def filled(template: Any, words: Mapping[str, str]) -> Any:
    """A JSON value with `{subject}` and the like replaced within its texts, so that no text can change its shape;
    `{subject:130}` is at most 130 characters of it.

    Where the template's own text holds a `<` (a chat's `<!subteam^S0123>`, the `<Say>` of a telephone call), what is
    filled in is written as both have it, `&lt;` for `<`: only the template mentions anybody or is markup.
    """
    match template:
        case str():
            marked = "<" in template
            return _PLACE.sub(lambda place: _word(words.get(place[1]), place, marked=marked), template)
        case list():
            return [filled(item, words) for item in template]
        case dict():
            return {key: filled(value, words) for key, value in template.items()}
    return template


def _word(known: str | None, place: re.Match[str], *, marked: bool) -> str:
    if known is None:
        return place[0]
    if place[2] is not None and len(known) > (most := int(place[2])):
        known = f"{known[: max(0, most - 1)]}…"
    return re.sub("[&<>]", lambda sign: _WRITTEN[sign[0]], known) if marked else known
