"""What people said of a case for everybody, by `/update` and `/public-title`.

Laws:

- Only what stands is public: a comment that is gone, hidden, or edited so that it no longer says so has taken it back.
- What the issue does not show there (an HTML comment), and what is quoted from somebody else, was said for nobody.
- What of it names somebody who is not for the public is still here: `policy.people.private_names` says so, and
  `public_incidents` withholds it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from respondby.desk.case import Moment
from respondby.desk.commands import arguments
from respondby.desk.history import History, Invocation
from respondby.desk.keeping import origin
from respondby.desk.refusals import Refusal
from respondby.desk.speech import speech_of
from respondby.policy.model.built_in import PUBLIC_TITLE, UPDATE
from respondby.policy.model.policy import Policy
from respondby.reports.cases import PublicWord

#: What GitHub hides, also where nothing ends it; lines that quote.
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTED = re.compile(r"^[ \t]*>.*\n?", re.MULTILINE)
#: No public text is longer, in characters.
_MOST = {UPDATE: 5_000, PUBLIC_TITLE: 200}


def public_words(policy: Policy, history: History) -> tuple[PublicWord, ...]:
    """What was said for everybody, and stands, in the order in which it was said."""
    written = {
        moment.source: moment for moment in history.case.moments if moment.kind in ("comment", "opened")
    }  # fmt: skip
    found = []
    for said in history.commands:
        text = _text(policy, said) if said.word in _MOST and said.verdict == "accepted" else ""
        if text and _stands(policy, said, written.get(origin(said.source))):
            found.append(PublicWord(said.at, said.word, text[: _MOST[said.word]]))
    return tuple(sorted(found, key=lambda one: one.at))


def _text(policy: Policy, said: Invocation) -> str:
    """The first text that the command takes; a title on one line."""
    command = policy.commands.get(said.word)
    names = (taken.name for taken in command.takes if taken.type == "text") if command is not None else ()
    text = next((said.args[name] for name in names if said.args.get(name)), "")
    text = _QUOTED.sub("", _HIDDEN.sub("", text)).strip()
    shown = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))
    return " ".join(shown.split()) if said.word == PUBLIC_TITLE else shown


def _stands(policy: Policy, said: Invocation, moment: Moment | None) -> bool:
    if moment is None or moment.hidden is not None:
        return False
    if len(moment.revisions) < 2:
        return True
    now = speech_of(policy).lines(moment.revisions[-1].text)
    return any(
        spoken.word == said.word
        and spoken.command is not None
        and not isinstance(given := arguments(spoken.command, spoken.read), Refusal)
        and _text(policy, said) == _text(policy, replace(said, args=given))
        for spoken in now
    )
