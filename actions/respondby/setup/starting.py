"""The files of a new desk: the policy, and all that stands beside it.

- Choices in, a tree of texts out: nothing here writes. What stands there already is `kept`'s to leave.
- The workflows are this release's own; only where their actions come from, and which secrets they pass, is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from respondby import data
from respondby.calendars.errors import TimeError
from respondby.calendars.public_holidays import known_years, of_parts
from respondby.policy.loading.loader import examine, named_files
from respondby.policy.model.policy import Policy
from respondby.policy.repository.dispatches import known_dispatches
from respondby.policy.repository.forms import form_files
from respondby.policy.repository.watch_workflows import STARTERS
from respondby.policy.repository.workflow_secrets import secrets_of, with_secrets
from respondby.policy.repository.workflow_steps import FOLDER as WORKFLOWS
from respondby.policy.text.problems import PolicyError
from respondby.postmortems import index
from respondby.setup.choices import Choices, Source
from respondby.setup.first_story import first_story
from respondby.setup.schedules import with_schedule

POLICY = ".github/support.yml"
SCENARIOS = ".github/scenarios"
INCIDENTS = "docs/incidents"
#: Where GitHub looks for code owners, in its order.
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")

_PLAIN = re.compile(r"[A-Za-z](?:[\w .&'/()-]*[\w)])?")
_USES = re.compile(r"(?P<before>uses: )\$/actions/(?P<name>\w+)$", re.MULTILINE)
_PERMISSIONS = re.compile(r"(?m)^    permissions:\n")
_READS_RUNS = re.compile(r"(?m)^      actions: read\b.*\n")
_MAY_WAKE = "      actions: write # starts the watch where a step is due soon\n"
_SCHEMA = re.compile(r"(# yaml-language-server: \$schema=)(?:\.\./)*schemas/([\w-]+)\.schema\.json")


class NotStartable(ValueError):
    """A process that is not there; the text names those that are."""


@dataclass(frozen=True, slots=True)
class Start:
    """A new desk: its files by path, its policy, and the secrets that have to be stored."""

    files: Mapping[str, str]
    policy: Policy
    secrets: tuple[str, ...]


def processes() -> tuple[str, ...]:
    """The support processes that a desk can start from."""
    return tuple(sorted(one.parent.name for one in data.folder("docs/processes").glob("*/support.yml")))


def start_from_choices(choices: Choices, source: Source) -> Start:
    """A desk of one's own."""
    policy = policy_text(choices, source)
    rota = (
        "# Swaps and stand-ins of the rota `on-call`: `respondby swap WHO WITH` writes them. For example\n"
        "#   - { from: 2027-02-01T10:00, until: 2027-02-08T10:00, on: "
        f"{choices.people[-1]}, instead-of: {choices.people[0]}, why: A swap }}\n[]\n"
    )
    return _start({POLICY: policy, ".github/rota/on-call.yml": rota}, source, choices.lead, choices.everybody, choices)


def start_from_process(name: str, source: Source, desk: str | None, people: Mapping[str, str]) -> Start:
    """A desk that begins with one of the processes, its stories included. `people` gives its examples other logins."""
    if name not in processes():
        raise NotStartable(f"there is no process `{name}`; there are {', '.join(processes())}")
    folder = data.folder(f"docs/processes/{name}")
    text = (folder / "support.yml").read_text(encoding="utf-8")
    found = {POLICY: text}
    for named in named_files(text):
        place = folder / named
        inside = sorted(place.iterdir()) if place.is_dir() else [place]
        found |= {one.relative_to(folder).as_posix(): one.read_text(encoding="utf-8") for one in inside}
    for story in sorted((folder / "scenarios").glob("*.yml")):
        found[f"{SCENARIOS}/{story.name}"] = story.read_text(encoding="utf-8")
    found = {path: _SCHEMA.sub(lambda at: at[1] + source.schema(at[2]), text) for path, text in found.items()}
    found = {path: renamed(text, people) for path, text in found.items()}
    if desk is not None:
        found[POLICY] = re.sub(r"(?m)^desk: .*$", lambda _: f"desk: {_scalar(desk)}", found[POLICY], count=1)
    unknown = [person for person in people if not re.search(_word(person), text)]
    if unknown:
        raise NotStartable(f"the process `{name}` has nobody called {unknown[0]}")
    return _start(found, source, None, (), None)


def policy_text(choices: Choices, source: Source) -> str:
    """The policy of these choices."""
    from jinja2 import Environment, StrictUndefined

    template = (files("respondby.setup") / "start" / "support.yml").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    country = choices.country if choices.country and _has_holidays(choices.country, choices.since) else None
    calls = choices.reach != "mention"
    return environment.from_string(template).render(
        schema=source.schema("policy"),
        desk=_scalar(choices.desk),
        since=choices.since.isoformat(),
        timezone=choices.timezone,
        days=choices.days,
        windows=choices.windows,
        country=country,
        parts=bool(country and of_parts(country, choices.since.year)),
        people=choices.people,
        everybody=choices.everybody,
        lead=choices.lead,
        reach=choices.reach,
        # The week before: nobody is on call before a rota's first hand-over.
        monday=(choices.since - timedelta(days=choices.since.weekday() + 7)).isoformat(),
        call="page" if calls else "notify",
        via=", via: calls" if calls else "",
    )


def renamed(text: str, people: Mapping[str, str]) -> str:
    """The text with other logins, wherever one of these stands as a word of its own."""
    for old, new in people.items():
        text = re.sub(_word(old), new.replace("\\", r"\\"), text)
    return text


def kept(start: Start, there: Collection[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The files to write and, of those that stand there already (`there`), which were left as they are.

    A workflow whose name is taken gets another one; code owners stand in one file alone, wherever GitHub finds it.
    """
    write: dict[str, str] = {}
    left: list[str] = []
    for path, text in start.files.items():
        if path in CODEOWNERS and (owners := [one for one in CODEOWNERS if one in there]):
            left.append(owners[0])
        elif path not in there:
            write[path] = text
        elif path.startswith(f"{WORKFLOWS}/") and (other := other_name(path)) not in there:
            write[other] = text
        else:
            left.append(path)
    return write, tuple(left)


def workflow_text(name: str, source: Source, secrets: Iterable[str], policy: Policy | None = None) -> str:
    """One of our workflows, as another repository has it: its action pinned to a commit, these secrets passed, sweeps
    as often as the policy needs them, and leave to start its watch (without a policy: as here).
    """
    path = f"{WORKFLOWS}/{name}.yml"
    text = _USES.sub(lambda at: at["before"] + source.uses(at["name"]), data.text(f"{WORKFLOWS}/{name}.yml"))
    text = with_secrets(path, text, secrets)
    if policy is None:
        return text
    return with_schedule(path, _waking(text) if policy.watch is not None and name in STARTERS else text, policy)


def _waking(text: str) -> str:
    """The workflow, whose jobs may start a watch."""
    return _PERMISSIONS.sub(rf"\g<0>{_MAY_WAKE}", _READS_RUNS.sub("", text))


def wanted_workflows(policy: Policy) -> tuple[str, ...]:
    """The workflows that this policy needs: what happens, what is due, what is proposed, and a test page."""
    drafts = policy.incidents is not None and policy.incidents.post_mortem is not None
    return (
        "triage",
        "comment",
        "enforce",
        "check",
        "impact",
        *(("page",) if policy.channels else ()),
        *(("postmortem",) if drafts else ()),
        *(("report",) if any(duty.report is not None for duty in policy.duties.values()) else ()),
        *(("receive",) if known_dispatches(policy) else ()),
        *(("publish",) if policy.publish is not None else ()),
        *(("watch",) if policy.watch is not None else ()),
    )


def _start(
    found: Mapping[str, str], source: Source, lead: str | None, everybody: Iterable[str], choices: Choices | None
) -> Start:
    tree = dict(found)
    reading = examine(tree[POLICY], path=POLICY, files=tree)
    if reading.policy is None:
        raise PolicyError(reading.problems)
    policy = reading.policy
    secrets = secrets_of(policy, reading.references)
    tree |= form_files(policy, source=POLICY)
    for name in wanted_workflows(policy):
        tree[f"{WORKFLOWS}/{name}.yml"] = workflow_text(name, source, secrets, policy)
    owners = lead or next(iter(policy.people))
    tree[CODEOWNERS[0]] = _code_owners(owners, tuple(everybody), tree)
    if choices is not None:
        story = first_story(policy, choices, source.schema("scenario"), SCENARIOS)
        if story is not None:
            tree[f"{SCENARIOS}/nobody-answers.yml"] = story
    if policy.incidents is not None:
        tree[f"{INCIDENTS}/README.md"] = index.index(())
        tree[f"{INCIDENTS}/TEMPLATE.md"] = data.text(f"{INCIDENTS}/TEMPLATE.md")
    return Start(dict(sorted(tree.items())), policy, secrets)


def _code_owners(lead: str, everybody: tuple[str, ...], tree: Mapping[str, str]) -> str:
    lines = [
        "# Who has to agree when the desk's promises change. GitHub asks them on every pull request that touches these",
        "# files; a branch rule (“Require review from Code Owners”) makes it binding. The last line that fits counts.",
        f"/.github/ @{lead}",
    ]
    if ".github/rota/on-call.yml" in tree and everybody:
        lines.append(f"/.github/rota/ {' '.join(f'@{one}' for one in everybody)}")
    return "".join(f"{line}\n" for line in lines)


def other_name(path: str) -> str:
    """The name of a workflow of ours whose own name is taken."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/respondby-{name}"


def _has_holidays(country: str, since: date) -> bool:
    try:
        first, last = known_years(country, None)
    except TimeError:
        return False
    return first <= since.year <= last


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _word(login: str) -> str:
    return rf"(?<![\w.@-]){re.escape(login)}(?![\w-])"
