"""Commands in what people say, and what they change: at once, and ever after as it was then.

Calls, and what is seen on the issue, are the plan's business. A command that a run has judged is not judged again: what
it did is taken from the record, line by line, whatever its word means today.
"""

from __future__ import annotations

from respondby.desk.built_in.effects import EFFECTS, close
from respondby.desk.built_in.help_desk import may_say
from respondby.desk.built_in.incident_news import MOST_LONG, update_text
from respondby.desk.built_in.incident_ties import TIE, kept_tie, referred
from respondby.desk.built_in.workarounds import MEANT
from respondby.desk.case import Actor
from respondby.desk.commands import parted
from respondby.desk.folding import Fold
from respondby.desk.gate import is_incident
from respondby.desk.history import REPLY, Fact, Invocation, Wish
from respondby.desk.keeping import NOT_ASSIGNABLE, fact_args, is_from_beside, kept_by, source_of
from respondby.desk.ledger import Ledger
from respondby.desk.milestones import wrong_time
from respondby.desk.records import Kept
from respondby.desk.refusals import Refusal
from respondby.desk.remembered import Remembered
from respondby.desk.speech import Spoken, Verdict, speech_of
from respondby.desk.standings import Standings
from respondby.desk.state import State
from respondby.policy.model.built_in import HELP_DESK, PART_OF, UPDATE
from respondby.policy.model.clocks import NOTHING
from respondby.policy.model.policy import Policy

#: So many commands of one text are obeyed or refused, each for itself.
MOST_COMMANDS = 30

#: The kind under which it is kept that a command was not obeyed.
REFUSED = "refused"


class Hearing:
    """What is said in one case, while it is read. `said` are the commands so far, `decided` what is to be kept."""

    def __init__(
        self, policy: Policy, fold: Fold, standings: Standings, remembered: Remembered, ledger: Ledger
    ) -> None:
        self.ledger = ledger
        self.policy = policy
        self.fold = fold
        self.standings = standings
        self.remembered = remembered
        self.speech = speech_of(policy)
        self.commands: list[Invocation] = []
        self.decided: list[Kept] = []
        self.wishes: list[Wish] = []

    def under(self, policy: Policy) -> None:
        """From now on the words of another policy are commands."""
        self.policy, self.speech = policy, speech_of(policy)

    def is_response(self, text: str, source: str) -> bool:
        """Whether a comment says more than commands, by the words that it was heard to say (rule 6)."""
        known = self.remembered.has(source, "comment")
        return known or not self.speech.only_commands(text, self.remembered.words(source))

    def hear(self, text: str, by: Actor, source: str, before: str | None = None) -> None:
        """Commands in a text; with `before`, only those that are new in it (rule 17).

        What comes after the first `MOST_COMMANDS`, or stands in what is not read (`desk.commands.parted`), is refused
        once: nobody writes so much, and each sweep would read it again.
        """
        also = self.remembered.words(source)
        spoken_lines = self.speech.lines(text, before, also)
        for count, spoken in enumerate(spoken_lines):
            at, state, place = self.fold.at, self.fold.state.spoken_by(by.login), f"{source}:{spoken.number}"
            if count == MOST_COMMANDS:
                self._too_much(spoken.word, spoken.line, by, place)
                return
            verdict = self._decided(spoken, place)
            known = verdict is not None
            if verdict is None and (spoken.command is not None or spoken.field is not None):
                verdict = self._judge(spoken, place, by, state)
            if verdict is None:
                continue  # a word that stands elsewhere in this text was one then
            may = may_say(self.policy, by, at, state) if spoken.word == HELP_DESK else ()
            said = Invocation(spoken.word, spoken.line, by, at, place, *verdict, self.fold.number, may)
            self.commands.append(said)
            if said.verdict == "accepted":
                self._obey(spoken, said, known=known)

        _, unread = parted(text, self.speech.words | also)
        line = next((line.strip() for line in unread.splitlines() if line.split(" ")[0] in self.speech.words), None)
        if line is not None:
            number = text[: len(text) - len(unread)].count("\n") + 1
            self._too_much(line.split(" ")[0], line[:100], by, f"{source}:{number}")

    def _too_much(self, word: str, line: str, by: Actor, place: str) -> None:
        reason = Refusal.of("too-much", most=str(MOST_COMMANDS))
        self.commands.append(
            Invocation(word, line, by, self.fold.at, place, "refused", reason, {}, self.fold.number, ())
        )

    def take(self, kept: Kept) -> None:
        """A fact whose comment is gone."""
        by = kept_by(kept)
        if not by.bot:
            by = self.standings.of(by, kept.at, self.fold.state, live=False)
        source = source_of(kept)
        if kept.kind == "command":
            said = Invocation(kept.name, kept.name, by, kept.at, source, "accepted", args=fact_args(kept))
            self.commands.append(said)
            if is_from_beside(source):  # no comment said it: what the command changes is kept nowhere else
                self._command(said)
                return
        self._again(kept, by)

    def _decided(self, spoken: Spoken, place: str) -> Verdict | None:
        """What became of it when it was judged: who said it may have left since, or the policy changed."""
        for kept in self.remembered.at(place):
            if kept.kind == TIE and isinstance(found := kept_tie([kept]), Refusal):
                return "refused", found, {}
            if kept.kind == NOT_ASSIGNABLE:  # found out before it was done
                return "refused", Refusal.of("not-assignable", said=kept.by), {}
            if kept.kind == "command" and kept.name == spoken.word:
                return "accepted", None, fact_args(kept)
            if kept.kind == "field" and f"/{kept.name}" == spoken.word and spoken.command is None:
                return "accepted", None, {"value": kept.value}
        return None

    def _judge(self, spoken: Spoken, place: str, by: Actor, state: State) -> Verdict | None:
        """What becomes of it now; None where something has to be looked at first. What was refused once is not obeyed
        later because the policy changed.
        """
        verdict, reason, given = self.speech.judge(spoken, by, self.fold.at, state, self.commands)
        if verdict == "accepted" and spoken.word in self.speech.timed and is_incident(self.policy, state, self.fold.at):
            fact = Fact(self.fold.at, "command", place, by, spoken.word, None, given)
            wrong = wrong_time(self.policy, self.ledger, self.fold.facts, self.fold.states, fact, state)
            if wrong is not None:
                verdict, reason, given = "refused", wrong, {}
        if verdict == "accepted" and spoken.word == UPDATE and len(text := update_text(self.policy, given)) > MOST_LONG:
            verdict, given = "refused", {}
            reason = Refusal.of("update-long", most=str(MOST_LONG), long=str(len(text)))
        if verdict == "accepted" and spoken.word == PART_OF:
            tied = self._tied(given, place)
            if tied is None:
                return None
            verdict, reason, given = tied
        if self.remembered.has(place, REFUSED, spoken.word):
            return ("cooling" if verdict == "accepted" else verdict), reason, given
        if verdict != "accepted":
            key = f"{place} {REFUSED} {spoken.word}"
            self.decided.append(Kept(key, self.fold.at, by.login, by.association, REFUSED, spoken.word, verdict))
        return verdict, reason, given

    def _tied(self, given: dict[str, str], place: str) -> Verdict | None:
        """What becomes of a tie to an incident; None where nobody has looked at what it names yet."""
        number = referred(self.fold.case, next(iter(given.values()), ""))
        if isinstance(number, Refusal):
            return "refused", number, {}
        if kept_tie(self.remembered.at(place)) is not None:  # a refusal has been decided
            return "accepted", None, given | {MEANT: str(number)}
        self.wishes.append(Wish(place, self.fold.at, number))
        return None

    def _obey(self, spoken: Spoken, said: Invocation, *, known: bool) -> None:
        if known:
            found = self.remembered.at(said.source)
            for kept in found:
                self._again(kept, said.by)
            if not any(kept.kind in ("label", "unlabel") for kept in found):
                self._label(said)  # earlier versions kept no labels
        elif spoken.field is not None:
            self.fold.set_field(spoken.field, said.args["value"], said.source, said.by)
        else:
            self._command(said)

    def _again(self, kept: Kept, by: Actor) -> None:
        """A kept fact, once more."""
        fold, source = self.fold, source_of(kept)
        match kept.kind:
            case "comment":
                fold.fact("comment", source, by)
            case "command":
                fold.fact("command", source, by, kept.name, None, fact_args(kept))
            case "field":
                fold.set_as_then(kept.name, kept.value, source, by)
            case "label" | "unlabel":
                fold.label(kept.name, source, by, added=kept.kind == "label")
            case "tied":
                fold.tie(kept.value or None, source, by)
            case "waiting":
                fold.wait(source, by)
            case "resumed":
                fold.resume(source, by, reply=kept.name == REPLY)
            case "assigned":
                fold.assign(kept.value, by, source)
            case "closed":
                fold.close(by, source, until_reply=self._until_reply(kept), reason=fact_args(kept).get("as", ""))
            case "reopened":
                fold.reopen(by, source, asked=True)
            case "card":
                fold.card(source, by)
            case "merged" | "post-mortem merged":
                fold.fact(kept.kind, source, by)
            case _:  # kept by another version of the desk, which knew more kinds
                pass

    def _command(self, said: Invocation) -> None:
        source, by, fold = said.source, said.by, self.fold
        command = self.policy.commands.get(said.word)
        verbs = command.verbs if command is not None else NOTHING
        fold.fact("command", source, by, said.word, None, dict(said.args))
        fold.set_fields(verbs.set, source, by, higher=False)
        fold.set_fields(verbs.raise_, source, by, higher=True)
        self._label(said)
        effect = EFFECTS.get(said.word, close if verbs.close else None)
        if effect is not None:
            effect(fold, said, verbs)
        if verbs.reopen:
            fold.reopen(by, source, asked=True)

    def _label(self, said: Invocation) -> None:
        command = self.policy.commands.get(said.word)
        for label in command.verbs.label if command is not None else ():
            self.fold.label(label, said.source, said.by)
        for label in command.verbs.unlabel if command is not None else ():
            self.fold.label(label, said.source, said.by, added=False)

    def _until_reply(self, kept: Kept) -> bool:
        """Whether that closed only until the customer replies; earlier versions kept that nowhere."""
        if kept.value:
            return fact_args(kept).get("until") == "reply"
        words = [said.word for said in self.commands if said.source == source_of(kept)]
        return any(word in words and command.verbs.until_reply for word, command in self.policy.commands.items())
