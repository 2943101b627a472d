"""The whole site: its routes, before the forge's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from respondby.playground.web import desk, dispatching, forms, issues, lists, proposals, runs, start
from respondby.playground.web.serving import Asked, Handler, Pages, Reply, Wrong
from respondby.playground.web.site import Site
from respondby.sandbox.serving.routing import App


def routes(site: Site, own: start.Own) -> Iterator[tuple[str, str, Handler]]:
    """Every route: method, template of the address, handler."""
    yield "GET", "/play/static/{name}", site.file
    for view in (start.routes(site, own), lists.routes(site), forms.routes(site), issues.routes(site)):
        yield from view
    for view in (proposals.routes(site), runs.routes(site), desk.routes(site, own), dispatching.routes(site)):
        yield from view
    yield "GET", "/play/{place:path}", _nothing


def _nothing(asked: Asked) -> Reply:
    raise Wrong(404, f"There is no page {asked.path}.")


def site_above(site: Site, own: start.Own, beyond: App, accepted: Collection[str]) -> App:
    """The application that serves the site, and hands on what the forge answers."""
    return Pages(list(routes(site, own)), beyond, site.token, site.wrong, accepted)
