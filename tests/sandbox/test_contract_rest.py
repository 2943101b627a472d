"""Every REST answer fits githubkit's model of its route, for the API version sent: nothing missing, nothing more.

githubkit calls the routes itself, so paths, methods and parameters are its own too.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from githubkit import GitHub, TokenAuthStrategy
from githubkit.exception import RequestFailed
from githubkit_schemas.v2026_03_10 import models
from githubkit_schemas.v2026_03_10.rest import RestNamespace
from tests.sandbox.calls import ANSWERED, BY_APPS, DESK, EMPTY, Calling, fill
from tests.sandbox.contract import dump, lost, unknown_fields
from tests.sandbox.test_contract_webhooks import HAPPENINGS

from respondby.sandbox.app import REST
from respondby.sandbox.server import Sandbox

MODELS_OF_EVENTS = {
    "labeled": models.LabeledIssueEvent,
    "unlabeled": models.UnlabeledIssueEvent,
    "assigned": models.TimelineAssignedIssueEvent,
    "unassigned": models.TimelineUnassignedIssueEvent,
    "renamed": models.RenamedIssueEvent,
    "locked": models.LockedIssueEvent,
    "commented": models.TimelineCommentEvent,
    "cross-referenced": models.TimelineCrossReferencedEvent,
    "milestoned": models.MilestonedIssueEvent,
    "demilestoned": models.DemilestonedIssueEvent,
    "transferred": models.StateChangeIssueEvent,
    "committed": models.TimelineCommittedEvent,
    "reviewed": models.TimelineReviewedEvent,
    "review_requested": models.ReviewRequestedIssueEvent,
    "review_request_removed": models.ReviewRequestRemovedIssueEvent,
    "review_dismissed": models.ReviewDismissedIssueEvent,
    **dict.fromkeys(
        (
            *("closed", "reopened", "unlocked", "comment_deleted", "marked_as_duplicate", "connected", "disconnected"),
            *("pinned", "unpinned"),
            *("merged", "ready_for_review", "convert_to_draft", "head_ref_deleted", "head_ref_force_pushed"),
        ),
        models.StateChangeIssueEvent,
    ),
}


@pytest.fixture(scope="module")
def lively() -> Iterator[Sandbox]:
    """A sandbox in which everything has happened on issues 1 and 2 that the routes can show."""
    with Sandbox() as running:
        fill(running)
        yield running


@pytest.fixture(scope="module")
def rest(lively: Sandbox) -> Iterator[RestNamespace]:
    auth = TokenAuthStrategy(lively.token("ann"))
    with GitHub(auth, base_url=lively.url, http_cache=False, auto_retry=False) as client:
        yield client.rest("2026-03-10")


# What an event is about is what a webhook tells of it, which test_contract_webhooks.py holds; the models know less.
_PAYLOAD = re.compile(r"\[\d+\]\.payload\.")
LISTS_OF_EVENTS = {"GET …/issues/{number:int}/events", "GET …/issues/{number:int}/timeline"}


@pytest.mark.parametrize("route", ANSWERED)
def test_an_answer_holds_all_that_its_model_requires_and_nothing_that_it_does_not_know(
    route: str, rest: RestNamespace
) -> None:
    response = ANSWERED[route](rest)

    assert response.json() != []
    found = lost(response.json(), dump(response.parsed_data))
    assert [field for field in found if not (route.endswith("/events") and _PAYLOAD.match(field))] == []


@pytest.mark.parametrize("route", EMPTY)
def test_an_answer_without_content_is_a_204(route: str, rest: RestNamespace) -> None:
    assert EMPTY[route](rest).status_code == 204


@pytest.mark.parametrize("kind", MODELS_OF_EVENTS)
def test_an_item_of_a_timeline_fits_the_model_that_its_event_names(kind: str, rest: RestNamespace) -> None:
    items = rest.issues.list_events_for_timeline(*DESK, 1).json()
    items += rest.issues.list_events_for_timeline(*DESK, 2).json()
    items += rest.issues.list_events_for_timeline(*DESK, 3, per_page=100).json()
    items += rest.issues.list_events_for_timeline(*DESK, 5).json()
    found = [item for item in items if item["event"] == kind]

    assert found
    assert [unknown_fields(MODELS_OF_EVENTS[kind], item) for item in found] == [[]] * len(found)


def test_an_issues_events_fit_the_model_of_an_event(rest: RestNamespace) -> None:
    items = rest.issues.list_events(*DESK, 1).json()
    unknown = {item["event"]: unknown_fields(models.IssueEvent, item) for item in items}

    assert {"assigned", "closed", "labeled", "renamed"} < set(unknown)
    # The model lacks what GitHub sends with a closing since it has reasons for one.
    assert {field for fields in unknown.values() for field in fields} == {".state_reason"}


@pytest.mark.parametrize(
    "status, calling",
    [
        (404, lambda rest: rest.issues.get(*DESK, 999)),
        (404, lambda rest: rest.repos.get("acme", "nothing")),
        (404, lambda rest: rest.issues.get_label(*DESK, "nothing")),
        (422, lambda rest: rest.issues.create(*DESK, title="")),
        (422, lambda rest: rest.issues.create_comment(*DESK, 1, body=" ")),
    ],
)
def test_a_refusal_fits_the_model_of_an_error(status: int, calling: Calling, rest: RestNamespace) -> None:
    with pytest.raises(RequestFailed) as refused:
        calling(rest)

    sent = refused.value.response.json()
    assert refused.value.response.status_code == status
    assert unknown_fields(models.ValidationError if status == 422 else models.BasicError, sent) in ([], [".status"])


def test_every_route_is_called_here(record_property: Callable[[str, object], None]) -> None:
    routes = {f"{method} {path}".replace("/repos/{owner}/{repo}", "…") for method, path, _ in REST}
    called = {name.partition(" (")[0] for name in (*ANSWERED, *EMPTY)} | LISTS_OF_EVENTS | BY_APPS

    assert (sorted(routes - called), sorted(called - routes)) == ([], [])
    record_property(
        "counted",
        f"The sandbox's contract: {len(routes)} routes; {len(ANSWERED)} answers, {len(EMPTY)} empty ones,"
        f" {len(MODELS_OF_EVENTS)} kinds of timeline items and {len(HAPPENINGS)} kinds of deliveries fit their models.",
    )
