"""Whose name is private: that of a customer, their people and repositories, and the account that these lie in."""

from __future__ import annotations

import pytest
from tests.policy.policies import SMALL

from respondby.policy.loading.loader import load
from respondby.policy.people.private_names import private

POLICY = (
    SMALL
    + """\
customers:
  c-17: { repositories: [globex/portal, globex/till] }
  c-18: { repositories: [acme/for-initech] }
  c-19: { repositories: [acme/for-umbrella] }
  c-20: { members: [carla-b] }
"""
)


@pytest.mark.parametrize(
    "text, why",
    [
        ("Globex cannot pay", "it names globex, whose repositories are of the customer c-17"),
        ("globex/till is slow", "it names globex/till, which is of the customer c-17"),
        ("C-17 waits", "it names the customer c-17, and `publish.customers` does not"),
        ("carla-b waits", "it names carla-b, who is of the customer c-20"),
        ("The portal is slow", ""),
        ("Acme's shop is slow", ""),  # the repositories of two customers lie there: it is the desk's own
    ],
)
def test_a_customer_is_known_by_the_account_that_their_repositories_lie_in(text: str, why: str) -> None:
    assert private(load(POLICY), text) == why
