"""A draft from the facts of a case: what it holds, that it passes its own check, that nobody's words break it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.postmortems.documents import checked

from respondby.calendars.instants import parse_time
from respondby.postmortems.document.document import read_document
from respondby.postmortems.drafting import NOTICE, draft, path_of, renewed, slug
from respondby.postmortems.facts import Happened, IncidentFacts, Outcome, Responder
from respondby.postmortems.rule import SECTIONS

URL = "https://github.com/acme/shop/issues/41"


def at(time: str) -> int:
    return parse_time(f"2026-11-30T{time}Z", None)


def facts(**changed: object) -> IncidentFacts:
    given = {
        "number": 41,
        "url": URL,
        "title": "Orders fail",
        "product": "shop",
        "severity": "P1",
        "cause": "",
        "milestones": {"detected": at("08:54"), "acknowledged": at("09:01"), "resolved": at("10:20")},
        "events": (
            Happened(at("08:54"), "carla", "opened it: Orders fail", URL),
            Happened(at("09:01"), "ann", "/ack", f"{URL}#issuecomment-7"),
            Happened(at("10:20"), "ann", "/resolved", f"{URL}#issuecomment-9"),
        ),
        "responders": (Responder("ann", at("08:55"), at("09:01")),),
        "promises": (Outcome("first-response", at("09:54"), "met", at("09:01")),),
        "impact": ("Nobody can order.",),
        "causes": (),
    }
    return IncidentFacts(**{**given, **changed})  # type: ignore[arg-type]


def test_a_draft_has_the_facts_the_sections_and_no_length_that_is_kept() -> None:
    text = draft(facts())
    assert text.startswith(
        f"---\nincident: {URL}\nproduct: shop\nseverity: P1\nstarted:\ndetected: 2026-11-30T08:54:00Z\n"
        "acknowledged: 2026-11-30T09:01:00Z\nmitigated:\nresolved: 2026-11-30T10:20:00Z\ncause:\nauthors: []\n"
        "status: draft\n---\n\n# Orders fail\n"
    )
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(SECTIONS)
    assert "| Time to resolve | 1 h 26 min | 2026-11-30T08:54:00Z to 2026-11-30T10:20:00Z |" in text
    assert f"| 2026-11-30 09:01 | ann: /ack ([there]({URL}#issuecomment-7)) |" in text
    assert "| ann | 2026-11-30 08:55 | 2026-11-30 09:01 |" in text
    assert "| first-response | 2026-11-30 09:54 | kept | 2026-11-30 09:01 |" in text
    assert "- Nobody can order." in text


def test_a_draft_is_named_for_its_day_its_incident_and_what_happened_and_passes_the_check() -> None:
    assert path_of(facts()) == "docs/incidents/2026-11-30-41-orders-fail.md"
    assert [problem.text() for problem in checked(draft(facts()), path_of(facts())).problems] == []
    assert slug("Été: l'API “tombe” | encore & encore une fois!") == "ete-l-api-tombe-encore-encore"
    assert slug("火事") == "incident"


def test_its_timeline_is_read_as_one() -> None:
    document = read_document(draft(facts()), path_of(facts()))
    assert [entry.stamp.minute for entry in document.timeline.timed] == [534, 541, 620]
    assert document.incidents == (URL,)


def test_other_sections_are_those_of_the_policy_and_no_fact_is_lost() -> None:
    text = draft(facts(), ("What happened", "Why", "Follow-ups"))
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == [
        "What happened",
        "Why",
        "Follow-ups",
        "Facts",
    ]
    assert "respondby:begin timeline" in text


def test_blocks_are_renewed_while_the_facts_change_and_what_people_wrote_stays() -> None:
    text = draft(facts()).replace("_Say why it happened", "The index was missing. _Say why it happened")
    text = text.replace("| ann | 2026-11-30 08:55", "| ann and bob | 2026-11-30 08:55")
    later = facts(impact=("Nobody can order.", "Refunds fail too."), responders=())
    again = renewed(text, later, path_of(later))
    assert "- Refunds fail too." in again
    assert "The index was missing." in again
    assert "ann and bob" in again
    assert again.count(NOTICE) == 1
    assert renewed(again, later, path_of(later)) == again


def test_the_lengths_of_a_renewed_document_are_those_of_its_own_milestones() -> None:
    text = draft(facts()).replace("started:", "started: 2026-11-30T08:20:00Z")
    assert "| Time to resolve | 2 h |" in renewed(text, facts(), path_of(facts()))


WORDS = st.text(min_size=1, max_size=60) | st.sampled_from(
    [
        "--> x",
        "<!-- respondby:end timeline -->",
        "a | b",
        "---",
        "@everyone #1",
        "```",
        "</table>",
        ": yes",
        "# x",
        "\u202e",
    ]
)


@given(WORDS, WORDS, WORDS)
def test_nobodys_words_end_a_block_a_row_or_the_front_matter(title: str, words: str, product: str) -> None:
    told = facts(
        title=title,
        product=product,
        impact=(words,),
        events=(Happened(at("09:00"), "carla", words, URL),),
        causes=(words,),
    )
    text = draft(told)
    document = read_document(text, path_of(told))
    assert document.incidents == (URL,)
    assert document.front.text("status") == "draft"
    assert [entry.stamp.minute for entry in document.timeline.timed] == [540]
    assert renewed(text, told, path_of(told)) == text
    errors = [one.rule for one in checked(text, path_of(told)).problems if one.severity == "error"]
    assert errors == []
