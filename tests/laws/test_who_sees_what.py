"""What everybody can read names nobody who works for the desk, but where a `notify` without `via` calls them.

Every scenario of every process is played, and for each process a long story beside them: every form, every command by
a customer and by staff, and days of silence. Then every public word of the desk is read as it is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from respondby.cli.main import main
from respondby.desk import markers
from respondby.desk.results import Mentioned
from respondby.letters.maintainers import TITLE
from respondby.policy.model.clocks import NOTHING, Verbs
from respondby.policy.model.policy import Policy
from respondby.rehearsal.ground import DESK, OWNER, SIGNING
from respondby.rehearsal.play import play
from respondby.rehearsal.reading import parse_scenario, read_scenario
from respondby.rehearsal.rehearse import open_house
from respondby.rehearsal.running import in_process
from respondby.rehearsal.sense import read_policy
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Expect, Scenario
from respondby.rules.duty_cases import clock_of

DOCS = Path(__file__).parents[2] / "docs"
PROCESSES = sorted((DOCS / "processes").glob("*/support.yml"))
INSIDE = DOCS / "examples/inside/support.yml"
SCENARIOS = sorted(path for process in (*PROCESSES, INSIDE) for path in (process.parent / "scenarios").glob("*.yml"))

MARKDOWN = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable(["table", "strikethrough"])
SAMPLES = {"text": "some words", "time": "2027-01-01T10:00", "duration": "2h", "login": "somebody", "ref": "#1"}


@dataclass(frozen=True, slots=True)
class Public:
    """A comment of the desk: what stands in it, and the case's node id, which its marker names."""

    body: str
    case: str


def rendered(text: str) -> str:
    """The HTML of a comment without what a browser does not show."""
    return re.sub(r"<!--.*?-->", "", MARKDOWN.render(text), flags=re.DOTALL).strip()


def visible(text: str) -> str:
    """What a reader sees, but for what others wrote and the comment only quotes."""
    html = re.sub(r"<blockquote>.*?</blockquote>", "", rendered(text), flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", html)


def verbs_of(policy: Policy, key: str) -> Verbs:
    """What the record of that key was asked to do."""
    if key.startswith("rule/"):
        return next((rule.verbs for rule in policy.rules if key.startswith(f"rule/{rule.id}/")), NOTHING)
    if key.startswith("command/"):
        return next((c.verbs for word, c in policy.commands.items() if key.startswith(f"command/{word}/")), NOTHING)
    if key.startswith("window/"):
        asked = policy.uptime.maintenance if policy.uptime is not None else None
        meets = Verbs(notify=("author",))  # whoever asked for the window that meets another one
        return meets if "/meets/" in key else Verbs(notify=asked.notify, via=asked.via) if asked else NOTHING
    if key.startswith("incident/"):
        return Verbs(notify=("author",))  # what is new of the incident that a request is part of
    name, rung = key.split("/")[0], key.split("/")[-2]
    if name == "action-item":
        followed = policy.incidents.post_mortem if policy.incidents is not None else None
        ladder = followed.actions.ladder if followed is not None and followed.actions is not None else ()
        # A rung of an item has the item's day in its name.
        return next(one.verbs for one in ladder if rung.startswith(one.id))
    duty = policy.duties.get(name)
    ladder = policy.clocks[name].ladder if duty is None else clock_of(duty, 0).ladder
    return next(one.verbs for one in ladder if one.id == rung)


def may_be_mentioned(policy: Policy, comment: Public, secret: str) -> set[str]:
    """Whom a `notify` (or `page`) without `via` calls in this comment, by its own record.

    Nobody of the desk, where the policy has an `internal` repository to call them in.
    """
    if policy.internal is not None:
        return set()
    marker = markers.read(comment.body, comment.case, secret=secret.encode()) or markers.read(
        comment.body, comment.case
    )
    if marker is None or marker.kind == "card":
        return set()
    return {
        call.to.lower()
        for key, record in marker.ledger.records.items()
        if verbs_of(policy, key).via is None and (verbs_of(policy, key).notify or verbs_of(policy, key).page)
        for call in record.results
        if isinstance(call, Mentioned) and not call.inside
    }


def told_too_much(policy: Policy, text: str, mentioned: set[str]) -> list[str]:
    """Names of people of the policy in a visible text, with what stands around them, but for their mentions."""
    logins = "|".join(re.escape(login) for login in policy.people)
    return [
        text[max(0, name.start() - 30) : name.end() + 10]
        for name in re.finditer(rf"(?<![\w-])({logins})(?![\w-])", text, re.IGNORECASE)
        if not (text[: name.start()].endswith("@") and name[1].lower() in mentioned)
    ]


def public_words(stage: Stage) -> Iterator[Public]:
    """Every comment of the desk on every case; its own issue to the maintainers is none."""
    _, issues = stage.call(OWNER, "GET", "/issues?state=all&per_page=100")
    for issue in issues:
        if issue["title"] == TITLE:
            continue
        _, comments = stage.call(OWNER, "GET", f"/issues/{issue['number']}/comments?per_page=100")
        for comment in comments:
            if (comment["user"] or {}).get("login") == DESK:
                yield Public(comment["body"], issue["node_id"])


def reads_well(scenario: Scenario, folder: Path) -> int:
    """Play it and judge every public word, and all that it expects; how many comments there were."""
    policy, text, files = read_policy(scenario.policy)
    start = in_process(lambda arguments: main.main(arguments, prog_name="respondby"))
    with open_house(folder, start=start) as house, Stage(scenario, policy, text, files) as stage:
        played = play(scenario, stage, house)
        comments = list(public_words(stage))
    assert [check for check in played.checked if not check.kept] == []
    for comment in comments:
        mentioned = may_be_mentioned(policy, comment, stage.secrets[SIGNING])
        assert told_too_much(policy, visible(comment.body), mentioned) == [], comment.body
        said = comment.body.rpartition("<!-- respondby:")[0]
        assert said.strip(), "every comment of ours has a record, and words before it"
        assert rendered(comment.body) == rendered(said), "a record is not seen"
    return len(comments)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: f"{file.parents[1].name}-{file.stem}")
def test_a_scenario_keeps_what_it_expects_and_says_no_name_in_public(file: Path, tmp_path: Path) -> None:
    scenario = read_scenario(file)
    assert any(isinstance(step.deed, Expect) for step in scenario.story)
    assert reads_well(scenario, tmp_path) > 0


def long_story(policy: Policy, path: Path) -> Scenario:
    """Every form; silence; every command by a customer, then by somebody of staff; silence again."""
    staff = next(iter(policy.people))
    forms = [form.id for form in policy.forms.values() if form.name]
    story = []
    for form in forms:
        answers = {question.id: question.options[0] if question.options else "x" for question in policy.forms[form].ask}
        story.append(
            {"at": "+1m", "who": "carla", "opens": form, "title": f"A {form}", "with": answers | chosen(policy, form)}
        )
    for who, wait in (("carla", "+1d"), (staff, "+1h")):
        for number, _ in enumerate(forms, 1):
            story.append({"at": wait if number == 1 else "+1m", "who": who, "says": commands(policy), "case": number})
    story.append({"at": "+4d", "who": "carla", "says": "Is anybody there?", "case": 1})
    text = yaml.safe_dump(
        {
            "scenario": "Everything",
            "policy": path.name,
            "starts": "2026-10-12T14:00",
            "timezone": policy.timezone,
            "people": {"carla": "customer"},
            "story": story,
        },
        sort_keys=False,
    )
    return parse_scenario(text, "everything.yml", path.parent)


def chosen(policy: Policy, form: str) -> dict[str, str]:
    """The first choice of each field that the form asks for."""
    fields = [policy.fields[name] for name in policy.forms[form].choose if "." not in name]
    return {field.name: field.values[0].id for field in fields}


def commands(policy: Policy) -> str:
    """Every command with something to take, and each field's first value; what closes the case comes last."""
    takes = {w: " ".join(SAMPLES[a.type] for a in c.takes) for w, c in policy.commands.items()}
    words = sorted(takes, key=lambda word: word == "/close")
    fields = [f"/{name} {field.values[0].id}" for name, field in policy.fields.items() if field.values]
    return "\n\n".join([*fields, *(f"{word} {takes[word]}".strip() for word in words)])


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("path", [*PROCESSES, INSIDE], ids=lambda path: path.parent.name)
def test_no_long_story_says_a_name_in_public(path: Path, tmp_path: Path) -> None:
    policy, _, _ = read_policy(path)
    comments = reads_well(long_story(policy, path), tmp_path)
    assert comments > len([form for form in policy.forms.values() if form.name]), "there is more than cards"


@pytest.mark.parametrize(
    "text, mentioned, wrong",
    [
        ("@ann: “First response” is due.", {"ann"}, False),
        ("@ann: “First response” is due.", set(), True),
        ("ann: “First response” is due.", {"ann"}, True),
        ("/page is for Ann.", set(), True),
        ("> ask ann\n\nThis was not done.", set(), False),
        ("An annual fee, by ann-marie.", set(), False),
        ("<!-- ann -->", set(), False),
    ],
)
def test_a_name_is_found_where_it_may_not_be(text: str, mentioned: set[str], wrong: bool) -> None:
    policy, _, _ = read_policy(PROCESSES[-2])
    assert "ann" in policy.people
    assert bool(told_too_much(policy, visible(text), mentioned)) is wrong
