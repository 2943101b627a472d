"""What was promised: a policy, frozen.

The model says what the language means, with everything resolved that needs no case and no instant: ladders are
inlined, `{FIELD: {v: TARGET}}` is a list of choices, moments and durations are parsed. It remembers no positions
(the loader's `Source` does), so two texts that mean the same are equal. `policy.loading.loader` is its only maker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant
from respondby.calendars.rotas import Rota
from respondby.calendars.spans import Spans
from respondby.dataclass import dataclass
from respondby.policy.model.clocks import Clock, Rule
from respondby.policy.model.conditions import Role, When
from respondby.policy.model.duties import Duty, Product, Stage, Uptime
from respondby.policy.model.incidents import Incidents
from respondby.policy.model.publish import Publish
from respondby.policy.model.queue_issue import QueueIssue
from respondby.policy.model.requests import Command, Field, Form
from respondby.policy.model.watch import Watch


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login; `away` in UTC spans, `timezone` an IANA name, `pager` their user id at the pager."""

    login: str
    timezone: str | None = None
    away: Spans = field(default_factory=lambda: Spans(()))
    pager: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A link of the issue chooser (`url` is http or https)."""

    name: str
    url: str
    about: str


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is a customer of which plan: by `members` (logins) or by `repositories`."""

    name: str
    members: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    plan: str | None = None
    timezone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach people. `secret` names an environment variable; it may hold {PERSON} or {PRODUCT}.

    `quiet` is (from, until) as minutes of a person's own day. `body` is a file in the repository, `headers` a secret,
    and so is `token`, with which a pager is asked who has answered; `answers` is the type of the dispatched event by
    which another system tells that. `acknowledge` and `resolve` are files of a webhook: what it is told of a message
    that was answered, or whose case was closed. `says` is the type of the dispatched event by which another system
    tells what somebody said there, `names` are pairs of a login and what that person is called there.
    """

    name: str
    kind: Literal["pagerduty", "apprise", "webhook", "console"]
    secret: str
    headers: str | None = None
    body: str | None = None
    quiet: tuple[int, int] | None = None
    fallback: str | None = None
    token: str | None = None
    answers: str | None = None
    acknowledge: str | None = None
    resolve: str | None = None
    says: str | None = None
    names: tuple[tuple[str, str], ...] = ()

    def hears(self, change: Literal["acknowledge", "resolve"]) -> bool:
        """Whether it can be told what became of a message that it took."""
        request = self.acknowledge if change == "acknowledge" else self.resolve
        return self.kind == "pagerduty" or request is not None

    @property
    def keeps(self) -> bool:
        """Whether each message stands there for itself, as a page at a pager and an issue in a tracker do, until it is
        answered or over: it is never joined to another, nor copied to a shadow.
        """
        return self.hears("acknowledge") or self.hears("resolve")

    @property
    def is_tracker(self) -> bool:
        """Whether what it is notified of is filed there, and tells nobody: it is no way to reach a person."""
        return self.kind == "webhook" and self.keeps

    def files(self) -> tuple[str, ...]:
        """The files of the repository that say what a webhook is sent."""
        return tuple(file for file in (self.body, self.acknowledge, self.resolve) if file is not None)


@dataclass(frozen=True, slots=True)
class Follow:
    """A group elsewhere that is to hold whoever is on call: told by the webhook `via`; `names` are the members' there.

    `names` are pairs of a login and what the group calls that person; a login that has none is called as here.
    """

    group: str
    via: str
    names: tuple[tuple[str, str], ...] = ()

    def members(self, people: tuple[str, ...]) -> tuple[str, ...]:
        """These people as the group calls them."""
        known = {login.lower(): name for login, name in self.names}
        return tuple(known.get(login.lower(), login) for login in people)


@dataclass(frozen=True, slots=True)
class RotaPlan:
    """A rota of the policy: `rota` is the arithmetic (overrides inlined), the rest is what surrounds it.

    `during` names the calendar outside of which nobody is on call.
    """

    name: str
    rota: Rota
    overrides: str | None = None
    assigned: str | None = None
    during: str | None = None
    shadows: tuple[str, ...] = ()
    follow: tuple[Follow, ...] = ()
    rest_after_pages: int | None = None
    rest_after_nights: int | None = None
    rest_suggest: str | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """A dated silence: from, until, and why."""

    start: Instant
    end: Instant
    why: str


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier version of the policy, since when it stood, and when the next one came."""

    since: Instant
    until: Instant
    policy: Policy


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole `support.yml`. Mappings keep the order of the file. `commit` is the commit it was read at, if known.

    `committed` is when that commit was made. `heartbeat` names the secret that holds the address which every sweep
    reaches. `void` says for which cases nothing is promised: spam, what came twice. `ceiling` is about how many cases
    one run calls people one by one (None: any number). `teams` are logins by `organisation/slug`, as a run has read
    them, and `before` earlier versions, as far as a run needs them; they stand in no policy's text.
    """

    desk: str
    timezone: str
    calendar: str | None
    calendars: Mapping[str, Calendar]
    people: Mapping[str, Person]
    rotas: Mapping[str, RotaPlan]
    roles: Mapping[str, Role]
    customers: Mapping[str, Customer]
    channels: Mapping[str, Channel]
    fields: Mapping[str, Field]
    forms: Mapping[str, Form]
    commands: Mapping[str, Command]
    rules: tuple[Rule, ...]
    clocks: Mapping[str, Clock]
    stages: Mapping[str, Stage]
    products: Mapping[str, Product]
    duties: Mapping[str, Duty]
    incidents: Incidents | None = None
    uptime: Uptime | None = None
    mode: Literal["live", "shadow", "off"] = "live"
    since: Instant | None = None
    mute: tuple[Mute, ...] = ()
    void: When | None = None
    on_policy_change: Literal["keep", "apply"] = "keep"
    messages: str | None = None
    internal: str | None = None
    internal_token: str | None = None
    contacts: tuple[Contact, ...] = ()
    heartbeat: str | None = None
    watch: Watch | None = None
    ceiling: int | None = None
    publish: Publish | None = None
    queue: QueueIssue | None = None
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commit: str | None = None
    committed: Instant | None = None
    before: tuple[Before, ...] = ()

    @property
    def default_calendar(self) -> Calendar | None:
        """The calendar of `business …` and `by: …` targets that name none (rule 1)."""
        return self.calendars[self.calendar] if self.calendar else None
