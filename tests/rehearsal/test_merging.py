"""Merging in a story: a pull request that brings its files, and the case's open post-mortem."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rehearsal.house import HEAD, POLICY, Noting, rehearsed

from respondby.policy.loading.loader import load
from respondby.postmortems.template import template
from respondby.rehearsal.acting import Actors
from respondby.rehearsal.reading import parse_scenario
from respondby.rehearsal.refusals import ActProblem, Refused
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Merges, Opens, Writes
from respondby.rehearsal.wording import deed_words

OPENS = "  - { at: 09:00, who: carla, opens: , title: T }\n"
FILES = (("docs/incidents/one.md", "# One\n"), (".github/rota.yml", "[]\n"))


@pytest.fixture
def actors(tmp_path: Path) -> Iterator[Actors]:
    (tmp_path / "support.yml").write_text(POLICY)
    scenario = parse_scenario(HEAD + OPENS, "s.yml", tmp_path)
    with Stage(scenario, load(POLICY, files={"hook.json": "{}"}), POLICY, {}) as stage:
        actors = Actors(stage)
        actors.perform(Opens("carla", None, "Down"), None)
        yield actors


def _text(actors: Actors, path: str) -> str:
    content = actors.stage.call("ann", "GET", f"/contents/{path}")[1]["content"]
    return base64.b64decode(content).decode()


def test_a_pull_request_brings_its_files_and_names_the_case(actors: Actors) -> None:
    actors.perform(Merges("ann", "Post-mortem", FILES), None)
    actors.perform(Merges("ann", "Again", (("docs/incidents/one.md", "# Two\n"),)), None)

    assert (_text(actors, "docs/incidents/one.md"), _text(actors, ".github/rota.yml")) == ("# Two\n", "[]\n")
    pulls = actors.stage.call("ann", "GET", "/pulls?state=closed")[1]
    assert [(pull["title"], pull["body"], pull["merged_at"]) for pull in pulls] == [
        ("Again", "For #1.", "2026-01-05T09:00:00Z"),
        ("Post-mortem", "For #1.", "2026-01-05T09:00:00Z"),
    ]
    assert [item["event"] for item in actors.stage.call("ann", "GET", "/issues/1/timeline")[1]] == [
        "cross-referenced",
        "cross-referenced",
    ]


def test_the_post_mortem_is_the_open_one_that_names_the_case(actors: Actors) -> None:
    with pytest.raises(ActProblem, match="no open pull request names this case"):
        actors.perform(Merges("ann"), None)

    def propose(branch: str, path: str) -> None:
        call = actors.stage.call
        sha = call("ann", "GET", "/git/ref/heads/main")[1]["object"]["sha"]
        call("ann", "POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
        call("ann", "PUT", f"/contents/{path}", {"branch": branch, "message": "m", "content": ""})
        body = {"title": branch, "body": "About #1", "head": branch, "base": "main"}
        assert call("ann", "POST", "/pulls", body)[0] == 201

    propose("other", "docs/other.md")
    propose("post-mortem", "docs/incidents/one.md")
    actors.perform(Merges("ann"), None)

    merged = [pull["head"]["ref"] for pull in actors.stage.call("ann", "GET", "/pulls?state=closed")[1]]
    assert merged == ["post-mortem"]


def test_people_write_into_the_open_post_mortem_in_place_of_what_it_asks(actors: Actors) -> None:
    path, text = "docs/incidents/one.md", template()
    actors.stage.call("ann", "PUT", "/contents/seed", {"message": "m", "content": ""})
    sha = actors.stage.call("ann", "GET", "/git/ref/heads/main")[1]["object"]["sha"]
    actors.stage.call("ann", "POST", "/git/refs", {"ref": "refs/heads/draft", "sha": sha})
    content = base64.b64encode(text.encode()).decode()
    actors.stage.call("ann", "PUT", f"/contents/{path}", {"branch": "draft", "message": "m", "content": content})
    body = {"title": "Draft", "body": "About #1", "head": "draft", "base": "main"}
    assert actors.stage.call("ann", "POST", "/pulls", body)[0] == 201

    row = "| Alert | @ann | 2026-01-16 | detect | agreed |  |"
    sections = (("Root cause", "A full disk."), ("Action items", f"{row}\n"))
    actors.perform(Writes("ann", sections), None)
    actors.perform(Merges("ann"), None)

    written = _text(actors, path)
    assert "## Root cause\n\nA full disk.\n\n## Timeline" in written
    assert written.endswith(f"| --- | --- | --- | --- | --- | --- |\n{row}\n")
    assert "_Say why it happened" not in written
    with pytest.raises(ActProblem, match="no open pull request names this case"):
        actors.perform(Writes("ann", sections), None)
    with pytest.raises(ActProblem, match="no pull request says what became of action items"):
        actors.perform(Merges("ann", what="action-items"), None)


def test_a_stranger_may_not_and_nothing_is_left_behind(actors: Actors) -> None:
    with pytest.raises(Refused):
        actors.perform(Merges("mallory", "Mine", FILES), None)
    assert actors.stage.call("ann", "GET", "/pulls?state=all")[1] == []


def test_a_merge_in_a_story_starts_no_run_of_its_own(tmp_path: Path) -> None:
    runner = Noting()
    steps = OPENS + (
        "  - { at: 09:00, sweeps: off }\n"
        "  - { at: 09:01, who: ann, merges: { title: Post-mortem, files: { docs/incidents/1.md: text } } }\n"
        "  - { at: 09:02, who: mallory, merges: { title: Mine, files: { a.md: text } } }\n"
        "  - { at: +1s, expect: { refused: [merges] } }\n"
    )

    played = rehearsed(tmp_path, steps, runner)

    assert played.kept
    assert [event for _, event, _ in runner.seen] == ["issues"]


def test_its_words_say_what_is_merged() -> None:
    assert deed_words(Merges("ann")) == "merges the post-mortem"
    assert deed_words(Merges("ann", "Rota", (("a.yml", "x"),))) == "merges “Rota” (a.yml)"
