"""What `check` says on a pull request that touches rotas, overrides or absences: who gains and who loses which shifts.

A pull request from a fork has a token that only reads, so this speaks through the step summary and a notice. The two
versions come from git, where the checkout has them: HEAD's first parent where HEAD is the merge that GitHub made, else
the commit that the event names as the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from respondby.calendars.instants import Instant
from respondby.policy.text.problems import PolicyError
from respondby.runner.commands import Annotation


def shift_notes(paths: Iterable[Path], now: Instant, environ: Mapping[str, str]) -> tuple[list[str], list[Annotation]]:
    """Markdown and annotations for each of these policies whose shifts change; nothing where this is no pull request.

    A policy that does not load is left to the problems that were found in it.
    """
    if environ.get("GITHUB_EVENT_NAME") != "pull_request":
        return [], []
    markdown: list[str] = []
    notes: list[Annotation] = []
    for path in paths:
        for text, note in _notes(path, now, environ):
            markdown += [text] if text else []
            notes.append(note)
    return markdown, notes


def _notes(path: Path, now: Instant, environ: Mapping[str, str]) -> Iterator[tuple[str, Annotation]]:
    from respondby.cli.base_policy import NoSuchCommit, policy_at
    from respondby.cli.output.shift_changes import changes_markdown, headline
    from respondby.cli.policy_files import read_named, read_text
    from respondby.policy.loading.loader import load
    from respondby.policy.people.roster import holiday_calendar, shift_changes

    try:
        text = read_text(path)
        after = load(text, path=str(path), files=read_named(path, text))
    except PolicyError:
        return
    if not after.rotas:
        return
    base = _base(path, environ)
    try:
        before = policy_at(base, path) if base else None
    except NoSuchCommit as missing:
        yield (
            "",
            Annotation(
                "warning",
                f"Whose shifts this changes cannot be told: {missing} In a workflow, check out with `fetch-depth: 2`.",
                str(path),
            ),
        )
        return
    except PolicyError:
        yield (
            "",
            Annotation(
                "notice",
                "Whose shifts this changes cannot be told: the policy that it changes does not load.",
                str(path),
            ),
        )
        return
    changes = shift_changes(before, after, now, calendar=holiday_calendar(after))
    if changes["rotas"]:
        yield changes_markdown(changes), Annotation("notice", headline(changes), str(path), title="shifts")


def _base(path: Path, environ: Mapping[str, str]) -> str | None:
    from respondby.cli.base_policy import proposed_base
    from respondby.runner.event import EventProblem

    try:
        return proposed_base(path, environ)
    except EventProblem as problem:
        raise click.UsageError(str(problem)) from None
