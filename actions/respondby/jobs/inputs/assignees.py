"""Whom GitHub can assign: asked before an `/assign` is performed, so that one that cannot work is refused and told.

GitHub leaves out people who cannot be assigned without a word; whoever said it would believe that it was done, and the
clock that it stops would stop. What is found becomes a kept fact of the case: nobody is asked about twice.
"""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.desk.history import History
from respondby.desk.keeping import not_assignable
from respondby.desk.ledger import Ledger
from respondby.forge.client import Client
from respondby.policy.model.built_in import ASSIGN
from respondby.rules.plan import Assign, Plan


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
