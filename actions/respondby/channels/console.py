"""Console: a line in the job's log. For trying a policy out, and for a person who watches the log."""

from __future__ import annotations

import re
import sys
from typing import TextIO

from respondby.channels.message import Message, Sent

#: Everything that ends a line, moves the cursor or colours, for any reader.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Console:
    """Writes one line for each message. It needs no secret; the policy's value for it is only a name."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, message: Message) -> Sent:
        """Write `page for ann: subject (url)`."""
        stream = sys.stderr if self._stream is None else self._stream
        stream.write(f"{one_line(f'{message.verb} for {message.to}: {message.subject} ({message.url})')}\n")
        stream.flush()
        return Sent(True)


def one_line(text: str) -> str:
    """Text as one line that no runner takes for a workflow command.

    The runner reads `::command::` at the start of a line, and the older `##[command]` anywhere in it.
    """
    return _CONTROL.sub(" ", text).replace("##[", "## [").strip()
