"""Editors complete and explain a policy from our schema: tried with the language server that they use.

The server is an npm package, locked in `editors/`. Where npm is missing these tests are skipped, unless
RESPONDBY_REQUIRE_NPM is 1, as in `.ci/run`.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.npm import packages
from tests.policy.language_server import LanguageServer
from tests.policy.policies import ROOT

from respondby.setup.choices import Choices, Source
from respondby.setup.starting import POLICY, SCENARIOS, start_from_choices

PACKAGE = Path(__file__).parent / "editors"

HEAD = """\
# yaml-language-server: $schema=./policy.schema.json
version: 1
desk: A desk
"""

BROKEN = f"""\
{HEAD}calender: office
forms:
  request: {{ name: A request, about: Anything. }}
clocks:
  answer:
    start: opened
    stop: comment by staff
    target: 4 hours!
    ladder:
      - at: due
        nofity: lead
"""


#: In one process, which starts the server once.
pytestmark = pytest.mark.xdist_group("editors")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LanguageServer, Path]]:
    """The language server, in a folder of its own with our schema."""
    folder = tmp_path_factory.mktemp("editor")
    shutil.copy(ROOT / "schemas" / "policy.schema.json", folder)
    script = packages(PACKAGE / "package-lock.json") / "yaml-language-server" / "bin" / "yaml-language-server"
    with LanguageServer(["node", str(script), "--stdio"]) as running:
        settings = {"yaml": {"completion": True, "hover": True, "validate": True, "schemaStore": {"enable": False}}}
        running.start(folder.as_uri(), settings)
        yield running, folder


Opened = tuple[LanguageServer, str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def opened(server: tuple[LanguageServer, Path]) -> Opened:
    """The broken policy, open, and what the server finds wrong with it."""
    running, folder = server
    uri = (folder / "support.yml").as_uri()
    return running, uri, running.open(uri, BROKEN)


def place(text: str, offset: int) -> dict[str, int]:
    """A place in a text, counted from 0 as the protocol does."""
    before = text[:offset]
    return {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}


def test_what_the_schema_refuses_is_underlined(opened: Opened) -> None:
    told = [(found["range"]["start"]["line"] + 1, found["message"].split("\n")[0]) for found in opened[2]]
    assert sorted(told) == [
        (4, "Property calender is not allowed."),
        (11, "Such as `30m`, `1h30m`, `24h`, `2 days`."),
        (14, "Property nofity is not allowed."),
    ]


@pytest.mark.parametrize(
    "key, said",
    [
        ("desk:", "What this desk is called"),
        ("forms:", "Issue forms, by id"),
        ("about:", "One line below the name"),
        ("clocks:", "Promises about a case"),
        ("answer:", "One promise"),
        ("stop:", "What meets it"),
        ("target:", "What is promised: a duration"),
        ("at:", "a share of the time to due"),
    ],
)
def test_a_hover_explains_the_key(opened: Opened, key: str, said: str) -> None:
    running, uri, _ = opened
    position = place(BROKEN, BROKEN.index(key) + 1)
    hover = running.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": position})
    assert hover is not None
    assert said in hover["contents"]["value"]


CLOCK = "clocks:\n  answer:\n    start: opened\n    stop: closed\n    target: 4h\n"


@pytest.mark.parametrize(
    "text, offered",
    [
        ("cal", {"calendar", "calendars"}),
        (f"{CLOCK}    ", {"survives", "pause", "when", "each", "ladder"}),
        (f"{CLOCK}    survives: ", {"close"}),
        (f"{CLOCK}    ladder:\n      - at: due\n        ", {"notify", "page", "label", "repeat", "via"}),
        (f"{CLOCK}    ladder:\n      - at: ", {"start", "75%", "due + 15m"}),
        ("clocks:\n  answer:\n    start: ", {"opened", "post-mortem merged", "comment by staff"}),
        ("fields:\n  priority:\n    ", {"values", "label", "set-by", "default"}),
        ("mode: ", {"live", "shadow", "off"}),
    ],
)
def test_a_completion_offers_what_may_stand_there(
    server: tuple[LanguageServer, Path], text: str, offered: set[str]
) -> None:
    running, folder = server
    uri = (folder / f"{len(text)}-support.yml").as_uri()
    whole = HEAD + text
    running.open(uri, whole)
    asked = {"textDocument": {"uri": uri}, "position": place(whole, len(whole))}
    told = running.ask("textDocument/completion", asked)
    assert offered <= {item["label"] for item in told["items"]}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """An HTTP server of this checkout's files, in place of the one that holds a public copy's."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT))) as files:
        thread = threading.Thread(target=files.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{files.server_address[1]}"
        files.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "path, schema, key, said",
    [
        (POLICY, "policy", "  first-response:", "One promise"),
        (f"{SCENARIOS}/nobody-answers.yml", "scenario", "starts:", "When the"),
    ],
)
def test_in_a_repository_of_one_s_own_the_schema_is_read_from_the_pinned_copy(
    server: tuple[LanguageServer, Path], address: str, path: str, schema: str, key: str, said: str
) -> None:
    choices = Choices("Ours", "UTC", "mon-fri", ("09:00-17:00",), ("ann", "bob"), "ann", "chat", date(2026, 11, 30))
    source = Source("acme", "f" * 40, "1.0")
    text = start_from_choices(choices, source).files[path]
    first = text.splitlines()[0]
    assert first == f"# yaml-language-server: $schema={source.schema(schema)}"
    # What lies at that address is this checkout's file of that name.
    text = text.replace(source.schema(schema).partition("/schemas/")[0], address)
    running, folder = server
    uri = (folder / f"own-{Path(path).name}").as_uri()
    assert running.open(uri, text) == []
    position = place(text, text.index(key) + 3)
    hover = running.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": position})
    assert said in hover["contents"]["value"]
    broken = text + "nonsense: 1\n"
    [found] = running.open((folder / f"broken-{Path(path).name}").as_uri(), broken)
    assert found["message"].startswith("Property nonsense is not allowed.")
