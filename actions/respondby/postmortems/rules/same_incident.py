"""Two post-mortems for one incident, and one for several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import EXAMPLE, Context, Example, Finding, Rule


def _look(document: Document, context: Context) -> Iterator[Finding]:
    line, column = document.front.place("incident")
    mine = list(dict.fromkeys(link.casefold() for link in document.incidents))
    if len(mine) < len(document.incidents):
        yield Finding(line, column, "An incident is named twice here.", document.incidents[0], "Keep one of them.")
    places = context.once("incidents", _places)
    for link in mine:
        for path in places.get(link, ()):
            if path != document.path:
                message = f"{path} is a post-mortem of this incident as well."
                yield Finding(
                    line, column, message, link, "Keep one document, and move into it what only the other says."
                )


def _places(documents: Mapping[str, Document]) -> dict[str, list[str]]:
    """The documents of an incident, by its link."""
    found: dict[str, list[str]] = {}
    for path, document in documents.items():
        if document.ours and document.source.refusal() is None:
            for link in {link.casefold() for link in document.incidents}:
                found.setdefault(link, []).append(path)
    return found


_TEXT = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\n---\n# Orders fail\n"

RULE = Rule(
    name="same-incident",
    says="Two post-mortems that name the same incident.",
    why="Its clock stops at one of them, and the other is the one that people find.",
    look=_look,
    allowed=False,
    flagged=(Example(_TEXT, beside={"docs/incidents/2026-11-30-41-again.md": _TEXT}),),
    left_alone=(
        Example(_TEXT, beside={"docs/incidents/2026-11-30-42-other.md": _TEXT.replace("41", "42")}),
        Example(_TEXT, path=EXAMPLE),
    ),
)
