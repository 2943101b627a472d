"""What it costs to read a hostile request, as a multiple of markdown-it-py's own time on it. A script, not a test.

    python tests/bench/reading_requests.py [--runs N]

Each body fills an issue (65,536 characters) with what parsers find hard, and with commands or mentions in it, so that
nothing can be skipped. Measured on one process of one machine: parsing the answers and reading the commands of the
body, beside `MarkdownIt("commonmark")` with tables on the same text. Asked for: at most twice that.

A comment's way to its reaction is counted in requests too: at most 7.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from respondby.desk import commands
from respondby.desk.answers import parse, policy_fields
from respondby.desk.speech import Speech
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
PROCESS = ROOT / "docs/processes/priorities-and-help"
SIZE = 65_536


def policy() -> Policy:
    """The process that this is measured with."""
    rota = "rota/on-call.yml"
    return load((PROCESS / "support.yml").read_text(), files={rota: (PROCESS / rota).read_text()})


def filled(piece: str, start: str = "") -> str:
    """As much of a piece as fits into an issue."""
    return (start + piece * (SIZE // len(piece) + 1))[:SIZE]


def bodies(labels: list[str]) -> dict[str, str]:
    """What is hard to read, by what it is."""
    form = "".join(f"### {label}\n\nsomething\n\n" for label in labels)
    return {
        "a form and prose": filled("Nothing to see here, move along. @help\n\n", form),
        "one long line": filled("word @help ", form),
        "every line a command": filled("/close\n", form),
        "every paragraph a command": filled("/close\n\n", form),
        "every line a mention": filled("@help me\n\n", form),
        "each heading many times": filled(f"{form}@help\n\n"),
        "one heading many times": filled(f"### {labels[0]}\n\n@help\n\n"),
        "headings without blank lines": filled(f"### {labels[0]}\n### {labels[1]}\n@help\n"),
        "quotes in quotes": filled("> " * 40 + "@help\n", form),
        "lists in lists": filled("".join(f"{'  ' * depth}- @help\n" for depth in range(20)), form),
        "brackets": filled("[" * 100 + "@help ", form),
        "links": filled("[@help](https://example.com/@help) @help ", form),
        "images": filled("![@help](x) @help ", form),
        "backticks": filled("".join("`" * length + " @help " for length in range(1, 60)), form),
        "emphasis": filled("*a _b **@help ", form),
        "fences": filled("```\n@help\n~~~\n", form),
        "html tags": filled("<code><a><q>@help", form),
        "html comments": filled("<!-- @help --> @help\n\n", form),
        "entities": filled("&amp;&#64;help @help ", form),
        "escapes": filled("\\@help\\` @help ", form),
        "addresses": filled("https://a.example/@help www.x.example @help ", form),
        "tables": filled("| @help | b |\n| --- | --- |\n| @help | /close |\n\n", form),
        "reference links": filled("[a]: https://example.com\n[a] @help\n\n", form),
        "invisible characters": filled("\u200b\u202e@\u200bhelp @help\u2060 ", form),
        "line ends of all kinds": filled("@help\r\n/close\r@help\n", form),
        "check boxes": filled("- [x] @help\n- [ ] /close\n", form),
        "indented code": filled("    @help\n\n/close\n\n", form),
        "unclosed things": filled("<a [ ` ![ *_ @help ", form),
    }


def quickest(times: int, *works: Callable[[], object]) -> list[float]:
    """Seconds of the quickest run of each, taken in turn: what else runs on the machine only makes runs slower."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, seconds in zip(works, found, strict=True):
            begin = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begin)
    return [min(seconds) for seconds in found]


def main() -> None:
    """Measure and print, the worst last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured (5)")
    runs = parser.parse_args().runs
    desk = policy()
    speech = Speech(desk)
    form = next(form for form in desk.forms.values() if form.name and len(form.ask) > 1)
    fields = policy_fields(desk, form)
    theirs = MarkdownIt("commonmark").enable("table")
    rows = []
    for name, body in bodies([field.label for field in fields]).items():

        def ours(body: str = body) -> None:
            commands._said.cache_clear()  # a body is read once in a run
            parse(fields, body)
            speech.only_commands(body)
            list(speech.lines(body))

        base, own = quickest(runs, lambda body=body: theirs.parse(body), ours)  # type: ignore[misc]
        ratio = own / base
        rows.append(ratio)
        print(f"{name:<32}{ratio:6.2f}x  of {base * 1000:7.1f} ms", flush=True)
    print(f"{'worst':<32}{max(rows):6.2f}x  (asked: 2)")


if __name__ == "__main__":
    main()
