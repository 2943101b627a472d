"""When who holds a role may change by itself."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, policy, shown, when

from respondby.desk.state import first_state
from respondby.promises.boundaries import next_change

ROLES = """
  plain: ann
  on-duty: { rota: week }
  through: { role: on-duty }
  further: { role: through }
  by-day: [{ when: { during: office }, people: ann }, { people: bob }]
"""
ROTAS = """
rotas:
  week:
    timezone: Europe/Brussels
    handover: { every: 1 week, at: wednesday 10:00, from: 2026-02-25 }
    members: [ann, bob]
"""
POLICY = HEAD.replace("roles:\n", f"roles:{ROLES}") + ROTAS
CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 1h }"


@pytest.mark.parametrize(
    "role, after, change",
    [
        ("plain", "10:00", ""),
        ("nobody", "10:00", ""),
        ("on-duty", "10:00", "wed 10:00"),
        ("on-duty", "wed 10:00", "wed+1 10:00"),
        ("through", "10:00", "wed 10:00"),
        ("further", "10:00", "wed 10:00"),
        ("by-day", "10:00", "17:00"),
        ("by-day", "18:00", "tue 09:00"),
    ],
)
def test_a_role_changes_hands_at_a_shift_or_when_a_condition_turns(role: str, after: str, change: str) -> None:
    made = policy(CLOCKS, POLICY)
    assert shown(next_change(made, role, first_state(made, "carla", "acme/support"), when(after))) == change


def test_it_may_change_when_somebody_goes_away_and_when_they_are_back() -> None:
    away = POLICY.replace("ann: {}", "ann: { away: [2026-03-03/2026-03-05] }")
    made = policy(CLOCKS, away)
    state = first_state(made, "carla", "acme/support")
    assert shown(next_change(made, "plain", state, when("10:00"))) == "tue 00:00"
    assert next_change(made, "plain", state, when("tue 00:00")) == when("fri 00:00")
