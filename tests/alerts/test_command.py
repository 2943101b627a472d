"""`respondby alerts`: what somebody sees who tries a map on a payload."""

import json

import pytest
from click.testing import CliRunner
from tests.alerts.maps import GROUPS, bad, group

from respondby.cli.main import main


@pytest.fixture
def own_map(tmp_path):
    path = tmp_path / "map.yml"
    path.write_text(GROUPS, encoding="utf-8")
    return str(path)


def run(*words, payload=None):
    return CliRunner().invoke(main, ["alerts", *words], input=json.dumps(payload) if payload is not None else None)


def test_a_payload_is_shown_alert_by_alert(own_map):
    result = run("--map", own_map, "-", payload=group(bad(level=2), bad(id="b", state="odd")))

    assert result.exit_code == 0
    assert result.stdout.splitlines()[:4] == [
        "firing  g",
        "    id       a",
        "    at       Mon 2 Nov 2026, 09:00 (UTC)",
        "    summary  It burns",
    ]
    assert result.stdout.splitlines()[-1] == "2 alerts, 1 passed over by the map, 0 not read; incidents that fire: 1"


def test_with_json_only_json_is_printed_and_what_cannot_be_read_ends_with_one(own_map):
    result = run("--map", own_map, "--json", "-", payload=group(bad(state="purple")))

    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"] == [
        "alert 1 of 1: its state “purple” is not in the map; known are `bad`, `seen`, `good`, `odd`"
    ]


def test_a_map_alone_is_tried_on_its_examples(own_map):
    assert run("--map", own_map).stdout == "groups: reads its examples as they say\n"


def test_the_shipped_maps_are_listed():
    assert "alertmanager" in run("--list").stdout
    assert {"source": "plain", "about": "A payload of your own, with the keys that the desk reads"} in json.loads(
        run("--list", "--json").stdout
    )


@pytest.mark.parametrize(
    "words, text, message",
    [
        (("-",), "{}", "Name one map: --map MAP.yml, or --source and one of alertmanager, better-stack"),
        (("--source", "prom", "-"), "{}", "no map of alerts is called “prom”; there are alertmanager"),
        (("--source", "plain", "-"), "{", "<stdin>: this is not JSON"),
        (("--source", "plain", "-"), "[" * 100_000, "<stdin>: this is not JSON that anybody sends: its lists or obj"),
        (("--source", "plain", "-"), "9" * 5_000, "<stdin>: this is not JSON that anybody sends: a number in it has"),
        (("--source", "plain", "/dev/zero"), "", "/dev/zero: this is larger than 512 kB, and a dispatched payload"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence_and_ends_with_two(words, text, message):
    result = CliRunner().invoke(main, ["alerts", *words], input=text)

    assert result.exit_code == 2
    assert message in result.stderr


def test_a_map_without_end_is_not_read():
    result = run("--map", "/dev/zero")

    assert result.exit_code == 2
    assert "/dev/zero: this is larger than 512 kB" in result.stderr


def test_half_an_emoji_in_a_payload_is_shown_as_the_sign_for_an_unreadable_character():
    result = run("--source", "plain", "-", payload={"key": "mail \ud83d", "state": "firing"})

    assert result.exit_code == 0
    assert "firing  mail \ufffd" in result.stdout


def test_a_broken_map_is_told_with_its_line(tmp_path):
    path = tmp_path / "map.yml"
    path.write_text(GROUPS.replace("key: $.payload.group", "key: group"), encoding="utf-8")

    result = run("--map", str(path))

    assert result.exit_code == 2
    assert f"{path}:5:6: error: “group” is not a JSONPath (RFC 9535)" in result.stderr
