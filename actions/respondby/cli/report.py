"""`respondby report`: what was promised and what was kept, in a month; or what has been since a day, for a meeting."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import click

from respondby.cli.running import desk
from respondby.cli.writing import say, writing
from respondby.policy.model.duties import ReportKind

_FORMS = {"markdown": "md", "html": "html", "csv": "csv", "json": "json"}
_KINDS: tuple[ReportKind, ...] = get_args(ReportKind)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="A calendar month; without it the last one that is over.")
@click.option("--since", metavar="DATE", help="What has been since then, on a page, for a status meeting.")
@click.option("--product", metavar="NAME", help="Only what concerns this product, in its own zone.")
@click.option("--customer", metavar="NAME", help="Only what this customer asked for, in their zone and language.")
@click.option("--kind", type=click.Choice(_KINDS), default="monthly", show_default=True, help="What it is about.")
@click.option("--as", "form", type=click.Choice(list(_FORMS)), default="markdown", show_default=True, help="Its form.")
@click.option("--language", metavar="TAG", help="The language that it speaks; without it the desk's own.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Write every form into this folder instead."
)
@click.option("--due", envvar="RESPONDBY_DUE", is_flag=True, help="As a job: make the reports that duties ask for.")
@click.option("--dry-run", envvar="RESPONDBY_DRY_RUN", is_flag=True, help="With `--due`: say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="The same as `--as json`.")
def command(
    month: str | None,
    since: str | None,
    product: str | None,
    customer: str | None,
    kind: ReportKind,
    form: str,
    language: str | None,
    into: Path | None,
    *,
    due: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say what was promised and what was kept.

    Every figure comes from the issues, and leads to them. A month that is over always gives the same bytes.
    """
    if due:
        _make_due(dry=dry_run, as_json=as_json)
        return
    if month is not None and since is not None:
        raise click.UsageError("`--month` and `--since` do not go together: a report is of a month, or since a day.")
    from respondby.calendars.errors import TimeError
    from respondby.cli.progress import showing
    from respondby.jobs.report_facts import report_input
    from respondby.jobs.reporting import Asked, meeting_report, month_report

    _, made = desk(os.environ)
    with showing(made.client, quiet=as_json or form == "json"):
        given = report_input(made)
    policy = given.facts.policy
    known_name("--product", product, given.facts.products)
    known_name("--customer", customer, policy.customers)
    asked = Asked(kind, product, customer, language)
    try:
        written = meeting_report(given, asked, since) if since is not None else month_report(given, asked, month)
    except TimeError as error:
        raise click.BadParameter(str(error), param_hint="--month" if since is None else "--since") from None
    say(given.remarks, err=True)
    if into is not None:
        with writing(into):
            into.mkdir(parents=True, exist_ok=True)
            for ending, text in written.texts.items():
                (into / f"{written.name}.{ending}").write_text(text, encoding="utf-8", newline="")
        click.echo(f"{written.title}: {into / written.name} ({', '.join(written.texts)})", err=as_json)
    if into is None or as_json:
        click.echo(written.texts["json" if as_json else _FORMS[form]], nl=False)
    if given.facts.missing:
        say((f"{ref} could not be read, and is in no figure: {why}" for ref, why in given.facts.missing), err=True)
        raise click.exceptions.Exit(1)


def _make_due(*, dry: bool, as_json: bool) -> None:
    from respondby.cli.progress import showing
    from respondby.cli.running import finish
    from respondby.jobs.report_duties import run_reports

    environment, made = desk(os.environ)
    with showing(made.client, quiet=as_json):
        report = run_reports(made, dry=dry)
    finish(environment, report, as_json=as_json)


def known_name(option: str, name: str | None, names: Iterable[str]) -> None:
    """Refuse a name that the policy does not have. Raises click.BadParameter, which lists those that it has."""
    if name is not None and name not in (known := list(names)):
        said = ", ".join(known) or "none"
        raise click.BadParameter(f"the policy has no `{name}`; it has {said}", param_hint=option)
