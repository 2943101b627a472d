"""The rules as Markdown, for `docs/postmortem-rules.md`: a table of all, and the examples of each."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.desk.blocks import Made, block, names, refreshed
from respondby.postmortems.computed import digest
from respondby.postmortems.registry import all_rules
from respondby.postmortems.rule import Example, Rule

BLOCK = "rules"


def listing() -> str:
    """A table with a row for each rule, and below it the examples."""
    head = "| Rule | Ours | Others | `--fix` | What it reports |\n| --- | --- | --- | --- | --- |\n"
    rows = [
        f"| [`{rule.name}`](#{rule.name}) | {rule.ours or '–'} | {rule.others or '–'} | "
        f"{'yes' if rule.mends else '–'} | {rule.says} |"
        for rule in all_rules().values()
    ]
    return "\n\n".join([head + "\n".join(rows), *(_section(rule) for rule in all_rules().values())])


def with_listing(text: str) -> str:
    """The page with its block of rules written anew."""
    made = Made(digest(listing()), listing())
    if BLOCK not in names(text):
        return f"{text.rstrip()}\n\n{block(BLOCK, made)}\n"
    return refreshed(text, {BLOCK: made}, "This list was edited by hand: empty it to have it written again.")


def _section(rule: Rule) -> str:
    allowed = "" if rule.allowed else " It cannot be allowed."
    parts = [f"### {rule.name}", f"{rule.says} {rule.why}{allowed}"]
    parts += ["Reported:", *_shown(rule.flagged[:1]), "Left alone:", *_shown(rule.left_alone[:1])]
    return "\n\n".join(parts)


def _shown(examples: tuple[Example, ...]) -> Iterator[str]:
    for example in examples:
        text = example.text.replace("\ufeff", "").replace("\r", "").rstrip("\n")
        # An example may hold a block of its own, which would end the one that this stands in.
        text = text.replace("<!-- respondby:begin", "<!-- respondby: begin").replace(
            "<!-- respondby:end", "<!-- respondby: end"
        )
        yield f"~~~~markdown\n{text}\n~~~~"
