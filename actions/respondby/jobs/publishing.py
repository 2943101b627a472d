"""The public status page made: from all issues to every file of it."""

from __future__ import annotations

from collections.abc import Mapping

from respondby.dataclass import dataclass
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.report_facts import ReportInput, report_input
from respondby.letters.messages import Messages
from respondby.letters.status.site import site
from respondby.reports.public_incidents import Withheld
from respondby.reports.status_page import StatusPage, publishes, status_page


@dataclass(frozen=True, slots=True)
class Published:
    """The page, its files by path, and what the maintainers should know: `remarks`, and cases that could not be read
    (`missing`), which are in no figure. `live` says that the desk is, so that the page may be seen.
    """

    page: StatusPage
    files: Mapping[str, str]
    live: bool
    remarks: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


def published(desk: Desk) -> Published:
    """The page as it is now. Raises NotPublished, NamesPrivate, NoPolicy and ForgeErrors."""
    return page_of(report_input(desk, publishes))


def page_of(given: ReportInput) -> Published:
    """The page of these facts."""
    page = status_page(given.facts)
    policy = given.facts.policy
    left_out = tuple(_said_of(one) for one in page.withheld)
    files = site(page, Messages.of(policy, given.in_force.files))
    return Published(page, files, policy.mode == "live", (*given.remarks, *left_out), given.facts.missing)


def _said_of(one: Withheld) -> str:
    if one.path:
        return f"{one.ref}: the link to {one.path} is left out, because {one.why}. Give the file another name."
    return f"{one.ref}: what was said for the public is left out, because {one.why}. Edit that comment, or say it anew."
