"""What stands in a comment that only carries on the card's record, out of sight."""

from __future__ import annotations

from respondby.letters.messages import OURS, Messages
from respondby.letters.templates import with_marker
from respondby.letters.when import speaking
from respondby.rules.card_facts import CardFacts


def render_record(facts: CardFacts, marker: str, *, messages: Messages = OURS) -> str:
    """One sentence in the customer's language, then the marker."""
    voice = speaking(facts.language, facts.timezone, facts.customer_timezone, messages=messages)
    return with_marker(str(voice.words["record"]), marker, voice)
