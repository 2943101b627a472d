"""A policy's words as patterns: what a command and a mention look like in ordinary text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from respondby.dataclass import dataclass
from respondby.kept import Kept

#: Characters without width, and marks that turn the direction of writing: nobody sees them. A pattern's class.
INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"

_HIDDEN = re.compile(f"[{INVISIBLE}]")
_WHITE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPANS = re.findall(r".-.|.", _WHITE + INVISIBLE, re.DOTALL)
_EDGE = "".join("".join(map(chr, range(ord(span[0]), ord(span[-1]) + 1))) for span in _SPANS)
#: A word ends where white space begins; what cannot be seen in between does not count.
_WORD_END = rf"(?=[{INVISIBLE}]*(?:\s|\Z))"
#: What may follow a mention: not more of a name (`@helper`, `@help-desk`, `@help_acme`), an address or a team's path.
_NAME_END = rf"(?![{INVISIBLE}]*(?:_*[^\W_]|-+\w|[./@]\w))"
#: What may stand before it: no letter or digit, and nothing of an address.
_NAME_BEFORE = re.compile(r"[^\W_]|[/@]")
_COMMAND = re.compile(rf"[{INVISIBLE}]*(/[^\s{INVISIBLE}]+){_WORD_END}")


def trimmed(text: str) -> str:
    """Without the white space and the invisible characters at both ends."""
    return text.strip(_EDGE)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A policy's words, ready to be looked for. `wanted` may find what is none, but misses none.

    `alone` matches a line that holds mentions and otherwise no letter and no digit.
    """

    words: dict[str, str]
    wanted: re.Pattern[str]
    mention: re.Pattern[str]
    alone: re.Pattern[str]

    def command(self, line: str) -> tuple[str, int] | None:
        """The command that starts this line, as the policy spells it, and where its word ends."""
        found = _COMMAND.match(line)
        word = self._spelled(found[1]) if found else None
        return (word, found.end()) if found and word else None

    def mentions(self, line: str) -> dict[str, int]:
        """The mentions in this line, each with the place where its first one ends."""
        ends: dict[str, int] = {}
        for found in self.mention.finditer(line):
            word = self._spelled(found[0])
            if word is None or word in ends:
                continue
            before = _HIDDEN.sub("", line[max(0, found.start() - 64) : found.start()]).rstrip("_*~")
            if not _NAME_BEFORE.fullmatch(before[-1:]):
                ends[word] = found.end()
        return ends

    def _spelled(self, word: str) -> str | None:
        return self.words.get(word) or self.words.get(word.lower())


#: Those of the last few policies.
_MADE: Kept[tuple[str, ...], Vocabulary] = Kept(8)


def vocabulary(words: Collection[str]) -> Vocabulary:
    """The patterns of a policy's words; those of the last few policies are kept."""
    return _MADE.get(tuple(words), lambda: _vocabulary(words))


def known() -> list[tuple[tuple[str, ...]]]:
    """The words of which this process has the patterns."""
    return [(words,) for words, _ in _MADE.items()]


def learn(words: Sequence[str]) -> None:
    """Make the patterns of words that another process has."""
    vocabulary(words)


def _vocabulary(words: Collection[str]) -> Vocabulary:
    # Longest first, so that `@help-desk` is tried before `@help`. Without any, a pattern that never matches.
    ordered = sorted(words, key=len, reverse=True)
    # The sign stands before the alternatives: a search for it skips all other text at once.
    commands = "|".join(re.escape(word[1:]) for word in ordered if word.startswith("/")) or r"(?!)"
    mentions = "|".join(re.escape(word[1:]) for word in ordered if word.startswith("@")) or r"(?!)"
    mention = rf"@(?:{mentions}){_NAME_END}"
    return Vocabulary(
        words={word.lower(): word for word in words} | {word: word for word in words},
        wanted=re.compile(rf"/(?<![^\s{INVISIBLE}].)(?:{commands}){_WORD_END}|{mention}", re.IGNORECASE),
        mention=re.compile(mention, re.IGNORECASE),
        alone=re.compile(rf"(?:{mention}|[\W_])*", re.IGNORECASE),
    )
