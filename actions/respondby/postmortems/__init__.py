"""Post-mortems: the document as people write it, what is wrong with one, the index of many. Pure: texts in, facts out.

Laws:

- Facts are computed, judgement is people's: a length of time is worked out from the times, never kept.
- Whatever the text holds, it is read to its end or refused with a word at its line; nothing in it is code.
- What is not certain is not said. A contradiction is reported only where two things that the document itself says
  cannot both be true.
- A rule is one file of `rules`, with its words, what it flags and what it leaves alone.

    document/    from text to facts, each with its place: front matter, outline, stamps, lengths, timeline, items
    rules/       what is looked at, one rule a file; `registry` finds them
    checking     every rule over every document, and what was allowed
    fixing       what can be mended without a person's judgement
    computed     the blocks that are written from facts
    index        the list of all post-mortems
"""
