"""What somebody should have done, where the cause is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.wording import said_in
from respondby.postmortems.rule import Context, Example, Finding, Rule

_PERSON = (
    r"(?:I|we|he|she|they|you|@[\w-]+|(?:the|our|an?) (?:[\w-]+ ){0,2}?(?:engineers?|developers?|operators?|"
    r"team|on-call|"
    r"reviewers?|author|colleagues?|responders?|admins?))"
)
_DONE = (
    r"(?:been more careful|been (?:paying|checking|watching)|known|seen|done|caught|read|told|asked|taken|made|"
    r"run|kept|"
    r"thought|found|given|gone|left|put|set|sent|spoken|stuck|understood|written|waited|(?!need)[a-z]{3,}ed)"
)
_HINDSIGHT = re.compile(
    rf"(?<![\w@]){_PERSON} (?:should|ought to|could easily|needed to) (?:\w+ )?have (?:\w+ly )?{_DONE}\b"
    rf"|\bif (?:only )?{_PERSON} had (?:only |just )?{_DONE}\b"
    rf"|\b(?:failed|neglected|forgot) to (?:notice|check|test|verify|read|follow|tell|inform)\b",
    re.IGNORECASE,
)


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for line, column, said in said_in(document, _HINDSIGHT, "cause", "contributing"):
        message = f"“{said}” judges an act by what was known only afterwards."
        yield Finding(line, column, message, said, "Say what they saw then, and why it made sense.")


RULE = Rule(
    name="hindsight",
    says="What a person or team should have done, in sections of cause and contributing factors.",
    why="It says nothing about why what was done made sense, and so nothing that can be changed.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n## Root cause\n\nWe should have noticed the queue.\n"),
        Example(
            "# Orders fail\n\n## Contributing factors\n\n- If the engineer had read "
            "the page, it would have been seen.\n"
        ),
    ),
    left_alone=(
        Example("# Orders fail\n\n## Root cause\n\nThe table should have an index. We should have a talk.\n"),
        Example("# Orders fail\n\n## What could be improved\n\nWe should have noticed the queue.\n"),
        Example(
            "# Orders fail\n\n## Root cause\n\n> We should have noticed.\n\nThey could have sent a forged request.\n"
        ),
    ),
)
