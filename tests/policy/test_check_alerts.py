"""`respondby check` on alerts: sources by name, maps of the repository, and the parts that a policy takes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.alerts.maps import GROUPS
from tests.policy.policies import small

from respondby.cli.check import command

AT = "2026-11-23T00:00:00Z"
ALERTS = "incidents: {{ when: {{ type: request }}, alerts: [{{ dispatch: alert, form: request, {more} }}] }}\nclocks:\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own, outside of any runner."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def check(*paths: str) -> Result:
    return CliRunner().invoke(command, [*paths, "--at", AT])


def desk(more: str, **maps: str) -> Result:
    """What is said of a policy whose alerts come like this, with these maps beside it."""
    Path("support.yml").write_text(small(("clocks:\n", ALERTS.format(more=more))), encoding="utf-8")
    for name, text in maps.items():
        Path(f"{name}.yml").write_text(text, encoding="utf-8")
    return check("support.yml")


def found(result: Result) -> list[str]:
    """The lines about alerts, without what else the small policy may be told."""
    lines = result.stdout.splitlines()
    rules = ("[alert-source]", "[alert-map]", "[alert-part]", "[example]", "[shape]", "[path]")
    return [line for line in lines if line.endswith(rules)]


def test_a_source_and_a_map_that_read_their_examples_are_nothing_wrong() -> None:
    assert found(desk("source: alertmanager, answers: { what: summary }")) == []
    assert found(desk("map: own.yml, answers: { what: service }", own=GROUPS)) == []
    assert found(desk("answers: { what: anything }")) == []


def test_a_source_that_nobody_ships_is_told_with_the_nearest_one() -> None:
    result = desk("source: alertmanger")
    assert result.exit_code == 1
    assert found(result) == [
        "support.yml:13:90: error: No map of alerts of this name comes with respondby. [alert-source]"
    ]
    assert "Did you mean `alertmanager`?" in result.stdout


def test_a_map_that_is_not_there_or_leads_out_is_told() -> None:
    assert "There is no such map of alerts." in found(desk("map: maps/own.yml"))[0]
    assert "leads out of the repository" in desk("map: ../own.yml").stdout


@pytest.mark.parametrize(
    "change, told",
    [
        (("link: $.alert.link", "link: $.alert.link["), "own.yml:11:7: error: “$.alert.link[” is not a JSONPath"),
        (("summary: $.alert.what", "summary: $.alert.text"), "own.yml:8:10: error: This path finds nothing"),
        (("state: firing,", "state: resolved,"), "own.yml:14:1: error: Example “one alert”: `state` is read as"),
    ],
    ids=["no path", "a path that finds nothing", "not as its example says"],
)  # fmt: skip
def test_a_broken_map_is_refused_at_its_own_line_from_the_policy_and_by_itself(
    change: tuple[str, str], told: str
) -> None:
    assert change[0] in GROUPS
    for result in (desk("map: own.yml", own=GROUPS.replace(*change, 1)), check("own.yml")):
        assert result.exit_code == 1
        assert told in result.stdout


def test_a_map_that_two_sources_share_is_told_of_once() -> None:
    twice = "map: own.yml }, { dispatch: other, form: request, map: own.yml"
    assert len(found(desk(twice, own=GROUPS.replace("$.alert.what", "$.alert.text")))) == 1


def test_an_answer_from_a_part_that_no_alert_has_is_a_warning() -> None:
    result = desk("map: own.yml, answers: { what: servise }", own=GROUPS)
    assert result.exit_code == 0
    assert "No alert of this source has a part of this name. [alert-part]" in found(result)[0]
    assert "Did you mean `service`?" in result.stdout
