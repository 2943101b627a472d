"""The desk's pull requests as another client reads them, which checks each answer against GitHub's own models."""

from __future__ import annotations

import base64

import pytest
from githubkit import GitHub, TokenAuthStrategy
from tests.jobs.desk import Repository
from tests.jobs.test_action_items import ALERT, DOCUMENT, FOLLOWED, PAGE, WEEK, document
from tests.jobs.test_merges import with_incident
from tests.jobs.test_post_mortems import BRANCH, PATH, run

from respondby.postmortems.document.document import read_document
from respondby.sandbox.server import Sandbox


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    return with_incident(sandbox, FOLLOWED)


def test_the_draft_and_the_weekly_one_are_read_with_their_files_and_reviewers(repository: Repository) -> None:
    assert run(repository).requests <= 1 + 8
    owner, _, name = repository.name.partition("/")
    auth = TokenAuthStrategy(repository.sandbox.token("ann"))
    with GitHub(auth, base_url=repository.sandbox.url, http_cache=False, auto_retry=False) as client:
        rest = client.rest
        pull = rest.pulls.get(owner, name, 2).parsed_data
        assert (pull.title, pull.head.ref, pull.base.ref, pull.state) == (
            "Post-mortem of #1: Help",
            BRANCH,
            "main",
            "open",
        )
        assert (pull.user.login, pull.mergeable, pull.changed_files) == ("github-actions[bot]", True, 2)
        assert [person.login for person in pull.requested_reviewers or []] == ["ann"]
        files = rest.pulls.list_files(owner, name, 2).parsed_data
        assert [(file.filename, file.status) for file in files] == [
            (PATH, "added"),
            ("docs/incidents/README.md", "added"),
        ]
        held = rest.repos.get_content(owner, name, PATH, ref=BRANCH).parsed_data
        text = base64.b64decode(held.content).decode()  # type: ignore[union-attr]
        assert read_document(text, PATH).incidents == (repository.case().url,)
        merged = rest.pulls.merge(owner, name, 2).parsed_data
        assert merged.merged
        repository.sandbox.files(repository.name, {DOCUMENT: document(repository, ALERT + PAGE), PATH: None})
        run(repository)
        weekly = next(one for one in rest.pulls.list(owner, name).parsed_data if one.head.ref == WEEK)
        assert weekly.title == "Action items: what became of them"
        assert "follows “Alert on the queue”." in (weekly.body or "")
        items = [
            one
            for one in rest.issues.list_for_repo(owner, name).parsed_data
            if "respondby:begin item" in (one.body or "")
        ]
        assert sorted(one.title for one in items) == ["Alert on the queue", "Show a page"]
        rows = rest.repos.get_content(owner, name, DOCUMENT, ref=WEEK).parsed_data
        written = read_document(base64.b64decode(rows.content).decode(), DOCUMENT)  # type: ignore[union-attr]
        assert {item.issue for item in written.items} == {one.html_url for one in items}
