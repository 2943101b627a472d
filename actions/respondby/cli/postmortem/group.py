"""`respondby postmortem …`: its commands, each imported only when it is the one that runs."""

from __future__ import annotations

import click

from respondby.cli.main import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("respondby.cli.postmortem.check", "What is wrong with post-mortems, ours and anybody's."),
    "draft": ("respondby.cli.postmortem.draft", "Print an incident's post-mortem as far as facts go."),
    "follow-up": ("respondby.cli.postmortem.follow_up", "The action items that are still open."),
    "index": ("respondby.cli.postmortem.index", "Write docs/incidents/README.md from the documents."),
    "rules": ("respondby.cli.postmortem.rules", "The rules, with what each reports."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def command() -> None:
    """Post-mortems in docs/incidents: checked, listed, followed to their last action item."""
