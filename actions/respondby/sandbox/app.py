"""The whole application: REST, GraphQL, the control API, web pages, behind one front."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import parse_qsl

from respondby.sandbox.control.acts import Control
from respondby.sandbox.control.routes import routes
from respondby.sandbox.graph import endpoint as graph
from respondby.sandbox.pages.cloning import Cloning
from respondby.sandbox.pages.views import Pages
from respondby.sandbox.rest import (
    activity,
    branches,
    caches,
    checks,
    comments,
    contents,
    issues,
    labels,
    milestones,
    pulls,
    relations,
    releases,
    repos,
    reviews,
    runs,
    search,
    teams,
)
from respondby.sandbox.rest.http import Endpoint
from respondby.sandbox.serving.callers import LocalOnly
from respondby.sandbox.serving.faults import Faults
from respondby.sandbox.serving.front import Front
from respondby.sandbox.serving.limits import Limits
from respondby.sandbox.serving.routing import App, Receive, Route, Router, Scope, Send, read_body, read_json, reply
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json
from respondby.sandbox.store.world import World

REST = (
    *issues.ROUTES,
    *comments.ROUTES,
    *labels.ROUTES,
    *repos.ROUTES,
    *contents.ROUTES,
    *runs.ROUTES,
    *pulls.ROUTES,
    *reviews.ROUTES,
    *teams.ROUTES,
    *milestones.ROUTES,
    *search.ROUTES,
    *checks.ROUTES,
    *relations.ROUTES,
    *activity.ROUTES,
    *branches.ROUTES,
    *caches.ROUTES,
    *releases.ROUTES,
)


class ControlEndpoint:
    """An ASGI application for one route of the control API."""

    def __init__(self, handler: Callable[[Json], Any]) -> None:
        self.handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing to tell is 204."""
        try:
            given = read_json(await read_body(receive)) | dict(parse_qsl(scope["query_string"].decode()))
            value = self.handler(given | scope.get("path_params", {}))
            status = 204 if value is None else 200
        except Problem as problem:
            status, value = problem.status, problem.body()
        await reply(send, status, b"" if value is None else json.dumps(value).encode(), {})


def build(world: World, accepted: Collection[str] = ()) -> tuple[Front, Control]:
    """Return the application over a world, and its controls; `accepted` are host names beside this machine's own."""
    limits, faults = Limits(world.clock), Faults()
    front = Front(world, faults)
    control = Control(world, faults, limits, front)
    names = frozenset(name.lower() for name in accepted)

    def local(method: str, path: str, app: App) -> Route:
        return method, path, LocalOnly(app, names)

    front.app = Router(
        [
            *((method, path, Endpoint(world, limits, handler)) for method, path, handler in REST),
            ("POST", "/graphql", graph.Endpoint(world, limits)),
            *(local(method, path, ControlEndpoint(handler)) for method, path, handler in routes(control)),
            *(local(*route) for route in Pages(world).routes()),
            *Cloning(world).routes(),
        ]
    )
    return front, control
