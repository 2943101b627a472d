"""A doctor finds each fault of a repository with its fix, and nothing in a healthy one; it writes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.jobs.clinic import (
    COMMENT,
    ENFORCE,
    FORM,
    NOW,
    POLICY,
    SUPPORT,
    TRIAGE,
    Clinic,
    runs,
    told,
)

from respondby.jobs.health.examining import FAMILIES, examine
from respondby.jobs.runs import Desk, run_event
from respondby.sandbox.server import Sandbox


@pytest.fixture
def clinic(sandbox: Sandbox) -> Clinic:
    return Clinic(sandbox)


def test_in_a_healthy_repository_everything_is_fine_and_everything_was_looked_at(clinic: Clinic) -> None:
    health = clinic.health()
    assert told(health) == []
    looked_at = [name for name, _ in FAMILIES if name != "working copy"]
    assert [finding.check for finding in health.findings] == ["clock", "rate limit", *looked_at]


def test_looking_writes_nothing(clinic: Clinic) -> None:
    clinic.build()
    before = clinic.sandbox.requests()[-1]["id"]
    examine(clinic.place())
    sent = clinic.sandbox.requests(before)
    writes = [(request["path"], request["status"]) for request in sent if request["method"] != "GET"]
    assert [write for write in writes if write[0] != "/graphql"] == [(f"/repos/{clinic.name}/labels", 422)]
    assert {request["operation"] for request in sent if request["path"] == "/graphql"} == {"Standing"}


def no_policy(clinic: Clinic) -> None:
    del clinic.files[SUPPORT]


def broken_policy(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("clocks:", "clokcs:"))


def policy_without_sense(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("{ ann: {}, bob: {} }", "{ ann: {}, bob: {}, cid: {} }"))
    clinic.members = ("ann", "bob", "cid")


def shadow(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("version: 1\n", "version: 1\nmode: shadow\n"))


def off(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("version: 1\n", "version: 1\nmode: off\n"))


def not_yet(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("version: 1\n", "version: 1\nsince: 2026-02-01\n"))


def muted(clinic: Clinic) -> None:
    mute = "mute: [{ from: 2026-01-05T08:00, until: 2026-01-05T12:00, why: Moving house }]"
    clinic.edit(SUPPORT, ("version: 1\n", f"version: 1\n{mute}\n"))


def other_form(clinic: Clinic) -> None:
    clinic.edit(FORM, ("label: What?", "label: What then?"))


def left_over_form(clinic: Clinic) -> None:
    clinic.files[FORM.replace("question", "old")] = "name: Old\n"


def no_labels(clinic: Clinic) -> None:
    clinic.labels = False


def renamed_value(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("{ high: High,", "{ urgent: Urgent,"))
    clinic.edit(FORM, ("- High", "- Urgent"))


def nobody(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("bob", "bobb"))


def stranger(clinic: Clinic) -> None:
    clinic.members, clinic.users = ("ann",), ("bob",)


def help_word(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("@acme-desk", "@help"))
    clinic.users = ("help",)


def not_passed(clinic: Clinic) -> None:
    clinic.edit(COMMENT, ("          CHAT_URL: ${{ secrets.CHAT_URL }}\n", ""))


def no_value(clinic: Clinic) -> None:
    clinic.secrets = {}


def from_a_laptop(clinic: Clinic) -> None:
    clinic.secrets, clinic.key, clinic.in_runner = {}, None, False


def no_key(clinic: Clinic) -> None:
    clinic.key = None


def short_key(clinic: Clinic) -> None:
    clinic.key = b"key"


def may_not_write(clinic: Clinic) -> None:
    clinic.grants = {"contents": "read", "issues": "read"}


def no_triage(clinic: Clinic) -> None:
    del clinic.files[TRIAGE]


def comments_may_not_write(clinic: Clinic) -> None:
    clinic.edit(COMMENT, ("issues: write", "issues: read"))


def grants_nothing(clinic: Clinic) -> None:
    text = clinic.files[COMMENT]
    start, end = text.index("    permissions:\n"), text.index("    steps:\n")
    clinic.files[COMMENT] = text[:start] + text[end:]


def default_grants(clinic: Clinic) -> None:
    grants_nothing(clinic)
    clinic.edit(COMMENT, ("permissions: {}\n\n", ""))


def no_sweep(clinic: Clinic) -> None:
    del clinic.files[ENFORCE]


def no_schedule(clinic: Clinic) -> None:
    text = clinic.files[ENFORCE]
    clinic.files[ENFORCE] = text[: text.index("  schedule:\n")] + text[text.index("  workflow_dispatch:\n") :]


def bad_cron(clinic: Clinic) -> None:
    clinic.edit(ENFORCE, ("2-59/5 * * * *", "2-99/5 * * * *"))


def silenced(clinic: Clinic) -> None:
    clinic.state = "disabled_inactivity"


def disabled(clinic: Clinic) -> None:
    clinic.state = "disabled_manually"


def never_ran(clinic: Clinic) -> None:
    clinic.runs = []


def failing(clinic: Clinic) -> None:
    clinic.runs = [*runs("08:47"), ("2026-01-05T08:57:00Z", "failure"), ("2026-01-05T09:04:00Z", "timed_out")]


def overdue(clinic: Clinic) -> None:
    clinic.runs = runs("02:57", "03:04")


def silent(clinic: Clinic) -> None:
    clinic.now = "2026-01-07T09:10:00Z"


def late(clinic: Clinic) -> None:
    clinic.runs = runs("03:02", "05:47", "09:04")


def quiet(clinic: Clinic) -> None:
    clinic.now = "2026-02-20T09:10:00Z"
    clinic.runs = [("2026-02-20T09:04:00Z", "success")]


def clock(clinic: Clinic) -> None:
    clinic.ahead = -7200.0


Break = Callable[[Clinic], None]

#: What was done; then how bad it is, where it shows, what is said of it, and what to do.
FAULTS: list[tuple[Break, str, str, str, str]] = [
    (no_policy, "error", "policy", "There is no .github/support.yml", "Write one and merge it"),
    (broken_policy, "error", "policy", "Line 11", "`respondby check`"),
    (policy_without_sense, "warning", "policy", "`cid` is in no role", "Put this person into a role"),
    (shadow, "warning", "mode", "writes nothing", "`mode: live`"),
    (off, "warning", "mode", "does nothing at all", "`mode: live`"),
    (not_yet, "warning", "mode", "from 2026-02-01T00:00:00Z on", "Mend the date"),
    (muted, "warning", "mode", "until 2026-01-05T12:00:00Z: Moving house", "out of `mute`"),
    (other_form, "error", "forms", "question.yml", "`respondby sync --forms`"),
    (left_over_form, "warning", "forms", "old.yml", "delete the file"),
    (no_labels, "warning", "labels", "4 labels are missing: type/question, priority/high", "`respondby sync --labels`"),
    (renamed_value, "warning", "labels", "priority/high (perhaps priority/urgent)", "--rename OLD=NEW"),
    (nobody, "error", "people", "1 login is nobody's: bobb", "spelling"),
    (stranger, "warning", "people", "bob cannot be assigned", "triage is enough"),
    (help_word, "warning", "@words", "`@help` is an account of somebody else", "`@acme-help`, or to `/help`"),
    (not_passed, "error", "secrets", "comment.yml", "`respondby sync --workflows`"),
    (no_value, "error", "secrets", "1 secret is not set, or not passed to this step: CHAT_URL", "Settings → Secrets"),
    (from_a_laptop, "warning", "secrets", "cannot be seen from here: CHAT_URL", "in a step of enforce.yml"),
    (no_key, "warning", "signing key", "There is none", "openssl rand -hex 32"),
    (short_key, "warning", "signing key", "only 3 characters", "openssl rand -hex 32"),
    (may_not_write, "error", "permissions", "may not write issues (403", "issues: write"),
    (no_triage, "warning", "workflows", "No workflow runs `triage`", "Copy triage.yml"),
    (comments_may_not_write, "error", "workflows", "the job `comment` lacks `issues: write`", "permissions:"),
    (grants_nothing, "error", "workflows", "lacks `contents: read` and `issues: write`", "permissions:"),
    (default_grants, "error", "workflows", "lacks `permissions:` of its own", "permissions:"),
    (no_sweep, "error", "schedule", "No workflow sweeps on a schedule", "Copy enforce.yml"),
    (no_schedule, "error", "schedule", "No workflow sweeps on a schedule", "Copy enforce.yml"),
    (bad_cron, "error", "schedule", "`99` is not between 0 and 59", "`schedule:`"),
    (silenced, "error", "schedule", "disabled, after sixty quiet days", "enable the workflow"),
    (disabled, "error", "schedule", "disabled, by hand", "enable the workflow"),
    (never_ran, "warning", "schedule", "never been started", "Run workflow"),
    (failing, "error", "schedule", "The last 2 sweeps of enforce.yml failed", "/actions/runs/"),
    (overdue, "warning", "schedule", "due for 6h3m", "Run workflow"),
    (silent, "error", "schedule", "due for 2 days", "Run workflow"),
    (
        late,
        "warning",
        "schedule",
        "at worst 3h12m. The shortest promise is 4h",
        "workflow_dispatch",
    ),
    (quiet, "warning", "schedule", "Nothing was pushed for 49 days", "do not fake activity"),
    (clock, "warning", "clock", "2h behind GitHub", "NTP"),
]


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
    faults = [shadow, help_word, stranger, not_passed, no_value, no_key, may_not_write, no_triage, failing, clock]
    for fault in faults:
        fault(clinic)
    clinic.edit(FORM, ("label: What?", "label: What then?"))
    expected = {fault[2] for fault in FAULTS if fault[0] in faults} | {"forms"}
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
    help_word(clinic)
    quiet(clinic)
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
    never_ran(clinic)
    clinic.issues = [("2025-11-03T09:00:00Z", "Old"), ("2026-01-04T09:00:00Z", "New")]
    schedule, mode = told(clinic.health())
    assert schedule.startswith("schedule: ")
    assert "2 issues wait, the oldest since 2025-11-03" in mode
    assert "`since: 2026-01-05`" in mode


def triaged(clinic: Clinic, key: bytes | None) -> None:
    """A repository in which the desk has written a card, signed with that key."""
    clinic.issues = [("2026-01-05T09:00:00Z", "Help")]
    clinic.build()
    run_event(Desk(clinic.client(clinic.grants), dict(clinic.secrets).get, key), "triage", 1)


@pytest.mark.parametrize("key", [None, b"another key of enough characters"], ids=["not signed", "signed with another"])
def test_a_key_that_the_record_was_not_signed_with_is_an_error(clinic: Clinic, key: bytes | None) -> None:
    triaged(clinic, key)
    (found,) = told(examine(clinic.place()), "error")
    assert found.startswith("signing key: The record on #1 is not signed with it")


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
    assert f"Only {remaining} of 1000 requests are left until 2026-01-05T10:00:00Z" in found.message
    assert ("policy" in {finding.check for finding in health.findings}) is looks_on


def test_a_repository_that_is_not_there_is_told(sandbox: Sandbox, clinic: Clinic) -> None:
    sandbox.clock(NOW)
    sandbox.repo("acme", clinic.name.partition("/")[2] + "-other", files={})
    clinic.name += "-other"
    place = clinic.place()
    place.client.repository = "acme/nothing"
    (found,) = told(examine(place))
    assert found.startswith("connection: acme/nothing is not there")
