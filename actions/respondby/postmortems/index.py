"""The list of all post-mortems, `docs/incidents/README.md`: a block that is written from the documents alone.

Laws: the same documents give the same text, in whatever order and whenever they are read; a document is listed once
however many incidents it names; an example is listed as one and counts in no figure; a text of a document cannot end a
row, a cell or the block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from respondby.calendars.instants import UTC, wall
from respondby.desk.blocks import Made, block, names, refreshed
from respondby.letters.neutral import inline
from respondby.postmortems.computed import digest
from respondby.postmortems.document.document import FOLDER, NOT_DOCUMENTS, Document
from respondby.postmortems.document.items import Item
from respondby.postmortems.document.lengths import said
from respondby.postmortems.document.milestones import MEASURES, measured

PATH = f"{FOLDER}/README.md"
BLOCK = "index"

_TOP = """\
# Post-mortems

What happened, why, and what is done so that it does not happen again. The list below is written by
`respondby postmortem index`; write around it, never in it.

"""
_NOTICE = "This list was edited by hand and is not kept up to date. Empty it to have it written again."


def listed(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents that the index lists: ours, readable, newest first."""
    found = [
        one
        for one in documents
        if one.ours and one.path.rpartition("/")[2] not in NOT_DOCUMENTS and one.source.refusal() is None
    ]
    return tuple(sorted(found, key=lambda one: (day_of(one), one.path), reverse=True))


def index(documents: Iterable[Document], text: str = "") -> str:
    """The index's text, made from what stands there: only the block in it is written."""
    made = _made(listed(documents))
    text = settled(text)
    if BLOCK not in names(text):
        return f"{(text.rstrip() + chr(10) * 2) if text.strip() else _TOP}{block(BLOCK, made)}\n"
    return refreshed(text, {BLOCK: made}, _NOTICE)


def settled(text: str) -> str:
    """A text in which a merge was left unfinished, with the first version of each place: its block is written anew."""
    if "<<<<<<< " not in text:
        return text
    kept: list[str] = []
    side = ""
    for line in text.split("\n"):
        if line.startswith("<<<<<<< "):
            side = "first"
        elif line.startswith(("||||||| ", "=======")) and side:
            side = "other"
        elif line.startswith(">>>>>>> ") and side:
            side = ""
        elif side != "other":
            kept.append(line)
    return "\n".join(kept)


def day_of(document: Document) -> date:
    """The day of a post-mortem: when it was detected, else when it began, else the one that its file is named for."""
    times = document.milestones
    instant = times.get("detected", times.get("started"))
    if instant is not None:
        return wall(instant, UTC).date()
    try:
        return date.fromisoformat(document.path.rpartition("/")[2][:10])
    except ValueError:
        return date.min


def is_example(document: Document) -> bool:
    """Whether the document says that it is an example."""
    return document.front.text("example").strip() == "true"


def open_items(document: Document) -> tuple[Item, ...]:
    """The items that were agreed and are still to be done."""
    return tuple(item for item in document.items if item.open)


def figures(documents: Sequence[Document]) -> Iterator[tuple[str, str, int, str, str]]:
    """For each measure its name, its definition, how many incidents have it, their median and their 90th percentile."""
    counted = [document for document in documents if not is_example(document)]
    for measure in MEASURES:
        lengths = sorted(
            seconds for document in counted if (seconds := measured(document.milestones, measure)) is not None
        )
        if lengths:
            yield measure.name, measure.means, len(lengths), said(median(lengths) // 60), said(rank(lengths, 90) // 60)
        else:
            yield measure.name, measure.means, 0, "–", "–"


def median(lengths: Sequence[int]) -> int:
    """The middle of sorted lengths; of an even number the mean of the two in the middle."""
    half = len(lengths) // 2
    return lengths[half] if len(lengths) % 2 else (lengths[half - 1] + lengths[half]) // 2


def rank(lengths: Sequence[int], percent: int) -> int:
    """The nearest rank: the least length that so many per cent of sorted lengths do not exceed."""
    return lengths[max(0, -(-len(lengths) * percent // 100) - 1)]


def _made(documents: Sequence[Document]) -> Made:
    text = "\n\n".join(part for part in _parts(documents) if part)
    return Made(digest(text), text)


def _parts(documents: Sequence[Document]) -> Iterator[str]:
    if not documents:
        yield "There is no post-mortem yet."
        return
    real = [document for document in documents if not is_example(document)]
    items = sum(len(open_items(document)) for document in real)
    yield f"{_count(len(real), 'post-mortem')}, {_count(items, 'open action item')}."
    yield _figures(documents)
    yield from _months(documents)
    for title, key in (("product", "product"), ("severity", "severity"), ("cause", "cause")):
        yield _grouped(real, title, key)
    yield _items(real)


def _figures(documents: Sequence[Document]) -> str:
    rows = [
        f"| {name} | {count} | {middle} | {most} | {means} |" for name, means, count, middle, most in figures(documents)
    ]
    head = "| Measure | n | Median | 90th percentile | Counted |\n| --- | ---: | ---: | ---: | --- |\n"
    note = (
        "<sub>Of incidents that have both milestones. The median of an even number "
        "is the mean of the two in the middle; "
        "the percentile is the nearest rank; minutes are rounded down.</sub>"
    )
    return f"## How long it took\n\n{head}" + "\n".join(rows) + f"\n\n{note}"


def _months(documents: Sequence[Document]) -> Iterator[str]:
    yield "## By month"
    months: dict[str, list[Document]] = {}
    for document in documents:
        months.setdefault(f"{day_of(document):%Y-%m}", []).append(document)
    for month, inside in months.items():
        rows = [
            f"| {day_of(one)} | {_link(one)}{' (example)' if is_example(one) else ''} | "
            f"{_incidents(one)} | {_cell(one, 'product')} "
            f"| {_cell(one, 'severity')} | {_cell(one, 'cause')} | {_cell(one, 'status')} | {len(open_items(one))} |"
            for one in inside
        ]
        head = (
            "| Day | What happened | Incident | Product | Severity | Cause | Status | Open items |\n"
            "| --- | --- | --- | --- | --- | --- | --- | ---: |\n"
        )
        yield f"### {month}\n\n{head}" + "\n".join(rows)


def _grouped(documents: Sequence[Document], title: str, key: str) -> str:
    counts = Counter(document.front.text(key).strip() or "–" for document in documents)
    if not counts or set(counts) == {"–"}:
        return ""
    ordered = sorted(counts.items(), key=lambda pair: (pair[0] == "–", -pair[1], pair[0].casefold()))
    rows = [f"| {inline(name) if name != '–' else '–'} | {count} |" for name, count in ordered]
    return f"## By {title}\n\n| {title.capitalize()} | Post-mortems |\n| --- | ---: |\n" + "\n".join(rows)


def _items(documents: Sequence[Document]) -> str:
    rows = []
    for document in documents:
        for item in open_items(document):
            due = str(item.due_day or "–")
            owner = inline(item.owner.lstrip("@")) or "–"
            rows.append(
                (due, f"| {due} | {owner} | {inline(item.what, 120)} | {_link(document)} | {_issue(item.issue)} |")
            )
    if not rows:
        return ""
    head = "| Due | Owner | What | Post-mortem | Issue |\n| --- | --- | --- | --- | --- |\n"
    return f"## Open action items\n\n{head}" + "\n".join(row for _, row in sorted(rows))


def _link(document: Document) -> str:
    return f"[{inline(document.title, 120) or 'untitled'}]({document.path.rpartition('/')[2]})"


def _incidents(document: Document) -> str:
    links = [f"[{link.rpartition('/')[2]}]({link})" for link in document.incidents if _plain_link(link)]
    return ", ".join(links) or "–"


def _issue(text: str) -> str:
    if not text:
        return "–"
    return f"[{text.rpartition('/')[2]}]({text})" if _plain_link(text) else inline(text)


def _plain_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not set(text) & set("()<>|[]` \t\"'")


def _cell(document: Document, key: str) -> str:
    return inline(document.front.text(key), 40) or "–"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def drifted(documents: Iterable[Document], text: str) -> bool:
    """Whether the index is not what the documents give."""
    return index(documents, text) != text


def line_of(text: str) -> int:
    """The line (from 1) in which the index's block begins."""
    found = text.find("<!-- respondby:begin index ")
    return text.count("\n", 0, found) + 1 if found >= 0 else 1
