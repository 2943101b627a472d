"""A test page: proves that a person can be reached, by a real call through every channel that is used to call them.

- Which channels those are follows from the policy: those of every verb that names a role which the person can hold,
  with their fallbacks, and those with an address of their own for each person. Each is tried by itself, since a
  fallback that works would hide a channel that does not.
- The call says that it is a test, under a key of its own. Its outcome is written into the desk's log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.channels.dispatch import place
from respondby.dataclass import dataclass
from respondby.desk.log import Entry
from respondby.desk.results import Tried
from respondby.desk.state import State, first_state
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.letters.calls import render_test
from respondby.letters.messages import Messages
from respondby.policy.model.clocks import Verbs, all_verbs
from respondby.policy.model.conditions import BUILT_IN_ROLES
from respondby.policy.model.incidents import ladder_of_items
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import can_hold
from respondby.rules.languages import language_of
from respondby.rules.plan import Call
from respondby.rules.ways import all_ways


class NoRecipient(Exception):
    """There is no such person, or no channel that calls them; the text says what to do. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: one try a channel, and a product where the channel has an address for each. `remembered` says
    whether the desk's log has it; `timezone` is the desk's.
    """

    person: str
    at: Instant
    calls: tuple[tuple[str, Tried], ...]
    remembered: bool
    timezone: str

    @property
    def reached(self) -> bool:
        """Whether every channel took the call."""
        return all(call.ok for _, call in self.calls)


def place_test(desk: Desk, login: str, url: str, only: str | None = None) -> Outcome:
    """Call that person; `url` is where the test comes from.

    Raises NoRecipient, and CaseError where the log could not be written, after the calls.
    """
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=0)
    in_force = policy_in_force(desk.client, gathered)
    (policy, _), now = with_teams(in_force.policy, desk.client, desk.secrets), gathered.now
    person = next((known for known in policy.people if known.lower() == login.lower()), None)
    if person is None:
        raise NoRecipient(f"the policy knows no “{login}”; it knows {', '.join(policy.people)}")
    channels = channels_of(policy, person, gathered.repository)
    if only is not None and only not in channels:
        names = ", ".join(channels) or "none"
        raise NoRecipient(f"{person} is called by no channel “{only}”; those that call them: {names}")
    if not channels:
        raise NoRecipient(f"no channel of the policy calls {person}: name a role of theirs in a `page` with `via`")
    messages = Messages.of(policy, in_force.files)
    calls = []
    for name in [only] if only is not None else channels:
        secret = policy.channels[name].secret + (policy.channels[name].headers or "")
        for product in policy.products if "{PRODUCT}" in secret else (None,):
            key = "/".join(filter(None, (gathered.repository, "page-test", str(now), name, product, person)))
            call = Call(key, "page", person, (name,), (), (), language_of(policy, person, gathered.repository))
            words = render_test(call, policy.desk, policy.timezone, url, now, messages=messages)
            (made,) = place(
                call,
                words.subject,
                words.body,
                url,
                policy.channels,
                desk.secrets,
                product=product,
                bodies=in_force.files,
            )
            calls.append((" ".join(filter(None, (name, product))), made))
    remembered = policy.mode == "live"
    if remembered:
        facts = {name: "ok" if made.ok else made.why for name, made in calls}
        logbook = Logbook(desk.client, gathered, in_force, desk.identify, gathered.us.secret)
        logbook.write([Entry("page test", person, str(now), now, "", facts)])
    return Outcome(person, now, tuple(calls), remembered, policy.timezone)


def channels_of(policy: Policy, person: str, repository: str) -> tuple[str, ...]:
    """The channels that are used to call this person, in the policy's order."""
    state = replace(first_state(policy, person, repository), assignees=(person,), speaker=person)
    found: set[str] = {name for name, channel in policy.channels.items() if "{PERSON}" in channel.secret}
    for verbs in _all_verbs(policy):
        roles = [role for role in (*verbs.page, *verbs.notify) if role != "author"]
        if verbs.via is not None and any(_may_be(policy, role, person, state) for role in roles):
            chain = all_ways(policy, verbs.via)
            found |= {name for name in chain if verbs.page or not policy.channels[name].is_tracker}
    return tuple(name for name in policy.channels if name in found)


def _may_be(policy: Policy, role: str, person: str, state: State) -> bool:
    if role in BUILT_IN_ROLES:
        return role in ("assignee", "speaker")
    return can_hold(policy, role, person, "MEMBER", state=state)


def _all_verbs(policy: Policy) -> Iterator[Verbs]:
    for clock in policy.clocks.values():
        yield from all_verbs(clock.ladder)
    for duty in policy.duties.values():
        yield from all_verbs(duty.ladder)
    yield from all_verbs(ladder_of_items(policy.incidents))
    yield from (rule.verbs for rule in policy.rules)
    yield from (command.verbs for command in policy.commands.values())
