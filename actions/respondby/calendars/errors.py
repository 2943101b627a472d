"""The one error of this room, and the hint that it carries.

Whatever cannot be read as a time, a span, a duration, a calendar or a rota, or has no answer, ends as a `TimeError`
whose text says what to write instead. Callers add the place (a file and line, a batch line, an option).
"""

from collections.abc import Iterable


class TimeError(ValueError):
    """A time, span, duration, calendar or rota that cannot be read, or a question that has no answer."""


def hint(word: str, valid: Iterable[str]) -> str:
    """`; did you mean “…”?` with the nearest of `valid`, or nothing when none of them is near."""
    from difflib import get_close_matches  # only ever needed for an error

    by_lower = {name.lower(): name for name in valid}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"; did you mean “{by_lower[near[0]]}”?" if near else ""


def text_of(value: object, what: str) -> str:
    """`value` if it is text, with a `TimeError` that names `what` if it is not."""
    if not isinstance(value, str):
        raise TimeError(f"{what} must be text, not {value!r:.60}")
    return value
