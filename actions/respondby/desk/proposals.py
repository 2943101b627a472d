"""What a field's answers propose: each answer's worth times its question's weight, summed, and what the case's product,
customer and plan add where the policy says so.

A proposal sets nothing: a person decides, and what was decided stays, whatever the answers become. It follows from the
answers as the request's text has them now, so an edit proposes anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Field, Proposal, Value


@dataclass(frozen=True, slots=True)
class Weighed:
    """One question and its answer (None: not answered, which is worth nothing). `about` is what counts without a
    question: `product`, `customer` or `plan`, the answer being its name.
    """

    ask: str
    answer: str | None
    worth: int
    weight: int
    about: str = ""

    @property
    def points(self) -> int:
        """What it adds to the sum."""
        return self.worth * self.weight


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for a field: `value` is the highest one that the sum reaches (None: it reaches none), from
    `at_least` on; `chosen` is the id of what a person has decided since (None: the field has what it has by itself, or
    nothing).
    """

    field: Field
    lines: tuple[Weighed, ...]
    value: Value | None
    at_least: int
    chosen: str | None

    @property
    def total(self) -> int:
        """The sum."""
        return sum(line.points for line in self.lines)


def proposed(policy: Policy, history: History) -> Iterator[Proposed]:
    """Of each field that proposes a value: the sum, where at least one of its questions was answered."""
    for field in policy.fields.values():
        if field.propose is None:
            continue
        worths = dict(field.propose.answers)
        lines = []
        for question, weight in field.propose.questions:
            said = history.answers.get(question.id)
            answer = said if isinstance(said, str) and said in worths else None
            lines.append(Weighed(question.ask, answer, worths[answer] if answer is not None else 0, weight))
        if all(line.answer is None for line in lines):
            continue
        lines.extend(_known(policy, history, field.propose))
        total = sum(line.points for line in lines)
        id, least = next(((id, least) for id, least in field.propose.at_least if total >= least), ("", 0))
        decided = next((f for f in reversed(history.facts) if f.kind == "field" and f.name == field.name), None)
        by_person = decided is not None and decided.by is not None and not decided.by.bot
        chosen = decided.value if decided is not None and by_person else None
        yield Proposed(field, tuple(lines), field.value(id), least, chosen)


def _known(policy: Policy, history: History, propose: Proposal) -> Iterator[Weighed]:
    """What the case's product, customer and plan add."""
    customer = history.state.customer
    for about, points in propose.about:
        if about == "product":
            field = policy.fields.get(about)
            id = history.state.fields.get(about)
            value = field.value(id) if field is not None and id is not None else None
            ask, answer = (field.title if field is not None else about), (value.name if value is not None else id)
        else:
            id = None if customer is None else customer.name if about == "customer" else customer.plan
            ask, answer = about, id
        if id is not None and id in points:
            yield Weighed(ask, answer, points[id], 1, about)
