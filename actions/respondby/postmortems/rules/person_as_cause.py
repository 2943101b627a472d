"""A person named as the cause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.wording import said_in
from respondby.postmortems.rule import Context, Example, Finding, Rule

_SLIP = r"(?:accidentally|mistakenly|inadvertently|unintentionally|carelessly|wrongly)"
_WHO = r"(?:engineer|developer|operator|admin(?:istrator)?|colleague|employee|technician|intern|contractor|user)"
_BLAME = re.compile(
    r"\b(?P<a>(?:human|user|operator|pilot) error)\b(?! (?:rate|page|message|code|handling|budget|log|report)s?\b)"
    rf"|\b(?P<b>(?:an?|the|one|our) (?:[\w-]+ ){{0,2}}?{_WHO} (?:had )?"
    rf"(?:{_SLIP} \w+|forgot\b|neglected\b|made an? (?:mistake|error)))"
    rf"|(?P<c>(?<![\w@])@[\w-]+ (?:had )?(?:{_SLIP} \w+|forgot\b|neglected\b))"
    rf"|(?P<d>\b{_SLIP} \w+ by (?:@[\w-]+|(?:an?|the|one|our) (?:[\w-]+ )?{_WHO})\b)",
    re.IGNORECASE,
)


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for line, column, said in said_in(document, _BLAME, "cause", "contributing"):
        message = f"“{' '.join(said.split())}” names a person's slip as the cause."
        yield Finding(line, column, message, said, "Say what made the slip possible, and what would have caught it.")


RULE = Rule(
    name="person-as-cause",
    says="A person's slip as the cause, in sections of cause and contributing factors.",
    why="A cause that is a person ends the search; what let the slip through stays.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n## Contributing factors\n\n- Human error\n"),
        Example("# Orders fail\n\n## Root cause\n\nAn on-call engineer accidentally deleted the table.\n"),
    ),
    left_alone=(
        Example(
            "# Orders fail\n\n## Root cause\n\nThe pipeline accidentally reverted "
            "the change; “human error”, said one.\n"
        ),
        Example("# Orders fail\n\n## Timeline\n\n10:00 UTC An engineer accidentally deleted the table.\n"),
        Example("# Orders fail\n\n## Root cause\n\nThe user error page was cached.\n"),
    ),
)
