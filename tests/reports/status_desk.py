"""A desk that publishes a status page, for tests: the desk of reports, with two products and all that can be shown."""

from __future__ import annotations

from tests.promises.stories import policy
from tests.reports.desk import CLOCKS, DESK, PRODUCTS

from respondby.policy.model.policy import Policy

URL = "https://status.example/told/"
SHOW = "uptime, targets, incidents, updates, maintenance, post-mortems, attainment"
CUSTOMERS = "customers: { acme-corp: { members: [carla-b] }, bolt: { repositories: [bolt/site] } }"
HEAD = DESK.replace(
    "  /note: { by: staff }\n", "  /note: { by: staff }\n  /public-title: { by: staff }\n  /root-cause: { by: staff }\n"
).replace("/update: { by: staff }", "/update: { by: staff, takes: { text: text } }")


def publishing(
    show: str = SHOW,
    more: str = "",
    *changes: tuple[str, str],
    products_shown: str = "{ shop: Web shop, lab: Laboratory }",
) -> Policy:
    """The policy of these tests: `more` are further lines of `publish`, `changes` are made to the products' part."""
    products = PRODUCTS
    for old, new in changes:
        assert old in products
        products = products.replace(old, new)
    publish = f"publish:\n  title: Status of Told\n  url: {URL}\n  products: {products_shown}\n  show: [{show}]\n{more}"
    return policy(f"{CLOCKS}\n{products}\n{CUSTOMERS}\n{publish}", HEAD)
