"""Set a case's labels and write its card: one request where both are to be done, for neither rests on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from respondby.desk.case import Case
from respondby.desk.keys import Secret
from respondby.desk.ledger import Ledger
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone, NotGranted
from respondby.forge.mutations import labels_and_card
from respondby.jobs.effects.recording import card_text
from respondby.letters.messages import Messages
from respondby.policy.model.policy import Policy
from respondby.rules.card_facts import CardFacts
from respondby.rules.labelling import gone_by_hand, label_style
from respondby.rules.plan import Plan, Relabel, WriteCard


class LabelsAndCard:
    """Labels and cards of one run. `labels` are the node ids of the repository's labels, by lower-case name."""

    def __init__(
        self, client: Client, policy: Policy, labels: Mapping[str, str], signing: Secret, messages: Messages
    ) -> None:
        self._client = client
        self._policy = policy
        #: None for a label that is there and whose id is not known.
        self._ids: dict[str, str | None] = dict(labels)
        self._signing = signing
        self._messages = messages

    def gone(self, plan: Plan, case: Case) -> list[str]:
        """What to tell of labels that the plan puts on and that somebody has renamed or deleted in the repository."""
        added = [name for action in plan.actions if isinstance(action, Relabel) for name in action.add]
        remarks = [gone_by_hand(self._policy, case, name) for name in added if name.lower() not in self._ids]
        return [f"{case.ref}: {words}" for words in remarks if words is not None]

    def together(self, relabel: Relabel, plan: Plan) -> bool:
        """Whether the request that writes the card sets these labels: where one is written, and GitHub's ids of the
        labels are known. Labels that the repository lacks are made first.
        """
        if not any(isinstance(action, WriteCard) for action in plan.actions):
            return False
        self._ensure(relabel.add)
        return all(self._ids.get(name.lower()) for name in (*relabel.add, *relabel.remove))

    def relabel(self, relabel: Relabel, case: Case) -> str:
        """Set the labels alone; what was done, in words."""
        self._ensure(relabel.add)
        if relabel.add:
            writing.add_labels(self._client, case.number, relabel.add)
        for name in relabel.remove:
            writing.remove_label(self._client, case.number, name)
        return _words(relabel)

    def write(
        self,
        action: WriteCard,
        case: Case,
        facts: CardFacts,
        ledger: Ledger,
        relabel: Relabel | None,
        done: list[str],
        failures: list[str],
    ) -> None:
        """Write the card, with everything that `ledger` holds, and set the labels that go with it.

        `done` and `failures` tell of both. Raises what kept the card from being written.
        """
        try:
            body = card_text(
                self._client, case, action.digest, facts, ledger, signing=self._signing, messages=self._messages
            )
        except (CaseError, NotGranted):
            if relabel is not None:
                done.append(self.relabel(relabel, case))
            raise
        if relabel is not None:
            self._both(action, case, body, relabel, done, failures)
        elif action.comment is None:
            writing.create_comment(self._client, case.number, body)
        else:
            writing.edit_comment(self._client, action.comment, body)
        done.append("card")

    def _both(
        self, action: WriteCard, case: Case, body: str, relabel: Relabel, done: list[str], failures: list[str]
    ) -> None:
        card = next((own.source for own in case.own if own.id == action.comment), None)
        add, remove = ([self._ids[name.lower()] or "" for name in names] for names in (relabel.add, relabel.remove))
        no_labels, no_card = labels_and_card(self._client, case.ref, case.node_id, add, remove, card, body)
        if isinstance(no_labels, CaseGone) and no_card is None:  # a label was deleted since this run began
            self._ids = {name: label for name, label in self._ids.items() if label not in add}
            done.append(self.relabel(relabel, case))
        elif no_labels is not None:
            failures.append(str(no_labels))
        else:
            done.append(_words(relabel))
        if no_card is not None:
            raise no_card

    def _ensure(self, names: Iterable[str]) -> None:
        for name in names:
            if name.lower() not in self._ids:
                color, description = label_style(self._policy, name)
                self._ids[name.lower()] = writing.ensure_label(self._client, name, color, description)


def _words(relabel: Relabel) -> str:
    return " ".join([*(f"+{name}" for name in relabel.add), *(f"-{name}" for name in relabel.remove)])
