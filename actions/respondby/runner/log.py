"""A log in which nothing that somebody wrote in an issue can become a workflow command (law 8).

The runner reads commands out of what a step prints: a line that begins with `::`, after blanks, and `##[` anywhere in
a line. A title such as "x⏎::add-mask::y" must therefore not reach standard output or standard error as it is; nor must
a traceback that quotes it. So in a runner both streams are wrapped, and only `respondby.runner.commands`
writes commands, past the wrapper.
"""

import io
import re
import sys
from typing import TextIO

# The runner splits at line feeds and returns; the other breaks are here for whatever shows the log.
_LINE_START = re.compile(r"(\A|[\n\x85\u2028\u2029])([^\S\n\x85\u2028\u2029]|[\ufeff\u200b-\u200f\u2060])*:(?=:)")
_OLD_COMMAND = re.compile(r"##(?=\[)")
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n"}


def harmless(text: str) -> str:
    """The text with every workflow command in it broken by a space, and control characters shown, not sent.

    The text is taken to begin at the start of a line. Line breaks and tabs stay.
    """
    shown = text.replace("\r\n", "\n").translate(_CONTROL)
    return _OLD_COMMAND.sub("## ", _LINE_START.sub(r"\g<0> ", shown))


def one_line(text: str, limit: int = 120) -> str:
    """The text on one line, harmless, with at most that many characters: how a title is named in a log."""
    joined = harmless(" ".join(text.split()))
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"


class HarmlessStream(io.TextIOBase):
    """A text stream that passes on whole lines only, each made harmless.

    `flush` ends an unfinished line: a command in two halves, flushed between them, would otherwise come together again.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.unfinished = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream behind."""
        return self.stream.encoding

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Takes the text; passes on the lines that it completes."""
        whole, newline, self.unfinished = (self.unfinished + text).rpartition("\n")
        if newline:
            self._pass_on(whole + newline)
        return len(text)

    def flush(self) -> None:
        """Passes on what there is, as a line."""
        if self.unfinished:
            self.write("\n")
        self.stream.flush()

    def _pass_on(self, text: str) -> None:
        # A lone surrogate, which JSON can carry into a title, must not end the run in an encoding error.
        self.stream.write(harmless(text).encode("utf-8", "backslashreplace").decode("utf-8"))


def guard_standard_streams() -> None:
    """From here on, everything this process prints is harmless to the runner. Doing it twice does it once."""
    if not isinstance(sys.stdout, HarmlessStream):
        sys.stdout = HarmlessStream(sys.stdout)
    if not isinstance(sys.stderr, HarmlessStream):
        sys.stderr = HarmlessStream(sys.stderr)
