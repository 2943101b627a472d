"""`respondby postmortem …`: its commands, each imported only when it is the one that runs."""

from __future__ import annotations

import os

import click

from respondby.cli.main import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("respondby.cli.postmortem.check", "What is wrong with post-mortems, ours and anybody's."),
    "draft": ("respondby.cli.postmortem.draft", "Print an incident's post-mortem as far as facts go."),
    "follow-up": ("respondby.cli.postmortem.follow_up", "The action items that are still open."),
    "index": ("respondby.cli.postmortem.index", "Write docs/incidents/README.md from the documents."),
    "rules": ("respondby.cli.postmortem.rules", "The rules, with what each reports."),
}


@click.group(cls=LazyGroup, table=COMMANDS, prefix="postmortem ", invoke_without_command=True)
@click.option("--dry-run", envvar="RESPONDBY_DRY_RUN", is_flag=True, help="As a job: say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="As a job: print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, dry_run: bool, as_json: bool) -> None:
    """Post-mortems in docs/incidents: drafted, checked, listed, followed to their last action item.

    Without a command, in a job of the repository: open one pull request with the draft of each resolved incident that
    owes a post-mortem, and bring the facts in those that are open up to date.
    """
    if context.invoked_subcommand is not None:
        return
    if not os.environ.get("GITHUB_REPOSITORY"):
        click.echo(context.get_help())
        return
    from respondby.cli.running import desk, finish
    from respondby.jobs.post_mortems import propose_all

    environment, made = desk(os.environ)
    finish(environment, propose_all(made, dry=dry_run), as_json=as_json)
