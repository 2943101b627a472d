"""The desk's log as people read it: customers may, so it names nobody."""

from __future__ import annotations

import pytest

from respondby.desk.log import Entry, Log
from respondby.letters.log import render_entries
from respondby.policy.loading.loader import load

POLICY = load("version: 1\ndesk: Example\ntimezone: UTC\n")


@pytest.mark.parametrize(
    "entry, shown",
    [
        (
            Entry("page test", "tess", "1", 0, "", {"chat": "the secret CHAT_TESS is not set", "pager": "ok"}),
            "| Thu 1 Jan 1970, 00:00 (UTC) | a test page was placed | chat: –, pager: ok |",
        ),
        (
            Entry("dispatch", "backup-done", "run 1", 0, "tess", {"product": "shop"}),
            "| Thu 1 Jan 1970, 00:00 (UTC) | another system reported | backup-done, product: shop |",
        ),
    ],
)
def test_an_entry_says_what_was_and_nothing_of_whom(entry: Entry, shown: str) -> None:
    text = render_entries(Log([entry]), POLICY, "<!-- m -->")
    assert shown in text
    assert "tess" not in text.lower()
