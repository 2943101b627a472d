"""The words of a language that letters are put together from: times, lengths, promises, reasons.

`words.json` of each language holds them, all with the same keys and the same `{places}`. A repository's own file of
that name replaces those that it names, one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

#: The desk's own language, where its repository does not choose another.
DEFAULT = "en"

Words = dict[str, Any]

_PLACE = re.compile(r"\{\w+\}")
#: What may have more keys than ours has: known texts of a policy, roles, days of a month.
_OPEN = ("days", "ends", "names", "roles")


class WordsError(ValueError):
    """A file of words that cannot be used; the text says why."""


@cache
def languages() -> frozenset[str]:
    """The languages that there are letters in: the folders of this package."""
    return frozenset(entry.name for entry in files("respondby.letters").iterdir() if (entry / "words.json").is_file())


@cache
def our_words(language: str) -> Words:
    """The words of one of our languages."""
    words: Words = json.loads(our_text(language, "words.json"))
    return words


def our_text(language: str, name: str) -> str:
    """One of our files."""
    return (files("respondby.letters") / language / name).read_text(encoding="utf-8")


def replaced(ours: Words, text: str) -> Words:
    """Our words with those that `text`, a JSON object, names. Raises WordsError where it is none, or has what we do not
    know: a key, another kind of value, a place that is never filled.
    """
    try:
        theirs = json.loads(text)
    except ValueError as error:
        raise WordsError(f"this is not JSON: {error}") from None
    except RecursionError:
        raise WordsError("this is not JSON that holds words") from None
    if not isinstance(theirs, dict):
        raise WordsError("words are a JSON object")
    theirs.pop("language", None)
    return _merged(ours, theirs, "")


def chosen_language(text: str) -> str | None:
    """The `language` that a repository's `words.json` chooses for the desk; None where it chooses none."""
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return None  # whoever reads its words says what is wrong
    chosen = words.get("language") if isinstance(words, dict) else None
    return chosen if isinstance(chosen, str) and chosen in languages() else None


def _merged(ours: Mapping[str, Any], theirs: Mapping[str, Any], at: str) -> Words:
    merged = dict(ours)
    for key, value in theirs.items():
        if key not in ours and at not in _OPEN:
            raise WordsError(f"there are no words `{_path(at, key)}`")
        known = ours.get(key, "")
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = _merged(known, value, _path(at, key))
            continue
        _check(known, value, _path(at, key), free=at in _OPEN)
        merged[key] = value
    return merged


def _check(ours: Any, theirs: Any, at: str, *, free: bool) -> None:
    """Whether `theirs` can stand where `ours` does: the same kind, and no place that ours has not."""
    if isinstance(ours, list):
        if not isinstance(theirs, list) or len(theirs) != len(ours):
            raise WordsError(f"`{at}` is a list of {len(ours)}")
        for one, other in zip(ours, theirs, strict=True):
            _check(one, other, at, free=free)
        return
    if isinstance(ours, dict) or not isinstance(theirs, str) or len(theirs) > 2_000 or "\n" in theirs:
        raise WordsError(f"`{at}` is {'an object' if isinstance(ours, dict) else 'a text of one line'}")
    unknown = set() if free else set(_PLACE.findall(theirs)) - set(_PLACE.findall(ours))
    if unknown:
        raise WordsError(f"`{at}` knows no {', '.join(sorted(unknown))}")


def _path(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
