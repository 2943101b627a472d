"""The address `/graphql`. Errors come inside a 200, as on GitHub; only a bad token or unreadable JSON has a status."""

from __future__ import annotations

import json

from respondby.sandbox.serving.limits import Limits
from respondby.sandbox.serving.routing import Receive, Scope, Send, read_body, read_json, reply
from respondby.sandbox.store import people
from respondby.sandbox.store.problems import Problem, sign_in
from respondby.sandbox.store.world import World


class Endpoint:
    """The ASGI application at `/graphql`."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.world = world
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        # Imported on the first request: graphql-core takes as long to import as the rest of the sandbox to start.
        from respondby.sandbox.graph.run import answer

        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        body = await read_body(receive)
        status, viewer, more = 200, None, dict[str, str]()
        try:
            with self.world.transaction():
                viewer = people.viewer_of(self.world, headers.get("authorization"))
                if viewer is None:
                    raise sign_in()
                scope["sandbox"].actor = viewer.login
                value, scope["sandbox"].operation = answer(self.world, self.limits, viewer, read_json(body))
        except Problem as problem:
            status, value, more = problem.status, problem.body(), problem.headers
        own = {
            "x-github-media-type": "github.v4; format=json",
            "x-github-request-id": f"{scope['sandbox'].id:08X}",
            **self.limits.headers(viewer, "graphql", spend=False),
            **more,
        }
        await reply(send, status, json.dumps(value, separators=(",", ":")).encode(), own)
