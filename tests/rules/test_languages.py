"""Customers are spoken to in their language, everybody else in the desk's own."""

import pytest

from respondby.policy.loading.loader import load
from respondby.rules.languages import language_of, shared_language

POLICY = load("""
version: 1
desk: Help desk
people: { Ann: {}, clara: {} }
customers:
  bakery: { members: [carla, clara], language: nl }
  florist: { repositories: [acme/florist], language: fr }
  grocer: { members: [gil] }
""")


@pytest.mark.parametrize(
    "login, repository, language",
    [
        ("carla", "acme/support", "nl"),
        ("CARLA", "acme/florist", "nl"),
        ("clara", "acme/support", "nl"),
        ("fleur", "acme/florist", "fr"),
        ("fleur", "acme/support", None),
        ("ann", "acme/florist", None),
        ("gil", "acme/support", None),
        ("mallory", "acme/support", None),
    ],
)
def test_whoever_belongs_to_a_customer_hears_its_language(login, repository, language):
    assert language_of(POLICY, login, repository) == language


@pytest.mark.parametrize(
    "logins, language",
    [(["carla", "clara"], "nl"), (["carla", "fleur"], None), (["carla", "ann"], None), (["ann"], None), ([], None)],
)
def test_several_hear_the_language_that_they_share(logins, language):
    assert shared_language(POLICY, logins, "acme/florist") == language
