"""All files of a status page: `site(page, messages)`."""

from __future__ import annotations

from collections.abc import Mapping

from respondby.letters.messages import OURS, Messages
from respondby.letters.status.api import api
from respondby.letters.status.badges import badges
from respondby.letters.status.feed import feed
from respondby.letters.status.pages import pages
from respondby.letters.status.saying import saying
from respondby.reports.status_page import StatusPage


def site(page: StatusPage, messages: Messages = OURS) -> Mapping[str, str]:
    """Texts by path. The same page, the same bytes."""
    said = saying(page, messages)
    found = dict(pages(said))
    found.update(api(said))
    found.update(badges(said))
    if page.publish.shows("incidents") or page.publish.shows("maintenance"):
        found["history.atom"] = feed(said)
    return dict(sorted(found.items()))
