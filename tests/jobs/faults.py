"""What can be wrong with a repository, one fault at a time, and how a doctor tells of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.doctor.clinic import COMMENT, ENFORCE, FORM, SUPPORT, TRIAGE, Clinic, runs


def no_policy(clinic: Clinic) -> None:
    del clinic.files[SUPPORT]


def no_yaml(clinic: Clinic) -> None:
    clinic.files[SUPPORT] = "version: [1"


def no_text(clinic: Clinic) -> None:
    clinic.files[SUPPORT] = "\0"


def too_long_a_label(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("{ high: High,", f"{{ {'high' * 12}: High,"))


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
    clinic.members = ("ann",)
    clinic.users += ("bob",)


def help_word(clinic: Clinic) -> None:
    clinic.edit(SUPPORT, ("@acme-desk", "@help"))
    clinic.users += ("help",)


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


def no_workflows(clinic: Clinic) -> None:
    for path in (TRIAGE, COMMENT, ENFORCE):
        del clinic.files[path]


def no_action(clinic: Clinic) -> None:
    del clinic.files["actions/enforce/action.yml"]


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
    (no_yaml, "error", "policy", "It does not load: Line ", "`respondby check`"),
    (no_text, "error", "policy", "is not text", "Write one"),
    (broken_policy, "error", "policy", "Line 11", "`respondby check`"),
    (policy_without_sense, "warning", "policy", "`cid` is in no role", "Put this person into a role"),
    (shadow, "warning", "mode", "writes nothing", "`mode: live`"),
    (off, "warning", "mode", "does nothing at all", "`mode: live`"),
    (not_yet, "warning", "mode", "from Sun 1 Feb 2026, 00:00 (UTC) on", "Mend the date"),
    (muted, "warning", "mode", "until Mon 5 Jan 2026, 12:00 (UTC): Moving house", "out of `mute`"),
    (other_form, "error", "forms", "question.yml", "`respondby sync --forms`"),
    (left_over_form, "warning", "forms", "old.yml", "delete the file"),
    (no_labels, "warning", "labels", "4 labels are missing: type/question, priority/high", "`respondby sync --labels`"),
    (too_long_a_label, "error", "labels", "has 57 characters, and GitHub takes 50", "shorter name"),
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
    (no_sweep, "error", "workflows", "No workflow runs `enforce`", "Copy enforce.yml"),
    (no_workflows, "error", "workflows", "No workflow runs the desk", "Copy triage.yml, comment.yml and enforce.yml"),
    (
        no_action,
        "error",
        "workflows",
        "enforce.yml: `$/actions/enforce` is not in this repository",
        "actions/enforce@COMMIT",
    ),
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
