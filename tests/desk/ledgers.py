"""Generated ledgers: few keys, so that two of them often meet, and texts that try to break out of a marker."""

from __future__ import annotations

from hypothesis import strategies as st

from respondby.desk import results
from respondby.desk.ledger import Ledger
from respondby.desk.records import Elsewhere, Kept, Pin, Record

words = st.one_of(
    st.sampled_from(
        ["", "answer", "-->", "--", "<!--", "<b>&amp;", "\u2028", "ünïcode 🚒", 'quo"te', "back\\slash", "\\u002d"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
keys = st.sampled_from(["answer/I_1/75%/0", "answer/I_1/due/0", "command/@help/IC_1:1", "rule/--x-->/I_1"])
#: From the year 1 on, Go's zero time: whatever an instant says, its record has to be read again.
instants = st.one_of(st.integers(-62_135_596_800, 4_000_000_000), st.integers(-3, 3))
pairs = st.lists(st.tuples(words, words), max_size=2).map(tuple)
verbs = st.sampled_from(["page", "notify", "call"])
sent = st.sampled_from(["reached", "failed", "joined"])
came_of_it = st.one_of(
    st.builds(
        results.Tried, verbs, words, words, st.sampled_from(["reached", "failed", "joined"]), words, st.booleans()
    ),
    st.builds(results.Mentioned, words, st.booleans(), st.booleans(), words),
    st.builds(results.Deferred, words, instants),
    st.builds(results.RoleEmpty, words),
    st.builds(results.StoodIn, words),
    st.builds(results.CalledBefore, words),
    st.builds(results.NotAssigned, words),
    st.builds(results.PagerUpdated, st.sampled_from(["acknowledge", "resolve"]), words, words, st.booleans(), words),
    st.builds(results.Opened, words, st.booleans()),
    st.builds(results.Tracked, words, words, words, instants, st.sampled_from(["done", "failed", "gone"])),
    st.builds(results.Commented, st.booleans(), words),
)
records = st.builds(
    Record,
    key=keys,
    at=instants,
    done=st.integers(-1, 3),
    outcome=st.sampled_from(["done", "overtaken"]),
    results=st.lists(came_of_it, max_size=3).map(tuple),
    sets=pairs,
    labels=st.lists(words, max_size=2).map(tuple),
    policy=words,
    raises=pairs,
    closes=st.booleans(),
    reopens=st.booleans(),
    unlabels=st.lists(words, max_size=2).map(tuple),
    outstanding=st.sets(st.sampled_from(["assign", "react"])).map(lambda found: tuple(sorted(found))),
)
pins = st.builds(Pin, keys, words, words, words)
kept = st.builds(Kept, keys, instants, words, words, words, words, words)


elsewhere = st.builds(Elsewhere, st.integers(1, 3), words, words, keys)


def ledgers() -> st.SearchStrategy[Ledger]:
    """Ledgers of a few records, pins and kept facts."""
    return st.builds(
        Ledger,
        st.lists(records, max_size=3).map(lambda found: {record.key: record for record in found}),
        st.lists(pins, max_size=2).map(lambda found: {pin.key: pin for pin in found}),
        st.lists(kept, max_size=2).map(lambda found: {fact.key: fact for fact in found}),
        st.lists(elsewhere, max_size=2).map(lambda found: {made.key: made for made in found}),
    )
