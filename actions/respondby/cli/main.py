"""`respondby`: the commands, each imported only when it is the one that runs.

Exit codes: 0 fine, 1 a check found problems, a run partly failed or not all could be printed, 2 wrong usage or
unreadable input.
A command's file exposes its click command as `command`.
"""

import errno
import importlib
import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import click

from respondby import __version__
from respondby.cli.errors import exit_code
from respondby.terminal import fitted, width

# name → (module, one line for the list of commands). The line stands here so that `--help` imports no command.
#: What a program that somebody interrupts ends with: 128 and the number of SIGINT.
INTERRUPTED = 130

COMMANDS: dict[str, tuple[str, str]] = {
    "alerts": ("respondby.cli.alerts", "Read another system's alert by its map."),
    "check": ("respondby.cli.check", "Validate policy, forms, scenarios and what else is checked in."),
    "comment": ("respondby.cli.comment", "Act on the comment of the event that started this run."),
    "completion": ("respondby.cli.completion", "Print what makes a shell complete these commands."),
    "cost": ("respondby.cli.cost", "What the desk's workflows cost a month."),
    "deadline": ("respondby.cli.deadline", "When a promise runs out, and why."),
    "doctor": ("respondby.cli.doctor", "Look at the repository and say what keeps its desk from working."),
    "duty": ("respondby.cli.duty", "The duties: what was last, what is open, what comes."),
    "enforce": ("respondby.cli.enforce", "One sweep over every open case."),
    "fleet": ("respondby.cli.fleet.group", "Many repositories, one desk."),
    "explain": ("respondby.cli.explain", "An issue's clocks: what started, paused and stopped them."),
    "impact": ("respondby.cli.impact", "What a change of the policy would have changed."),
    "init": ("respondby.cli.init", "Write a desk of your own into this repository."),
    "oncall": ("respondby.cli.oncall", "Who is on call, since when, until when."),
    "page": ("respondby.cli.page", "Call somebody as a test, by every channel that calls them."),
    "parse": ("respondby.cli.parse", "Read an issue's body by the form that made it."),
    "postmortem": ("respondby.cli.postmortem.group", "Post-mortems: check them, list them, follow them up."),
    "publish": ("respondby.cli.publish", "Write the public status page into a folder."),
    "queue": ("respondby.cli.queue", "What to answer next, by the time that is left."),
    "promises": ("respondby.cli.promises", "Each sentence of a document: what keeps it, what shows it."),
    "receive": ("respondby.cli.receive", "Record the dispatched event that started this run."),
    "related": ("respondby.cli.related", "Cases and post-mortems that are most like an issue."),
    "rehearse": ("respondby.cli.rehearse", "Play scenarios through the whole desk on this machine."),
    "report": ("respondby.cli.report", "What was promised and kept in a month, or since a day."),
    "sandbox": ("respondby.cli.sandbox", "A GitHub-compatible forge on this machine."),
    "swap": ("respondby.cli.swap", "Let somebody stand in: an entry in the rota's file."),
    "sync": ("respondby.cli.sync", "Bring forms, workflows and labels into step with the policy."),
    "try": ("respondby.cli.try_", "Who would be told what and when, if this request came."),
    "watch": ("respondby.cli.watch", "Stay awake for what is due soon, and act to the second."),
    "triage": ("respondby.cli.triage", "Act on the issue of the event that started this run."),
}


class _Formatter(click.HelpFormatter):
    """click's, but for a narrow terminal: what is explained there takes no more than a third of a line."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(list(rows), min(col_max, self.width // 3) if self.width < 60 else col_max, col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported on use."""

    context_class = _Context

    def __init__(self, *, table: dict[str, tuple[str, str]], prefix: str = "", **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]
        self.table, self.prefix = table, prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the alphabet's order."""
        return sorted(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None for a name that is in no table."""
        if cmd_name not in self.table:
            return None
        command = importlib.import_module(self.table[cmd_name][0]).command
        assert isinstance(command, click.Command), f"{self.table[cmd_name][0]}.command is no click command"
        from respondby.cli.examples import epilog

        command.context_class = _Context
        command.epilog = epilog(f"{self.prefix}{cmd_name}") or command.epilog
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context, which knows how wide the terminal is: click itself goes no lower than 50 columns."""
        return super().make_context(info_name, args, parent, **{"terminal_width": width(), **extra})

    def main(self, *args: Any, **extra: Any) -> Any:
        """The command line from its beginning to its end: what it printed has to have arrived."""
        if not extra.get("standalone_mode", True):
            return super().main(*args, **extra)
        _tell_our_output()
        code: str | int | None = 1
        try:
            try:
                super().main(*args, **extra)
            except SystemExit as ended:
                code = ended.code
            if sys.stdout is not None:
                sys.stdout.flush()
        except _Unprinted as lost:
            _lose(lost)
            code = code or 1
        raise SystemExit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error that `cli.errors` lists ends it with its text and its exit code."""
        try:
            return super().invoke(ctx)
        except click.ClickException as wrong:  # click says it, as it is
            said = "\n".join(fitted([f"Error: {wrong.format_message()}"], err=True)).removeprefix("Error: ")
            wrong.format_message = lambda: said  # type: ignore[method-assign]
            raise
        except KeyboardInterrupt:
            _say("interrupted")
            raise click.exceptions.Exit(INTERRUPTED) from None
        except Exception as error:
            code = exit_code(error)
            if code is None:
                raise
            _say(str(error))
            raise click.exceptions.Exit(code) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.table[name][1]) for name in self.list_commands(ctx)])


def _in_a_runner() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


class _Unprinted(OSError):
    """Standard output takes no more."""


class _Output(io.TextIOWrapper):
    """Standard output, whose errors are told from those of other files. What lies below is Python's own: where Ctrl-C
    came between the writing of a file of ours and the buffer's knowing of it, the same would be printed twice.
    """

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise _Unprinted(error.errno, error.strerror) from None

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise _Unprinted(error.errno, error.strerror) from None


def _tell_our_output() -> None:
    ours = sys.stdout
    if not isinstance(ours, io.TextIOWrapper) or ours is not sys.__stdout__:
        return  # closed, a test's, or done already
    ours.flush()
    raw = io.FileIO(ours.fileno(), "wb", closefd=False)
    sys.stdout = _Output(
        raw if ours.write_through else io.BufferedWriter(raw),  # as Python does it itself
        ours.encoding, ours.errors, line_buffering=ours.line_buffering, write_through=ours.write_through,
    )  # fmt: skip


def _lose(lost: _Unprinted) -> None:
    """Say that not all could be printed; but nothing where somebody has closed the pipe: `| head` has read what it
    wanted.
    """
    if lost.errno != errno.EPIPE:
        with suppress(OSError):  # standard error may lie on the same device
            _say(f"not all could be printed, for standard output takes no more: {lost.strerror}")
    # What is left over would be tried, and told of, once more as the interpreter ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say(problem: str) -> None:
    if not _in_a_runner():
        click.echo("\n".join(fitted(f"respondby: {problem}".split("\n"), err=True)), err=True)
        return
    from respondby.runner.commands import Annotation, annotate

    # On standard error, where the runner reads commands too: standard output may be somebody's JSON.
    annotate([Annotation("error", problem)], sys.stderr)


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print our version and those of the data that decide when promises are due."""
    if wanted and not context.resilient_parsing:
        from respondby.calendars.versions import time_data

        click.echo(f"respondby {__version__} ({time_data()})")
        context.exit()


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version, and those of the time zones and holidays, and exit.",
)  # fmt: skip
@click.pass_context
def main(context: click.Context) -> None:
    """A support desk on GitHub that keeps its promises.

    New here? `respondby rehearse` plays a day at a desk on this machine, `respondby init` writes one of your own.
    """
    if os.environ.get("NO_COLOR"):
        context.color = False
    if _in_a_runner():
        from respondby.runner.log import guard_standard_streams

        guard_standard_streams()
