"""The forms in which an answer can be asked for by `Accept`: texts as HTML or plain as well, a file or a diff as it is.

GitHub's media types are `application/vnd.github.PARAM+json`, in older clients with a `.v3` before the param.
"""

from __future__ import annotations

import re
from typing import Any

from respondby.sandbox.store.values import Json

_TYPE = re.compile(r"application/vnd\.github(?:\.v3)?\.(raw|text|html|full|diff|patch|object)(?:\+json)?\s*(?:;|,|$)")
_TAG = re.compile(r"<[^>]*>")
_ADDED = {"html": ("body_html",), "text": ("body_text",), "full": ("body_html", "body_text")}


def asked(accept: str | None) -> str:
    """Return the param of the first media type of GitHub's that has one; empty for plain JSON."""
    found = _TYPE.search(accept or "")
    return "" if found is None else found[1]


def dressed(value: Any, media: str) -> Any:
    """Return an answer in which every text that somebody wrote stands in the asked form too, beside the plain one."""
    if media not in _ADDED:
        return value
    if isinstance(value, list):
        return [dressed(item, media) for item in value]
    if not isinstance(value, dict):
        return value
    shape: Json = {key: dressed(item, media) for key, item in value.items()}
    if "body" in shape and ("user" in shape or "author" in shape):
        shape |= {field: _form(field, shape["body"]) for field in _ADDED[media]}
    return shape


def _form(field: str, body: str | None) -> str | None:
    if body is None:
        return None
    from html import unescape

    from respondby.sandbox.shapes.markdown import render  # both imported on the first text that is asked for so

    html = render(body)
    return html if field == "body_html" else unescape(_TAG.sub("", html)).strip()
