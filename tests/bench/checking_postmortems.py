"""Checking post-mortems beside the parser that it stands on: `python -m tests.bench.checking_postmortems [N] [FOLDER]`.

N documents (1,000 unless told), those of FOLDER repeated where one is given, else made here, are parsed by
markdown-it-py alone and checked by every rule, in turns within one process. Printed: the CPU seconds of both, their
ratio, and the most memory that a process had that checks only.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt

from respondby.postmortems.checking import check
from respondby.postmortems.document.document import read_document
from respondby.postmortems.rule import Context

WORDS = [
    "the",
    "queue",
    "of",
    "orders",
    "grew",
    "while",
    "nodes",
    "were",
    "drained",
    "and",
    "a",
    "client",
    "retried",
    "each",
    "request",
    "until",
    "the",
    "pool",
    "was",
    "empty",
    "so",
    "that",
    "new",
    "pods",
    "could",
    "not",
    "start",
    "before",
    "the",
    "limit",
    "was",
    "raised",
    "by",
    "hand",
    "and",
    "the",
    "deploy",
    "was",
    "rolled",
    "back",
]


def made(number: int) -> str:
    """A document of the length and shape that public ones have, from a number alone."""
    draw = random.Random(number)

    def prose(words: int) -> str:
        text = [draw.choice(WORDS) for _ in range(words)]
        return "\n".join(" ".join(text[at : at + 14]) for at in range(0, words, 14)) + "."

    day = f"2026-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    minute = draw.randint(0, 600)
    rows, entries = [], []
    for _ in range(draw.randint(6, 30)):
        minute += draw.randint(1, 25)
        clock = f"{minute // 60:02}:{minute % 60:02}"
        rows.append(f"| {day} {clock} | {prose(draw.randint(6, 20)).replace(chr(10), ' ')} |")
        entries.append(f"- **{clock}** `pod-{minute}` {prose(draw.randint(6, 40))}")
    timeline = "| Time (UTC) | Event |\n| --- | --- |\n" + "\n".join(rows) if number % 2 else "\n".join(entries)
    items = "\n".join(
        f"- [ ] {prose(12)} [PR](https://github.com/acme/shop/pull/{n})" for n in range(draw.randint(2, 8))
    )
    return (
        f"# {day}, orders fail\n\n## Summary\n\n{prose(120)}\n\n"
        f"**Duration:** 10:00 to 11:{draw.randint(10, 59)} UTC (1h 20m)\n\n"
        f"## Timeline\n\nAll times in UTC.\n\n{timeline}\n\n## Root cause\n\n{prose(200)}\n\n```\n{prose(60)}\n```\n\n"
        f"## What went well\n\n{prose(60)}\n\n## Action items\n\n{items}\n\n## Lessons learned\n\n{prose(90)}\n"
    )


def texts(count: int, folder: str | None) -> list[str]:
    """So many texts, those of the folder again and again where one is given."""
    if folder is None:
        return [made(number) for number in range(count)]
    files = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    found = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    return [found[number % len(found)] for number in range(count)]


def parse(several: Sequence[str]) -> None:
    """What markdown-it-py alone takes: blocks and what stands in them."""
    parser = MarkdownIt("commonmark").enable("table")
    for text in several:
        parser.parse(text)


def examine(several: Sequence[str]) -> int:
    """What a check takes: every rule over every document; how many problems."""
    documents = [read_document(text, f"doc{number}.md") for number, text in enumerate(several)]
    return sum(len(one.problems) for one in check(documents, Context()))


def _alone(several: Sequence[str], found: multiprocessing.Queue[tuple[int, int]]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    problems = examine(several)
    assert before
    found.put((problems, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def main(count: int, folder: str | None) -> None:
    """Measure, and print."""
    several = texts(count, folder)
    examine(several[:5])
    rounds = []
    for _ in range(3):
        start = time.process_time()
        parse(several)
        middle = time.process_time()
        examine(several)
        rounds.append((middle - start, time.process_time() - middle))
    bare, whole = min(first for first, _ in rounds), min(second for _, second in rounds)
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[tuple[int, int]] = context.Queue()
    process = context.Process(target=_alone, args=(several, found))
    process.start()
    problems, most = found.get()
    process.join()
    size = sum(len(text.encode()) for text in several)
    print(f"{count} documents, {size / 1e6:.1f} MB, {problems} problems")
    print(f"markdown-it-py alone {bare:.2f} s, check {whole:.2f} s: {whole / bare:.2f} times")
    print(f"most memory of a process that only checks: {most / 1024:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2] if len(sys.argv) > 2 else None)
