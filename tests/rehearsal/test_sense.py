"""Names in a scenario that its policy does not have."""

from pathlib import Path

import pytest
from tests.rehearsal.house import BODY_FILE, HEAD, POLICY

from respondby.policy.loading.loader import load
from respondby.rehearsal.reading import parse_scenario
from respondby.rehearsal.sense import unknown_names

OPENS = "  - { at: 09:00, who: carla, opens: question, title: T }\n"


@pytest.mark.parametrize(
    "step,problem",
    [
        ("expect: { clocks: { answr: met } }", "There is no clock `answr`. [name]\n    Did you mean `answer`?"),
        ("expect: { fields: { prio: high } }", "There is no field `prio`"),
        ("expect: { paged: [anne] }", "There is no person `anne`. [name]\n    Did you mean `ann`?"),
        ("expect: { notified: [x] }", "There is no person `x`"),
        ("expect: { messages: { chats: [x] } }", "There is no channel `chats`. [name]\n    Did you mean `chat`?"),
        ("expect: { sees: { nobody: [x] } }", "There is no person `nobody`"),
        ("who: bob, says: x", "There is no person `bob`"),
        ("who: ann, assigns: [bob]", "There is no person `bob`"),
        ("who: carla, opens: wish, title: T", "There is no form `wish`"),
    ],
)
def test_a_name_that_nothing_has_is_a_problem_at_its_step(tmp_path: Path, step: str, problem: str) -> None:
    (tmp_path / "support.yml").write_text(POLICY)
    scenario = parse_scenario(f"{HEAD}{OPENS}  - {{ at: +1m, {step} }}\n", "s.yml", tmp_path)
    [found] = unknown_names(scenario, load(POLICY, files={"hook.json": BODY_FILE}))
    assert found.text().startswith(f"s.yml:8:1: error: {problem}")


def test_people_of_the_scenario_and_names_of_a_later_policy_are_known(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_text(POLICY)
    (tmp_path / "later.yml").write_text("version: 1\ndesk: Later\npeople: { zoe: {} }\n")
    steps = OPENS + "  - { at: +1m, policy: later.yml }\n  - { at: +1m, expect: { paged: [zoe, mallory, ann] } }\n"
    scenario = parse_scenario(HEAD + steps, "s.yml", tmp_path)
    assert unknown_names(scenario, load(POLICY, files={"hook.json": BODY_FILE})) == ()
