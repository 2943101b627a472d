"""What is asked outside before anything is done to a case: who has answered its pages, and whom GitHub can assign.

Asking is gathering: what is found becomes a kept fact of the case (at a pager's own time), and the case is decided
again with it. A sweep that finds nothing to do asks nobody, and nobody is asked about twice.

- No rung calls past an answer at the pager.
- An `/assign` that cannot work is refused and told: GitHub leaves out people who cannot be assigned without a word, so
  that whoever said it would believe that it was done, and the clock that it stops would stop.
"""

from __future__ import annotations

from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.channels.dispatch import Hung, Recipient
from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.history import History
from respondby.desk.keeping import answered_at_pager, not_assignable
from respondby.desk.ledger import Ledger
from respondby.forge.client import Client
from respondby.policy.model.built_in import ASSIGN
from respondby.policy.model.policy import Policy
from respondby.rules.pages import unanswered
from respondby.rules.plan import Assign, Plan


@dataclass(frozen=True, slots=True)
class Heard:
    """What pagers told: `kept` are answers; `silent` says which pagers could not be asked, and why."""

    kept: Ledger
    silent: tuple[str, ...] = field(default=())


def ask_pagers(policy: Policy, history: History, secrets: Secrets, now: Instant, hung: Hung) -> Heard:
    """Ask about every page of the case that stands open, at pagers with a token."""
    pages = unanswered(policy, history)
    if not pages:
        return Heard(Ledger())
    from respondby.channels.pagerduty_answers import NotAnswered, answer_to

    product = history.state.field("product")
    logins = {person.pager: login for login, person in policy.people.items() if person.pager is not None}
    kept = {}
    silent: dict[str, str] = {}
    for page in pages:
        channel, whom = policy.channels[page.via], Recipient(page.to, product)
        if page.via in silent or (channel, whom) in hung:
            continue  # what keeps it from answering once would do so for every page
        try:
            answer = answer_to(channel, page.key, whom, secrets)
        except NotAnswered as error:
            if error.hung:
                hung.add(channel, whom)
            silent[page.via] = f"{history.case.ref}: {page.via} could not be asked who has answered: {error}"
            continue
        if answer is not None:
            # Two clocks: nobody answers before the call, and nothing has happened after now.
            at = min(max(answer.at, page.at), now)
            fact = answered_at_pager(page.key, at, logins.get(answer.by, page.to))
            kept[fact.key] = fact
    return Heard(Ledger(kept=kept), tuple(silent.values()))


def ask_assignees(client: Client, history: History, plan: Plan, now: Instant) -> Ledger:
    """Those whom a command of this plan would assign and who cannot be."""
    wanted = {login.lower() for action in plan.actions if isinstance(action, Assign) for login in action.people}
    kept = {}
    for said in history.commands:
        login = said.args.get("who", said.by.login)
        if said.word != ASSIGN or said.verdict != "accepted" or login.lower() not in wanted:
            continue
        if said.key in history.ledger.records:
            continue
        answer = client.ask("GET", f"/repos/{client.repository}/assignees/{login}", doing=f"looking for {login}")
        if answer.status == 404:
            fact = not_assignable(said.source, now, login)
            kept[fact.key] = fact
    return Ledger(kept=kept)
