"""The words of one desk: ours, and those with which its repository replaces them (`messages: FOLDER` of the policy).

`card.md` in the folder replaces our letter of that name in the desk's own language, `nl/card.md` the Dutch one; the
others are `say.md`, `news.md`, `elsewhere.md`, `call.txt`, `subject.txt` and `reason.md`, which they share; all other
words are in `words.json`.
Laws:

- A file that is broken is not used: ours is, and `broken` says which file it was and why. Nobody goes unanswered.
- A language is loaded when it is spoken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from respondby.dataclass import dataclass
from respondby.letters.words import (
    DEFAULT,
    Words,
    WordsError,
    chosen_language,
    languages,
    our_text,
    our_words,
    replaced,
)
from respondby.policy.model.policy import Policy

if TYPE_CHECKING:
    from respondby.letters.bounds import Bounded

#: Every file that a folder of messages may hold, for each language.
LETTERS = (
    "card.md", "say.md", "news.md", "elsewhere.md", "log.md", "draft.md", "duty.md", "duty-card.md", "item.md",
    "reason.md", "call.txt", "subject.txt",
)  # fmt: skip
WORDS = "words.json"

#: Those that most desks send.
_USUAL = ("card.md", "say.md", "reason.md", "call.txt", "subject.txt")

#: More characters than these are no letter.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a file is not used, and the line that showed it."""

    why: str
    line: int = 1

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


class Messages:
    """A desk's letters and words. `language` is its own; `broken` says what is wrong with a file, by its path."""

    __slots__ = ("_environments", "_files", "_folder", "_words", "broken", "language", "titles")

    def __init__(
        self, files: Mapping[str, str], folder: str = "", titles: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """`files` are the texts of the folder's files, by their paths in the repository, among others; `titles` what
        the policy calls its clocks and duties, by their keys.
        """
        self.titles = titles
        self._folder = f"{folder.rstrip('/')}/" if folder else ""
        below = {path[len(self._folder) :]: path for path in files if path.startswith(self._folder)} if folder else {}
        self._files = {name: files[path] for name, path in below.items() if name.rsplit("/")[-1] in (*LETTERS, WORDS)}
        self._environments: dict[str, Bounded] = {}
        self._words: dict[str, Words] = {}
        self.broken: dict[str, Broken] = {}
        self.language = chosen_language(self._files.get(WORDS, "{}")) or DEFAULT

    @classmethod
    def of(cls, policy: Policy, files: Mapping[str, str]) -> Messages:
        """The words of a policy's desk; `files` are the texts of the files that it names."""
        clocks = {name: clock.title for name, clock in policy.clocks.items() if clock.title is not None}
        duties = {name: duty.title for name, duty in policy.duties.items() if duty.title is not None}
        return cls(files, policy.messages or "", {**clocks, **duties})

    @property
    def folders(self) -> frozenset[str]:
        """The languages that the repository has files for."""
        return frozenset(name.partition("/")[0] for name in self._files if "/" in name)

    def spoken(self, tag: str | None) -> str:
        """The language to speak to somebody of this language tag: `nl` for `nl-BE`; the desk's own for none known."""
        known = languages() | self.folders
        if tag is None:
            return self.language
        return next((one for one in (tag, tag.partition("-")[0]) if one in known), self.language)

    def words(self, language: str) -> Words:
        """The words of a language."""
        if language not in self._words:
            words = our_words(self._ours(language))
            for name in reversed(list(self._own(language, WORDS))):
                try:
                    words = replaced(words, self._bounded(name))
                except WordsError as error:
                    self.broken[self._folder + name] = Broken(str(error))
            self._words[language] = words
        return self._words[language]

    def render(self, language: str, name: str, context: dict[str, Any]) -> str:
        """The letter of that file name in a language, without white space around it."""
        from jinja2 import TemplateError

        from respondby.letters.bounds import Bounded

        while True:
            if language not in self._environments:
                self._environments[language] = Bounded(lambda name: self._source(language, name))
            try:
                return self._environments[language].letter(name, context).strip()
            except (
                TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
            ) as error:  # fmt: skip
                place = self._place(error) or self._suspect(language, name)
                if place is None:
                    raise
                path, line = place
                self.broken[path] = Broken(_one_line(error), line)
                del self._environments[language]

    # -- where a letter comes from ------------------------------------------------------------------------------------

    def _ours(self, language: str) -> str:
        """The language of ours that stands in for one that we have no letters in."""
        return language if language in languages() else self.language

    def _own(self, language: str, name: str) -> Iterator[str]:
        """The repository's files for a letter, nearest first, that are there and not broken."""
        names = [f"{language}/{name}"]
        if self._ours(language) == self.language:
            names.append(name)
        yield from (one for one in names if one in self._files and self._folder + one not in self.broken)

    def _source(self, language: str, name: str) -> tuple[str, str | None] | None:
        """The template of that name, and the path of the repository's file if it is one."""
        if name not in LETTERS:
            return None
        for own in list(self._own(language, name)):
            try:
                return self._bounded(own), self._folder + own
            except WordsError as error:
                self.broken[self._folder + own] = Broken(str(error))
        return our_text(self._ours(language), name), None

    def _bounded(self, name: str) -> str:
        text = self._files[name]
        if len(text) > LONGEST:
            raise WordsError(f"this file has {len(text)} characters; a letter has {LONGEST} at most")
        return text

    def _suspect(self, language: str, name: str) -> tuple[str, int] | None:
        """The repository's file that a letter of ours, in which the error came up, depends on."""
        own = next((own for one in ("reason.md", name) for own in self._own(language, one)), None)
        return None if own is None else (self._folder + own, 1)

    def _place(self, error: Exception) -> tuple[str, int] | None:
        """The repository's file, and its line, in which an error came up last; None where it was in none of them."""
        own = {self._folder + name for name in self._files}
        found = None
        step = error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename in own:
                found = step.tb_frame.f_code.co_filename, step.tb_lineno
            step = step.tb_next
        filename = getattr(error, "filename", None)
        return (str(filename), int(getattr(error, "lineno", 0))) if filename in own else found


def _one_line(error: Exception) -> str:
    """What an error says, for a sentence."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


#: Our own words alone.
OURS = Messages({})


def compile_ours(language: str) -> None:
    """Make the code of the letters that most desks send, in a language, for a process that others are forked from."""
    from respondby.letters.bounds import Bounded

    letters = Bounded(lambda name: (our_text(language, name), None))
    for name in _USUAL:
        letters.get_template(name)
