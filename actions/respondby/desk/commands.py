"""Commands and mentions: which of a policy's words a text says, and with what.

Laws of this module:

- A `/command` starts a line (up to three spaces before it) and ends at white space. An `@mention` may stand anywhere in
  ordinary text. Both are read without regard to case. What is no ordinary text (quotes, code, links, HTML) says
  nothing.
- What cannot be seen does not matter around a word, and breaks it inside: `/a<zero width>ck` is no command.
- A command's block is the lines below it, up to the next command or to a blank line outside code. One that needs text
  (`awaits`) and has none yet takes what stands below the blank lines that follow it: where else should it stand?
- What stands on the line of a command that takes something is read whole or refused, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import read_time
from respondby.dataclass import dataclass
from respondby.desk.labelled import labelled_answers
from respondby.desk.markdown import Reading, read
from respondby.desk.refusals import Refusal, Usage
from respondby.desk.vocabulary import trimmed, vocabulary
from respondby.policy.model.requests import Argument, ArgumentType, Command, Question

_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9_-]{0,60}[A-Za-z0-9])?(?:\[bot\])?)")
_REF = re.compile(r"\d{1,12}|(?:[\w.-]+/[\w.-]+)?#\d{1,12}|#issuecomment-\d{1,20}|https?://[^\s<>]+")
_QUOTED = re.compile(r'"([^"\n]*)"|“([^”\n]*)”')


@dataclass(frozen=True, slots=True)
class Line:
    """A word of the policy that was said, as the policy spells it.

    `rest` is what follows on its line, `line` the line's number (from 1), `block` the lines that belong to it, as they
    were written.
    """

    word: str
    rest: str
    line: int
    block: tuple[str, ...] = ()


#: No more of a text is read than so many characters, nor what comes after so many words of the policy's.
MOST_READ, MOST_WORDS = 16_000, 200


def parted(text: str, words: Collection[str]) -> tuple[str, str]:
    """What is read of a text, and what is not: whole lines, but where the line itself has no end.

    Reading Markdown takes time, and a case is read at every sweep. What people write is shorter by far.
    """
    if len(text) <= MOST_WORDS:
        return text, ""
    end = min(len(text), MOST_READ)
    found = vocabulary(frozenset(words)).wanted.finditer(text, 0, end)
    end = next((match.start() for match in islice(found, MOST_WORDS, None)), end)
    if end == len(text):
        return text, ""
    line = text.find("\n", end, end + MOST_READ)
    end = end if line < 0 else line + 1
    return text[:end], text[end:]


def command_lines(text: str, words: Collection[str], awaits: Collection[str] = ()) -> tuple[Line, ...]:
    """The commands and mentions of `words` that `text` says, in the order of their lines.

    A line that mentions the same word twice says it once. Costs next to nothing where none of the words occurs.
    """
    return _read_lines(text, frozenset(words), frozenset(awaits))[1]


def only_commands(
    text: str, words: Collection[str], blocks: Collection[str] | None = None, awaits: Collection[str] = ()
) -> bool:
    """Whether `text` says commands and nothing else: such a comment is no response (rule 6).

    The lines of a command's block belong to it; with `blocks`, only those of the commands named there (the ones that
    take a text or need answers). A mention among other words is part of what is said. Quoted lines and HTML comments
    are nobody's words here.
    """
    reading, lines = _read_lines(text, frozenset(words), frozenset(awaits))
    return reading is not None and bool(lines) and not _beside(reading, lines, words, blocks)


def words_beside(
    text: str, words: Collection[str], blocks: Collection[str] | None = None, awaits: Collection[str] = ()
) -> tuple[str, ...]:
    """The lines of a text that are not commands, blank or quoted, as `only_commands` sees them."""
    reading, lines = _read_lines(text, frozenset(words), frozenset(awaits))
    if reading is None:
        return tuple(line for line in map(trimmed, text.splitlines()) if line)
    return _beside(reading, lines, words, blocks)


def _beside(
    reading: Reading, lines: Sequence[Line], words: Collection[str], blocks: Collection[str] | None
) -> tuple[str, ...]:
    known = vocabulary(words)
    owned = set(reading.quoted)
    mentions: set[int] = set()
    for line in lines:
        if line.word.startswith("@"):
            mentions.add(line.line - 1)
            continue
        owned.add(line.line - 1)
        if blocks is None or line.word in blocks:
            owned.update(range(line.line, line.line + len(line.block)))
    return tuple(
        trimmed(line)
        for number, line in enumerate(reading.lines)
        if number not in owned
        and trimmed(line)
        and not (number in mentions and known.alone.fullmatch(line) is not None)
    )


def arguments(command: Command, line: Line) -> dict[str, str] | Refusal:
    """What a command was given, by the names of what it takes (optional ones may be missing), or why that is not right.

    A text is as typed; one that comes last includes the block. A time is ISO 8601, local unless it has an offset, and
    a duration any that the policy accepts: both as typed, their sense being judged later. A login has no `@`. Where a
    command takes several things, each may also stand on a line of its own: `name: value`. A command that takes nothing
    ignores what follows it.
    """
    if not command.takes:
        return {}
    if len(command.takes) > 1:
        named, left = labelled_answers([(arg.name, (arg.name,)) for arg in command.takes], (line.rest, *line.block))
        if named:
            rest = tuple(arg for arg in command.takes if arg.name not in named)
            return _typed(command, rest, "\n".join(left).strip(), named)
    with_block = command.takes[-1].type == "text"
    return _typed(command, command.takes, "\n".join((line.rest, *(line.block if with_block else ()))).strip(), {})


def block_answers(questions: Sequence[Question], lines: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The answers in a block by question id, and what the required questions without an answer ask.

    A line `Label: value` answers; further lines belong to the value. A label is what the question asks, or its id,
    without regard to case. A label that occurs twice answers nothing, nor does an answer that is none of a question's
    options. Where only one question is asked, the whole block may be its answer.
    """
    labels = [(question.id, (question.ask, question.id, question.id.replace("-", " "))) for question in questions]
    answers, left = labelled_answers(labels, lines)
    whole = "\n".join(left).strip()
    if not answers and whole and len(questions) == 1:
        answers = {questions[0].id: whole}
    kept: dict[str, str] = {}
    for question in questions:
        answer = answers.get(question.id, "")
        if question.options:
            answer = next((option for option in question.options if option.casefold() == answer.casefold()), "")
        if answer:
            kept[question.id] = answer
    return kept, tuple(question.ask for question in questions if question.id not in kept and not question.optional)


@lru_cache(maxsize=4)
def _read_lines(text: str, words: frozenset[str], awaits: frozenset[str]) -> tuple[Reading | None, tuple[Line, ...]]:
    """The reading and its commands; the last few are kept, since a comment is asked for both and an edit for two."""
    known = vocabulary(words)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not known.wanted.search(text):
        return None, ()
    reading = read(text, known.wanted)
    heads: list[tuple[int, str, str]] = []
    for piece in reading.pieces:
        indent = len(piece.text) - len(piece.text.lstrip(" "))
        if piece.starts and _from_the_start(reading.lines[piece.line], piece.text[indent:]):
            command = known.command(piece.covered[indent:])
            if command is not None:
                heads.append((piece.line, command[0], trimmed(piece.text[indent + command[1] :])))
        mentions = known.mentions(piece.covered)
        heads.extend((piece.line, word, trimmed(piece.text[end:])) for word, end in mentions.items())
    # A command's block may hold mentions; a mention's own block ends where anything else is said.
    commands = {line for line, word, _ in heads if word.startswith("/")}
    anything = {line for line, _, _ in heads}
    found = []
    for line, word, rest in heads:
        stops = commands if word.startswith("/") else anything
        found.append(Line(word, rest, line + 1, _block(reading, line, stops, over_blank=word in awaits and not rest)))
    return reading, tuple(found)


def _from_the_start(line: str, piece: str) -> bool:
    """Whether this piece is the whole line, indented by three spaces at most (a list item's text is not)."""
    return any(line.startswith(piece, spaces) for spaces in range(4) if line[:spaces].strip(" ") == "")


def _block(reading: Reading, head: int, stops: Collection[int], *, over_blank: bool) -> tuple[str, ...]:
    """The lines that belong to the command of line `head`; a code block that begins among them is taken whole. With
    `over_blank` blank lines before the first of them belong to it as well.
    """
    lines = reading.lines
    end = head + 1
    while over_blank and end < len(lines) and end not in stops and not trimmed(lines[end]):
        end += 1
    if end == len(lines) or end in stops:
        return ()
    while end < len(lines) and end not in stops and trimmed(lines[end]):
        end = reading.code.get(end, end + 1)
    return tuple(line.rstrip() for line in lines[head + 1 : end])


def _typed(command: Command, takes: Sequence[Argument], text: str, named: dict[str, str]) -> dict[str, str] | Refusal:
    """`named` checked, and `text` shared out among `takes` in their order."""
    kinds = {arg.name: arg.type for arg in command.takes}
    usage = Usage(command.word, command.takes)
    given: dict[str, str] = {}
    for name, value in named.items():
        read_whole = _read(kinds[name], value)
        if read_whole is None:
            return Refusal.of("argument-wrong", said=_short(value), kind=kinds[name], usage=usage)
        given[name] = read_whole
    shared = _share(takes, text)
    if shared is not None:
        given |= shared
        return {arg.name: given[arg.name] for arg in command.takes if arg.name in given}
    required = next((arg for arg in takes if not arg.optional), None)
    if required is not None and not text:
        return Refusal.of("argument-missing", argument=required.name, kind=required.type, usage=usage)
    return Refusal.of("argument-unread", said=_short(text), word=command.word, usage=usage)


def _share(takes: Sequence[Argument], text: str) -> dict[str, str] | None:
    """The first way in which `text` is exactly what `takes` asks for, or None."""
    if not takes:
        return None if text else {}
    first, others = takes[0], takes[1:]
    for value, left in _beginnings(first, others, text):
        shared = _share(others, left)
        if shared is not None:
            return {first.name: value} | shared
    return _share(others, text) if first.optional else None


def _beginnings(arg: Argument, others: Sequence[Argument], text: str) -> Iterator[tuple[str, str]]:
    """The readings of the beginning of `text` as `arg`, each with what is left."""
    if not text:
        return
    if arg.type == "text":
        quoted = _QUOTED.match(text)
        if quoted and others:
            yield quoted[1] or quoted[2] or "", text[quoted.end() :].strip()
        # Where one text ends and the next begins, nobody can tell; a time or a login at the end is told from a text.
        if not any(other.type == "text" and not other.optional for other in others):
            if any(other.type != "text" for other in others):
                for cut in _cuts_from_the_end(text, 6 * len(others)):
                    yield text[:cut].rstrip(), text[cut:].lstrip()
            yield text, ""
        return
    # A duration may take several words, a time two; nothing takes more.
    words = list(re.finditer(r"\S+", text[:200]))[: {"duration": 6, "time": 2}.get(arg.type, 1)]
    for word in reversed(words):
        value = _read(arg.type, text[: word.end()])
        if value is not None:
            yield value, text[word.end() :].strip()


def _cuts_from_the_end(text: str, most: int) -> Iterator[int]:
    """Where the last word begins, then the last two, and so on."""
    tail = max(0, len(text) - 400)
    starts = [word.start() + tail for word in re.finditer(r"(?<!\S)\S+", text[tail:])]
    yield from reversed([start for start in starts if start][-most:] if most else [])


def _read(kind: ArgumentType, text: str) -> str | None:
    """The text as an argument of that kind, or None where it is none."""
    text = text.strip()
    if kind == "login":
        login = _LOGIN.fullmatch(text)
        return login[1] if login else None
    if kind == "ref":
        return text if _REF.fullmatch(text) else None
    try:
        if kind == "time":
            read_time(text)
        elif kind == "duration":
            parse_duration(text)
    except TimeError:
        return None
    return text or None


def _short(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= 60 and first == text else f"{first[:59].rstrip()}…"
