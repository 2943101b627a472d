"""The runs that the desk's workflows made: all of them, and one with its log and summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from respondby.playground.web.annotations import log_lines
from respondby.playground.web.serving import Asked, Handler, Reply, Wrong
from respondby.playground.web.site import HERE, Site

_DID = {
    ("issues", "opened"): "An issue was opened",
    ("issues", "edited"): "An issue was edited",
    ("issues", "closed"): "An issue was closed",
    ("issues", "reopened"): "An issue was reopened",
    ("issues", "labeled"): "A label was added",
    ("issues", "unlabeled"): "A label was removed",
    ("issues", "assigned"): "Somebody was assigned",
    ("issues", "unassigned"): "Somebody was unassigned",
    ("issue_comment", "created"): "Somebody commented",
    ("issue_comment", "edited"): "A comment was edited",
    ("issue_comment", "deleted"): "A comment was deleted",
    ("schedule", ""): "Scheduled sweep",
    ("pull_request", "synchronize"): "A proposal was checked",
    ("pull_request", "opened"): "A proposal was opened",
    ("repository_dispatch", ""): "Another system called",
}


def routes(site: Site) -> Iterator[tuple[str, str, Handler]]:
    """The routes of this file."""

    def runs(asked: Asked) -> Reply:
        found = [_headed(run) for run in site.game.kept.runs()]
        skipped = site.game.skipped()
        return site.page("runs.html", asked, title="Runs", tab="runs", runs=found, skipped=skipped)

    def run(asked: Asked) -> Reply:
        found = site.game.kept.run(asked.number())
        if found is None:
            raise Wrong(404, f"There is no run {asked.number()}.")
        return site.page(
            "run.html", asked, title=f"Run {found['number']}", tab="run", run=_headed(found),
            lines=list(log_lines(found["log"])), calls=site.game.kept.calls_of(found["number"]),
        )  # fmt: skip

    yield "GET", HERE + "/actions", runs
    yield "GET", HERE + "/actions/runs/{number:int}", run


def _headed(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run with its heading, and why it ran."""
    event, action = run["event"], run["action"]
    words = _DID.get((event, action)) or _DID.get((event, "")) or f"{event.replace('_', ' ').capitalize()}: {action}"
    about = f" #{run['issue']}" if run["issue"] else ""
    job = "Post-mortems looked at" if run["workflow"] == "postmortem.yml" and event == "schedule" else words
    why = (
        event if event == "schedule" else f"{event.replace('_', ' ')}{f' {action}' if action else ''} by {run['actor']}"
    )
    return {**run, "words": f"{job}{about}", "why": why}
