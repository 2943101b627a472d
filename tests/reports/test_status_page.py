"""What a status page says: the report's own figures, nothing that is not named, and a stated reason for the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.promises.stories import PEOPLE, when
from tests.reports.desk import numbered, seen, support
from tests.reports.status_desk import publishing
from tests.reports.test_uptime import APRIL, DOWN

from respondby.desk.case import Moment
from respondby.letters.status.site import site
from respondby.reports.desk import WrittenUp
from respondby.reports.monthly import monthly
from respondby.reports.public_incidents import PublicIncident
from respondby.reports.status_page import NotPublished, StatusPage, status_page

OVER = '11:00 bob says "/mitigated"\n12:00 bob closes'


def page(*stories: str, at: str | int = APRIL, **options: str) -> StatusPage:
    now = when(at) if isinstance(at, str) else at
    return status_page(seen(publishing(**options), now, *stories))


def states(found: StatusPage) -> dict[str, str | None]:
    return {product.id: product.state for product in found.products}


def changes(one: PublicIncident) -> list[tuple[str, str]]:
    return [(update.status, update.text) for update in one.updates]


@pytest.mark.parametrize("name", ["2026-02", "2026-03", "2026-04"])
def test_a_month_on_the_page_is_that_of_the_report_to_the_second(name: str) -> None:
    tokyo = ("shop: { name: Web shop,", "shop: { name: Web shop, timezone: Asia/Tokyo,")
    late = numbered(DOWN.replace("10:00", "tue+3 16:30"), 9)  # until 1 April, after the month's end in both zones
    closing = Moment(APRIL - 3_600 * 20, "closed", PEOPLE["bob"], "X_closing")
    over_the_end = replace(late, open=False, moments=(*late.moments, closing))
    facts = seen(
        publishing("uptime, attainment", "", tokyo), APRIL, DOWN + OVER,
        over_the_end,
        DOWN.replace("product/shop", "product/lab").replace("10:00", "wed+1 10:00") + "wed+1 11:00 bob closes",
    )  # fmt: skip
    found, report = status_page(facts), monthly(facts, name)
    shown = {
        product.id: month for product in found.products for month in product.months if month.period.name == name
    }  # fmt: skip
    assert shown == {one.product: one for one in report.uptimes if one.product in shown}
    assert set(shown) == {"shop", "lab"}
    kept = {month.period.name: month.share for month in found.kept}
    if name != "2026-02":
        assert kept[name] == report.now.kept


def test_ninety_days_sum_up_to_their_whole_also_over_a_change_of_the_clocks() -> None:
    night = DOWN.replace("10:00", "sun+3 01:30") + "sun+3 03:30 bob closes"  # 29 March: one hour of real time
    shop = page(DOWN + OVER, night).products[0]
    assert shop.whole is not None
    for name in ("life", "up", "down", "maintenance", "unknown", "lost"):
        assert sum(getattr(day, name) for day in shop.days) == getattr(shop.whole, name)
    assert {day.period.name: day.down for day in shop.days if day.down} == {"2026-03-02": 3600, "2026-03-29": 3600}
    assert len(shop.days) == 90


@pytest.mark.parametrize(
    "stories, state",
    [
        ([], "operational"),
        ([DOWN], "major_outage"),
        ([DOWN + '10:20 bob says "/mitigated"'], "operational"),
        ([DOWN, DOWN.replace("10:00", "10:10") + "10:20 bob closes"], "major_outage"),  # one in the other
    ],
)
def test_a_product_is_what_weighs_on_it_now(stories: Sequence[str], state: str) -> None:
    assert states(page('00:00 carla opens "Why?"', *stories, at="10:30")) == {"shop": state, "lab": None}


def test_a_product_that_is_not_born_or_is_retired_is_in_no_state() -> None:
    assert states(page("00:00 carla opens", at="mon+1 10:00"))["lab"] is None
    assert states(page("00:00 carla opens", at="wed+1 10:00"))["lab"] == "operational"
    assert states(page("00:00 carla opens", at="mon+3 10:00"))["lab"] is None


def test_what_is_announced_is_maintenance_but_what_is_down_is_down() -> None:
    works = (
        '00:00 bob opens "### Starts\n\n2026-03-05T10:00\n\n### Ends\n\n2026-03-05T12:00\n\n### Emergency?\n\nNo"'
    ).replace("\n", "\\n") + "\n00:00 bob labels type/works\n00:00 bob labels product/shop"
    found = page(works, at="thu 11:00")
    assert states(found)["shop"] == "under_maintenance"
    assert [(one.product, one.lasts(found.now)) for one in found.maintenance] == [("shop", True)]
    assert states(page(works, DOWN.replace("10:00", "thu 10:30"), at="thu 11:00"))["shop"] == "major_outage"
    assert states(page(works, at="thu 12:00"))["shop"] == "operational"


def test_an_incident_is_told_with_its_changes_and_what_was_said_of_them() -> None:
    story = (
        DOWN
        + '10:05 bob says "/update We look."\n10:10 bob says "/root-cause a disk"\n10:11 bob says "/update A disk."'
        '\n11:00 bob says "/mitigated"\n11:30 bob says "/update It holds."\n12:00 bob says "/resolved"'
        "\n13:00 bob closes"
    )
    (one,) = page(story).incidents
    assert changes(one) == [
        ("investigating", ""), ("investigating", "We look."), ("identified", ""), ("identified", "A disk."),
        ("monitoring", ""), ("monitoring", "It holds."), ("resolved", ""),
    ]  # fmt: skip
    assert (one.started, one.seconds, one.open, one.impact) == (when("10:00"), 3600, False, "critical")


def test_what_begins_again_is_looked_into_again() -> None:
    (one,) = page(DOWN + OVER + "\n14:00 bob reopens").incidents
    assert [status for status, _ in changes(one)] == [
        "investigating", "monitoring", "investigating",
    ]  # fmt: skip
    assert one.open
    assert states(page(DOWN + "12:00 bob closes\n12:00:01 bob reopens", at="13:00"))["shop"] == "major_outage"


def test_times_that_end_before_they_begin_are_unknown_and_grey() -> None:
    wrong = DOWN + '10:30 bob says "/mitigated 09:00"\n12:00 bob closes'
    found = page(wrong)
    (one,) = found.incidents
    assert one.seconds is None
    assert not one.open
    assert found.products[0].months[1].unknown > 0
    assert found.products[0].months[1].down == 0


@pytest.mark.parametrize(
    "said, title",
    [
        ('10:05 bob says "/public-title Payments are slow"', "Payments are slow"),
        ('10:05 bob says "/public-title One"\n10:06 bob says "/public-title Two"', "Two"),
        ('10:05 bob says "/public-title One"\n10:06 bob deletes 1', ""),
        ('10:05 bob says "/public-title One"\n10:06 bob edits 1 "/public-title Other"', "Other"),
        ('10:05 bob says "/public-title One"\n10:06 bob edits 1 "Never mind"', ""),
        ('10:05 carla says "/public-title Mine"', ""),  # not hers to say
        ('10:05 bob says "/public-title <b>|</b>"', "<b>|</b>"),
        ('10:05 bob says "Payments are slow"', ""),
    ],
)
def test_a_title_is_public_only_where_somebody_said_so_and_it_stands(said: str, title: str) -> None:
    (one,) = page(DOWN + said).incidents
    assert one.title == title


@pytest.mark.parametrize(
    "said", ["/update We look.", "/update\\nWe look.", "/update\\n\\nWe look.", "Hi.\\n\\n/update We look."]
)
def test_an_update_is_public_wherever_its_text_begins(said: str) -> None:
    (one,) = page(DOWN + f'10:05 bob says "{said}\\n\\nAnd that is for us."').incidents
    assert [text for _, text in changes(one) if text] == ["We look."]


@pytest.mark.parametrize(
    "said, why",
    [
        ("Acme Corp cannot pay", "it names the customer acme-corp, and `publish.customers` does not"),
        ("ACME\u00a0CORP's orders", "it names the customer acme-corp, and `publish.customers` does not"),
        ("ac\u200bme_corp", "it names the customer acme-corp, and `publish.customers` does not"),
        *(
            (said, "it names the customer acme-corp, and `publish.customers` does not")
            for said in (
                "AcmeCorp cannot pay",
                "mail it@acmecorp.example",
                "A.c.m.e. C-o-r-p",
                "Ac\ufe0fme Corp",
                "A\u034fcme Corp",
                "Ac\u3164me Corp",
                "Ac\u00adme Corp",
                "\u0410\u0441me \u0421\u043erp",
                "\u0391cme Corp",
                "\u00c1cme Corp",
                "Acme\u0301 Corp",
                "&#65;cme Corp",
                "Acme&nbsp;Corp",
                "Acme&shy;Corp",
                "\u24b6\u24d2\u24dc\u24d4 Corp",
            )
        ),
        ("@\u200bann is on it", "it mentions @ann"),
        ("\uff20ann is on it", "it mentions @ann"),
        ("&#64;ann is on it", "it mentions @ann"),
        ("carlab told us", "it names carla-b, who is of the customer acme-corp"),
        ("Carla-B told us", "it names carla-b, who is of the customer acme-corp"),
        ("see bolt/site", "it names the customer bolt, and `publish.customers` does not"),
        ("@ann is on it", "it mentions @ann"),
    ],
)
def test_what_names_somebody_is_withheld_with_the_reason(said: str, why: str) -> None:
    story = (
        DOWN + f'10:05 bob says "/public-title {said}"\n10:06 bob says "/update {said}"\n10:07 bob says "/update Ok"'
    )
    found = page(story)
    (one,) = found.incidents
    assert one.title == ""
    assert [text for _, text in changes(one) if text] == ["Ok"]
    assert [withheld.why for withheld in found.withheld] == [why, why]


def test_a_customer_whom_the_policy_names_may_be_named_but_not_their_people() -> None:
    found = page(
        DOWN + '10:05 bob says "/update Acme Corp waits"\n10:06 bob says "/update carla-b waits"',
        more="  customers: acme-corp\n",
    )
    assert [text for _, text in changes(found.incidents[0]) if text] == ["Acme Corp waits"]
    assert len(found.withheld) == 1


def test_what_looks_like_a_name_and_is_none_is_told() -> None:
    for said in ("acmecorporate", "pacme corp", "Mail status@example.org", "bolts", "corp acme"):
        assert page(DOWN + f'10:05 bob says "/update {said}"').withheld == ()


@pytest.mark.parametrize(
    "story",
    [
        DOWN + '10:05 bob says "/close false-alarm: a test"',
        DOWN + "10:05 bob unlabels priority/high",
        DOWN.replace("product/shop", "product/old"),  # not published
    ],
)
def test_what_is_no_incident_of_a_published_product_is_not_told(story: str) -> None:
    assert page(story).incidents == ()


def test_only_incidents_that_the_policy_names_are_told_and_downtime_counts_all_the_same() -> None:
    found = page(DOWN + OVER, more="  incidents: { state: hold }\n")
    assert found.incidents == ()
    assert found.products[0].months[1].down == 3600


def test_what_was_said_and_over_before_the_public_read_is_told_to_nobody() -> None:
    early = DOWN + '10:05 bob says "/update For customers"\n' + OVER
    late = (
        DOWN
        + '10:05 bob says "/public-title Before"\n10:06 bob says "/update Before"\ntue 09:00 bob says "/update Now"'
    )
    found = page(early, late, more="  since: 2026-03-03\n")
    (one,) = found.incidents
    assert (one.title, [text for _, text in changes(one) if text]) == ("", ["Now"])
    assert found.products[0].months[1].down > 0


def test_days_and_times_are_those_of_the_products_own_zone() -> None:
    tokyo = ("shop: { name: Web shop,", "shop: { name: Web shop, timezone: Asia/Tokyo,")
    night = DOWN.replace("10:00", "tue 20:00") + "tue 21:00 bob closes"  # 04:00 to 05:00 on Wednesday in Tokyo
    made = site(status_page(seen(publishing("uptime, incidents", "", tokyo), APRIL, DOWN + OVER, night)))
    day = re.search(r'<tr><th scope="row">Wed 4 Mar 2026</th>(.*)</tr>', made["days-shop.html"])
    assert day is not None
    assert "1 h" in day[1]
    assert "Wed 4 Mar 2026, 04:00 (Asia/Tokyo)" in made["index.html"]
    assert "Times are those of Asia/Tokyo." in made["days-shop.html"]


def test_an_issue_that_was_deleted_is_gone_with_its_downtime() -> None:
    policy_ = publishing()
    cases = [numbered('00:00 carla opens "Why?"', 1), numbered(DOWN + OVER, 2)]
    with_it, without = (status_page(seen(policy_, APRIL, *kept)) for kept in (cases, cases[:1]))
    assert with_it.products[0].months[1].down == 3600
    assert without.products[0].months[1].down == 0
    assert (len(with_it.incidents), without.incidents) == (1, ())


@pytest.mark.parametrize("status, shown", [("draft", False), ("review", False), ("final", True)])
def test_a_post_mortem_is_linked_once_it_is_final(status: str, shown: bool) -> None:
    case = numbered(DOWN + OVER, 1)
    written = WrittenUp("docs/incidents/a.md", "https://x/a.md", "Secret", (case.url,), "shop", "disk", status, ())
    found = status_page(seen(publishing(), APRIL, case, written=(written,)))
    assert found.incidents[0].post_mortem == ("https://x/a.md" if shown else "")
    hidden = status_page(seen(publishing("incidents"), APRIL, case, written=(written,)))
    assert hidden.incidents[0].post_mortem == ""


def test_a_post_mortem_whose_place_names_a_customer_is_not_linked_and_that_is_told() -> None:
    case, path = numbered(DOWN + OVER, 1), "docs/incidents/2026-03-02-1-acme-corp-cannot-pay.md"
    written = WrittenUp(path, f"https://x/{path}", "Secret", (case.url,), "shop", "disk", "final", ())
    found = status_page(seen(publishing(), APRIL, case, written=(written,)))
    assert found.incidents[0].post_mortem == ""
    (one,) = found.withheld
    assert (one.path, one.why) == (path, "it names the customer acme-corp, and `publish.customers` does not")
    named = status_page(seen(publishing(more="  customers: acme-corp\n"), APRIL, case, written=(written,)))
    assert named.incidents[0].post_mortem == f"https://x/{path}"


def test_nothing_is_shown_that_is_not_named() -> None:
    found = page(DOWN + '10:05 bob says "/update Secret"', show="incidents")
    assert [text for _, text in changes(found.incidents[0]) if text] == []
    assert all(not product.days and product.whole is None and not product.months for product in found.products)
    bare = page(DOWN, show="uptime")
    assert (bare.incidents, bare.maintenance, bare.kept) == ((), (), ())


def test_a_policy_that_publishes_nothing_says_what_to_write() -> None:
    facts = seen(support(), APRIL)
    with pytest.raises(NotPublished, match=r"publish:\n  title: ") as told:
        status_page(facts)
    assert "docs/status-page.md" in str(told.value)
    unmeasured = replace(facts, policy=replace(publishing(), uptime=None))
    with pytest.raises(NotPublished, match="uptime"):
        status_page(unmeasured)
