"""A doctor finds each fault of a repository with its fix, and nothing in a healthy one; it writes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.doctor.clinic import FORM, NOW, POLICY, SUPPORT, Clinic, told
from tests.jobs import faults
from tests.jobs.faults import FAULTS, Break

from respondby.desk.keys import Secret, read_keys
from respondby.doctor import connection
from respondby.doctor.examining import FAMILIES, examine
from respondby.doctor.findings import Examined
from respondby.forge.standing import read_standing
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox


@pytest.fixture
def clinic(sandbox: Sandbox) -> Clinic:
    return Clinic(sandbox)


def test_in_a_healthy_repository_everything_is_fine_and_everything_was_looked_at(clinic: Clinic) -> None:
    health = clinic.health()
    assert told(health) == []
    looked_at = [name for name, _ in FAMILIES if name not in ("working copy", "queue", "elsewhere")]
    assert [finding.check for finding in health.findings] == ["clock", "rate limit", *looked_at]


def test_looking_writes_nothing(clinic: Clinic) -> None:
    clinic.build()
    before = clinic.sandbox.requests()[-1]["id"]
    examine(clinic.place())
    sent = clinic.sandbox.requests(before)
    writes = [(request["path"], request["status"]) for request in sent if request["method"] != "GET"]
    assert [write for write in writes if write[0] != "/graphql"] == [(f"/repos/{clinic.name}/labels", 422)]
    assert {request["operation"] for request in sent if request["path"] == "/graphql"} == {"Standing", "Files"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0].__name__)
def test_each_fault_is_found_with_its_fix_and_nothing_else_is_found(
    clinic: Clinic, fault: tuple[Break, str, str, str, str]
) -> None:
    does, level, check, says, fix = fault
    does(clinic)
    found = [finding for finding in clinic.health().findings if finding.level != "fine"]
    assert {finding.check for finding in found} == {check}
    meant = [finding for finding in found if says in finding.message]
    assert [(finding.level, fix in finding.fix) for finding in meant] == [(level, True)]


def test_many_faults_at_once_are_all_found(clinic: Clinic) -> None:
    done = [
        faults.shadow,
        faults.help_word,
        faults.stranger,
        faults.not_passed,
        faults.no_value,
        faults.no_key,
        faults.may_not_write,
        faults.no_triage,
        faults.failing,
        faults.clock,
    ]
    for fault in done:
        fault(clinic)
    clinic.edit(FORM, ("label: What?", "label: What then?"))
    expected = {fault[2] for fault in FAULTS if fault[0] in done} | {"forms"}
    assert {finding.check for finding in clinic.health().findings if finding.level != "fine"} == expected


@pytest.mark.parametrize(
    "grants, private, check, says",
    [
        ({"issues": "write"}, True, "permissions", "contents: read"),
        ({"contents": "read", "issues": "write"}, True, "schedule", "GitHub answered 403"),
    ],
    ids=["files of a private repository", "runs of a private repository"],
)
def test_what_a_private_repository_does_not_grant_is_told(
    sandbox: Sandbox, grants: dict[str, str], private: bool, check: str, says: str
) -> None:
    clinic = Clinic(sandbox, private=private)
    clinic.grants = grants
    (found,) = told(clinic.health())
    assert found.startswith(f"{check}: ")
    assert says in found


def test_in_a_private_repository_a_mention_calls_no_stranger_and_no_schedule_is_silenced(sandbox: Sandbox) -> None:
    clinic = Clinic(sandbox, private=True)
    faults.help_word(clinic)
    faults.quiet(clinic)
    health = clinic.health()
    assert told(health) == []
    assert any("hear nothing of it" in item for item in told(health, "fine"))


@pytest.mark.parametrize("word", ["ann", "acme"], ids=["one of the people", "the owner"])
def test_a_word_that_is_an_account_of_the_house_calls_no_stranger(clinic: Clinic, word: str) -> None:
    clinic.edit(SUPPORT, ("@acme-desk", f"@{word}"))
    assert told(clinic.health()) == []


def test_the_owners_own_word_is_found_though_logins_have_no_case(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("ann: {}", "Ann: {}"), ("[ann, bob]", "[Ann, bob]"))
    assert told(clinic.health()) == []


def test_a_folder_with_another_policy_is_told_which_one_counts(clinic: Clinic) -> None:
    clinic.working_copy = POLICY.replace("4h", "2h")
    health = clinic.health()
    assert told(health) == []
    assert any("goes by that of the default branch" in item for item in told(health, "fine"))
    clinic.working_copy = POLICY.replace("\n", "\r\n")
    assert "working copy" not in {finding.check for finding in examine(clinic.place()).findings}


def test_a_desk_that_begins_among_old_issues_is_told_of_since(clinic: Clinic) -> None:
    faults.never_ran(clinic)
    clinic.issues = [("2025-11-03T09:00:00Z", "Old"), ("2026-01-04T09:00:00Z", "New")]
    schedule, mode = told(clinic.health())
    assert schedule.startswith("schedule: ")
    assert "2 issues wait, the oldest since Mon 3 Nov 2025" in mode
    assert "`since: 2026-01-05`" in mode


def test_what_the_desk_opened_itself_is_no_request_that_waits(clinic: Clinic) -> None:
    faults.never_ran(clinic)
    clinic.issues = [("2026-01-03T09:00:00Z", "Old")]
    clinic.build()
    clinic.sandbox.clock("2026-01-02T10:00:00Z")
    token = clinic.sandbox.workflow_token(clinic.name, clinic.grants)
    status, _ = clinic.sandbox.call("POST", f"/repos/{clinic.name}/issues", token, {"title": "The log of Help desk"})
    clinic.sandbox.clock(clinic.now)
    assert status == 201
    assert any("1 issue waits since Sat 3 Jan 2026" in finding for finding in told(examine(clinic.place())))


def triaged(clinic: Clinic, key: Secret) -> None:
    """A repository in which the desk has written a card, signed with that key."""
    clinic.issues = [("2026-01-05T09:00:00Z", "Help")]
    clinic.build()
    run_event(Desk(clinic.client(clinic.grants), dict(clinic.secrets).get, key), "triage", 1)


def test_a_record_that_was_signed_with_another_key_is_an_error_and_names_where_that_one_belongs(clinic: Clinic) -> None:
    triaged(clinic, b"another key of enough characters")
    place = replace(clinic.place(), signing=read_keys((clinic.key or b"").decode(), None))
    (found,) = told(examine(place), "error")
    assert found.startswith("signing key: The record on #1 is signed with another key")
    assert "RESPONDBY_KEY_OLD" in found


def test_a_key_that_was_replaced_before_is_an_error_and_asks_for_a_new_one(clinic: Clinic) -> None:
    first, second = (clinic.key or b"").decode(), "another key of enough characters"
    triaged(clinic, read_keys(second, first))
    (found,) = told(examine(replace(clinic.place(), signing=read_keys(first, second))), "error")
    assert found.startswith("signing key: RESPONDBY_KEY is a key that this desk has replaced before")
    assert "openssl rand -hex 32" in found


def test_a_desk_that_has_just_got_its_key_is_fine(clinic: Clinic) -> None:
    triaged(clinic, None)
    place = replace(clinic.place(), signing=read_keys((clinic.key or b"").decode(), None))
    assert told(examine(place)) == []


def test_the_key_that_the_record_was_signed_with_is_fine(clinic: Clinic) -> None:
    triaged(clinic, clinic.key)
    assert told(examine(clinic.place())) == []


def test_no_secret_shows(clinic: Clinic) -> None:
    clinic.secrets = {"CHAT_URL": "hunter2"}
    triaged(clinic, b"another key of enough characters")
    said = str(examine(clinic.place()).to_json())
    assert "hunter2" not in said
    assert (clinic.key or b"").decode() not in said
    assert "ghs_" not in said


@pytest.mark.parametrize(
    "fault, check, says",
    [
        ({"do": {"status": 401}}, "connection", "does not know this token"),
        ({"do": {"status": 503}}, "connection", "GitHub answered 503"),
        ({"do": {"cut": True}}, "connection", "the connection was cut"),
    ],
)
def test_a_forge_that_does_not_answer_ends_it_with_one_error(
    clinic: Clinic, fault: dict[str, object], check: str, says: str
) -> None:
    clinic.build()
    clinic.sandbox.faults([{"match": {"path": "/rate_limit"}, **fault}])
    try:
        health = examine(clinic.place())
    finally:
        clinic.sandbox.clear_faults()
    (found,) = health.findings
    assert (found.level, found.check) == ("error", check)
    assert says in found.message


@pytest.mark.parametrize(
    "path, check",
    [
        (".*/assignees/.*", "people"),
        (".*/labels", "permissions"),
        (".*/actions/.*", "schedule"),
    ],
)
def test_what_cannot_be_looked_at_is_told_and_the_rest_is_looked_at(clinic: Clinic, path: str, check: str) -> None:
    clinic.build()
    clinic.sandbox.faults([{"match": {"path": path}, "do": {"status": 500}}])
    try:
        health = examine(clinic.place())
    finally:
        clinic.sandbox.clear_faults()
    (found,) = [finding for finding in health.findings if finding.level != "fine"]
    assert (found.level, found.check) == ("warning", check)
    assert {"policy", "workflows", "secrets", "signing key"} <= {finding.check for finding in health.findings}


def with_standing(clinic: Clinic, **different: Any) -> Examined:
    """A examined whose repository is different in something that the sandbox cannot be."""
    clinic.build()
    place = clinic.place()
    return Examined(place, replace(read_standing(place.client), **different), None, ())


@pytest.mark.parametrize(
    "different, level, says, fix",
    [
        ({"archived": True}, "error", "archived", "Unarchive"),
        ({"has_issues": False}, "error", "issues are turned off", "Features"),
        ({"repository": "acme/new-name"}, "warning", "called acme/new-name now", "GITHUB_REPOSITORY"),
    ],
)
def test_a_repository_that_takes_no_issues_is_told(
    clinic: Clinic, different: dict[str, Any], level: str, says: str, fix: str
) -> None:
    (found,) = connection.repository(with_standing(clinic, **different))
    assert (found.level, says in found.message, fix in found.fix) == (level, True, True)


def test_an_archived_repository_is_not_asked_whether_it_can_be_written(clinic: Clinic) -> None:
    examined = with_standing(clinic, archived=True)
    before = examined.place.client.requests
    assert list(connection.permissions(examined)) == []
    assert examined.place.client.requests == before


@pytest.mark.parametrize(
    "status, level, says",
    [(404, "error", "may not write issues (404"), (451, "warning", "could not be told (GitHub answered 451)")],
)
def test_an_answer_to_the_write_that_tells_nothing_says_so(clinic: Clinic, status: int, level: str, says: str) -> None:
    examined = with_standing(clinic)
    clinic.sandbox.faults([{"match": {"method": "POST", "path": ".*/labels"}, "do": {"status": status}}])
    try:
        (found,) = connection.permissions(examined)
    finally:
        clinic.sandbox.clear_faults()
    assert (found.level, says in found.message) == (level, True)


def test_a_server_without_limits_is_fine(clinic: Clinic) -> None:
    clinic.build()
    clinic.sandbox.faults([{"match": {"path": "/rate_limit"}, "do": {"status": 404}}])
    try:
        assert told(examine(clinic.place())) == []
    finally:
        clinic.sandbox.clear_faults()


def left(remaining: int) -> dict[str, object]:
    """What a token has left, as the forge says it."""
    resource = {"limit": 1000, "used": 1000 - remaining, "remaining": remaining, "reset": 1_767_607_200}
    return {"resources": {"core": resource, "graphql": {**resource, "remaining": 900}, "search": resource}}


@pytest.mark.parametrize(
    "remaining, level, looks_on",
    [(99, "warning", True), (0, "error", False)],
    ids=["little is left", "nothing is left, so nothing else is asked"],
)
def test_a_limit_that_runs_out_is_told(clinic: Clinic, remaining: int, level: str, looks_on: bool) -> None:
    clinic.build()
    clinic.sandbox.faults([{"match": {"path": "/rate_limit"}, "do": {"status": 200, "body": left(remaining)}}])
    try:
        health = examine(clinic.place())
    finally:
        clinic.sandbox.clear_faults()
    (found,) = [finding for finding in health.findings if finding.level != "fine"]
    assert (found.level, found.check) == (level, "rate limit")
    assert f"Only {remaining} of 1000 requests are left until Mon 5 Jan 2026, 10:00 (UTC)" in found.message
    assert ("policy" in {finding.check for finding in health.findings}) is looks_on


def test_a_repository_that_is_not_there_is_told(sandbox: Sandbox, clinic: Clinic) -> None:
    sandbox.clock(NOW)
    sandbox.repo("acme", clinic.name.partition("/")[2] + "-other", files={})
    clinic.name += "-other"
    place = clinic.place()
    place.client.repository = "acme/nothing"
    (found,) = told(examine(place))
    assert found.startswith("connection: acme/nothing is not there")


INTERNAL = "internal: { repository: acme/%s, token: TALK_TOKEN }\n"
ELSEWHERE = {
    "all is well": (True, "MEMBER", None, ["fine Companions stand in acme/%s."]),
    "a public repository": (False, "MEMBER", None, ["error Everybody can read acme/%s, which `internal` names"]),
    "a stranger's token": (True, None, None, ["error acme/%s cannot be read with TALK_TOKEN"]),
    "a token that may not write": (True, "MEMBER", {"issues": "read"}, ["error The token in TALK_TOKEN may not write"]),
}


@pytest.mark.parametrize("private, place, grants, says", ELSEWHERE.values(), ids=ELSEWHERE)
def test_where_companions_stand_is_looked_at_with_its_own_token(
    clinic: Clinic, private: bool, place: str | None, grants: dict[str, str] | None, says: list[str]
) -> None:
    name = f"talk-{clinic.name.rpartition('-')[2]}"
    clinic.sandbox.repo("acme", name, private=private)
    clinic.sandbox.user("acme-desk")
    if place is not None:
        clinic.sandbox.member(f"acme/{name}", "acme-desk", place)
    token = clinic.sandbox.token("acme-desk", grants, f"acme/{name}" if grants else None)
    clinic.files[SUPPORT] += INTERNAL % name
    for path in [path for path in clinic.files if "workflows" in path]:
        secret = "CHAT_URL: ${{ secrets.CHAT_URL }}\n"
        if secret in clinic.files[path]:
            clinic.edit(path, (secret, f"{secret}          TALK_TOKEN: ${{{{ secrets.TALK_TOKEN }}}}\n"))
    clinic.secrets = {**clinic.secrets, "TALK_TOKEN": token}
    found = [finding for finding in clinic.health().findings if finding.check == "elsewhere"]
    assert [
        f"{finding.level} {finding.message}"[: len(one)] for finding, one in zip(found, wanted(says, name), strict=True)
    ] == wanted(says, name)
    assert all(token not in finding.message + finding.fix for finding in found)


def wanted(says: list[str], name: str) -> list[str]:
    return [one % name if "%s" in one else one for one in says]


def of_the_queue(clinic: Clinic) -> list[tuple[str, str, str]]:
    found = examine(clinic.place()).findings
    return [(one.level, one.message, one.fix) for one in found if one.check == "queue"]


def queued(clinic: Clinic, how: str = "{}") -> None:
    clinic.files[SUPPORT] = f"{clinic.files[SUPPORT]}queue: {how}\n"
    clinic.build()


def test_a_queue_that_is_pinned_is_found_by_its_mark(clinic: Clinic) -> None:
    queued(clinic)
    fix = "The next sweep opens and pins it where there is none; what somebody unpinned is pinned again by hand."
    assert of_the_queue(clinic) == [("warning", "Its issue is not pinned.", fix)]
    sweep(Desk(clinic.client(clinic.grants), lambda _: None, clinic.key))
    assert of_the_queue(clinic) == [("fine", "Kept in #1, on top of the list.", "")]


def test_three_others_leave_no_place_for_the_queue(clinic: Clinic) -> None:
    clinic.issues = [("2026-01-04T09:00:00Z", f"What to answer next {number}") for number in range(3)]
    queued(clinic)
    for number in (1, 2, 3):
        node = clinic.act("ann", "GET", f"/issues/{number}")["node_id"]
        query = f'mutation {{ pinIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}'
        assert "errors" not in clinic.sandbox.call("POST", "/graphql", clinic.sandbox.token("ann"), {"query": query})[1]
    assert of_the_queue(clinic) == [
        (
            "warning",
            "Its issue cannot be pinned: #1, #2, #3 are, and GitHub allows 3.",
            "Unpin one of them, or write `queue: { pinned: false }`.",
        )
    ]


def test_a_queue_that_is_not_to_be_pinned_is_fine(clinic: Clinic) -> None:
    queued(clinic, "{ pinned: false }")
    message = "Kept in an issue that is not pinned, as the policy says."
    assert of_the_queue(clinic) == [("fine", message, "")]
