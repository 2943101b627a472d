"""Other addresses for the same things: GitHub Enterprise's `/api/v3` and `/api/graphql`, and repositories by number.

A request line may also hold a whole address, as a client sends it to a proxy (RFC 9112, 3.2.2). A client that insists
on host names of GitHub's is pointed here as its proxy, and nothing of it has to be changed.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from respondby.sandbox.serving.routing import Scope
from respondby.sandbox.shapes.repositories import full_name
from respondby.sandbox.store.world import World

ENTERPRISE = "/api/v3"
_WHOLE = re.compile(r"https?://([^/]*)(/.*)?", re.DOTALL | re.IGNORECASE)
_BY_NUMBER = re.compile(r"/repositories/(\d{1,9})(/.*)?", re.DOTALL)


def usual(world: World, scope: Scope) -> Scope:
    """Return a request as it would have been sent to the usual address of what it asks for."""
    whole = _WHOLE.fullmatch(scope["path"])
    if whole is not None:
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope = {**_at(scope, whole[2] or "/"), "headers": [(b"host", whole[1].encode("latin-1", "replace")), *others]}
    path: str = scope["path"]
    if path.startswith("/api/") or path == ENTERPRISE:
        scope = _at(scope, "/graphql" if path == "/api/graphql" else path.removeprefix(ENTERPRISE) or "/")
        scope["sandbox_prefix"] = ENTERPRISE
    found = _BY_NUMBER.fullmatch(scope["path"])
    if found is not None:
        with world.lock:
            row = world.one("SELECT * FROM repos WHERE id = ?", int(found[1]))
            if row is not None:
                scope = _at(scope, f"/repos/{full_name(world, row)}{found[2] or ''}")
    return scope


def _at(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": quote(path).encode()}
