"""Gather: everything that a run has to know, in as few requests as GitHub allows.

A page of a hundred idle issues is one request, with the policy's text and the repository's labels in it. Further
requests are made only for what did not fit: more pages, long timelines, edit histories, labels past the first hundred.
`now` is the forge's clock at the first answer; every decision of the run is made for that instant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.keys import Keys, Secret, word_of
from respondby.forge import queries
from respondby.forge.again import LATER, Again
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone, KeyReturned, PartialAnswer, RepositoryMissing, TooHeavy
from respondby.forge.files import PolicyText, file_text
from respondby.forge.intake import Held, Intake, LetGo, keep, numbers_of
from respondby.forge.nodes import Json, Us, instant_of, nodes
from respondby.forge.paging import Pages
from respondby.forge.queue_texts import no_older_text_matters
from respondby.forge.reading import KeyUse, case_of, wants_edits

POLICY = ".github/support.yml"

#: How far back closed cases are asked when the key came into use, in seconds.
_LATELY = 14 * 86_400


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a gather brought. `labels` is name → (colour, description), `label_ids` lower-case name → node id; `commit`
    the default branch's (None: empty) and `committed` when that was made.

    `failed` names each case that could not be read, and why; `requests` is what this gather took. `log_problem` says
    why the desk's log is there and cannot be read (empty: it is not there, or can).
    """

    now: Instant
    repository: str
    private: bool
    default_branch: str | None
    commit: str | None
    policy: PolicyText
    labels: Mapping[str, tuple[str, str]]
    label_ids: Mapping[str, str]
    us: Us
    cases: tuple[Case, ...]
    failed: tuple[tuple[str, str], ...]
    requests: int
    log_problem: str = ""
    committed: Instant | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """What policy and environment say about us: other bots that count as us, the key that signs records."""

    bots: frozenset[str] = frozenset()
    secret: Secret = field(default=None, repr=False)


#: From what a gather knows of the repository, its cases not among it, to what looks at each case.
Looking = Callable[[Gathered], LetGo]


def keeping_all(_: Gathered) -> LetGo:
    """Let no case go."""
    return keep


#: From the policy's text, which comes with the cases, to who we are: a policy may name bots that count as us.
Identify = Callable[[PolicyText], Identity]


def only_the_token(_: PolicyText) -> Identity:
    """The identity of a desk whose policy names no other bots, and that has no key."""
    return Identity()


def gather_case(client: Client, number: int, *, identify: Identify = only_the_token, policy: str = POLICY) -> Gathered:
    """One case. Raises CaseGone where there is no such issue."""
    return Gather(client, identify, policy).one(number)


def gather_issue(client: Client, number: int, identity: Identity) -> Case:
    """An issue of a repository that is no desk, without that repository's facts. Raises CaseGone and Unreadable."""
    return Gather(client, lambda _: identity, POLICY).bare(number, identity)


def gather_open(
    client: Client,
    *,
    closed_within: int | None = None,
    identify: Identify = only_the_token,
    policy: str = POLICY,
    looking: Looking = keeping_all,
) -> Gathered:
    """All open cases, and closed ones that were touched in the last `closed_within` seconds by the forge's clock.

    `looking` looks at them page by page, and says which may be let go: these are not among the cases, and their texts
    are in memory no longer than a page.
    """
    return Gather(client, identify, policy).open(closed_within, looking)


def gather_all(client: Client, *, identify: Identify = only_the_token, policy: str = POLICY) -> Iterator[Gathered]:
    """All cases there are, newest first, page by page: of many thousands no more than a page is in memory.

    The repository's facts are those of the first page on every one of them; `requests` are those so far.
    """
    return Gather(client, identify, policy).all()


def gather_again(client: Client, numbers: Sequence[int], us: Us) -> Again:
    """These cases as they are now, in one request; in several where GitHub gives up on that. `us` is who we are, from
    the gather before. What concerns one case is told of it, other ForgeErrors are raised.
    """
    try:
        return Gather(client, only_the_token, POLICY).again(numbers, us)
    except (CaseError, TooHeavy, PartialAnswer) as error:
        if len(numbers) == 1:
            return Again(LATER, {}, {numbers[0]: str(error)})
    middle = len(numbers) // 2
    return gather_again(client, numbers[:middle], us).and_(gather_again(client, numbers[middle:], us))


class Gather:
    """One gather."""

    def __init__(self, client: Client, identify: Identify, policy: str) -> None:
        self.client = client
        self._identify = identify
        self.policy = policy
        self._before = client.requests
        self.whole = True
        self.pages = Pages(client)

    def one(self, number: int) -> Gathered:
        self.pages.issues, self.whole = 1, False
        doing = f"reading {self.client.repository}#{number}"
        data = self.pages.shrinking(
            lambda: self.pages.query(
                queries.CASE,
                {**self.pages.place, "policy": f"HEAD:{self.policy}", "number": number, "items": self.pages.items},
                doing,
            )
        )
        issue = data["repository"]["issue"]
        if issue is None:
            raise CaseGone(doing)
        return self.gathered(data, [issue])

    def bare(self, number: int, identity: Identity) -> Case:
        self.pages.issues = 1
        doing = f"reading {self.client.repository}#{number}"
        data = self.pages.shrinking(
            lambda: self.pages.query(
                queries.ISSUE, {**self.pages.place, "number": number, "items": self.pages.items}, doing
            )
        )
        issue = data["repository"]["issue"]
        if issue is None or self.pages.finish_timelines([issue]):
            raise CaseGone(doing)
        us = Us(str(data["viewer"]["login"]), identity.bots, identity.secret)
        edits = self._edits([issue], us)
        return case_of(str(data["repository"]["nameWithOwner"]), issue, edits, us)

    def again(self, numbers: Sequence[int], us: Us) -> Again:
        self.pages.issues = 1
        repository = self.client.repository
        many = f"{len(numbers)} cases of {repository}" if len(numbers) > 1 else f"{repository}#{numbers[0]}"
        wanted = {f"number{index}": number for index, number in enumerate(numbers)}

        def read() -> Json:
            variables = {**self.pages.place, **wanted, "items": self.pages.items}
            return self.pages.query(queries.cases(len(numbers)), variables, f"reading {many}", missing_ok=True)

        data = self.pages.shrinking(read) if len(numbers) == 1 else read()
        if data.get("repository") is None:
            raise RepositoryMissing(repository)
        issues = {number: data["repository"][f"case{index}"] for index, number in enumerate(numbers)}
        there = [issue for issue in issues.values() if issue is not None]
        gone = self.pages.finish_timelines(there)
        there = [issue for issue in there if issue["id"] not in gone]
        edits = self._edits(there, us)
        cases: dict[int, Case] = {}
        failed: dict[int, str] = {}
        for issue in there:
            try:
                cases[int(issue["number"])] = case_of(str(data["repository"]["nameWithOwner"]), issue, edits, us)
            except CaseError as error:
                failed[int(issue["number"])] = str(error)
        assert self.pages.now is not None, "an answer has come"
        return Again(self.pages.now, cases, failed, frozenset({*numbers} - {*cases} - {*failed}))

    def open(self, closed_within: int | None, looking: Looking = keeping_all) -> Gathered:
        cursors: dict[str, Any] = {
            "moreOpen": True,
            "open": None,
            "moreClosed": closed_within is not None,
            "closed": None,
        }
        about: Gathered | None = None
        seen: set[str] = set()
        while cursors["moreOpen"] or cursors["moreClosed"]:
            data = self.pages.shrinking(partial(self._page, cursors, with_facts=about is None))
            if about is None:
                about, total = self._about(data), int(data["repository"]["open"]["totalCount"])
                taken = self._begin(about, looking)
            for state, more in (("open", "moreOpen"), ("closed", "moreClosed")):
                page = data["repository"].get(state)
                if page is not None:
                    recent = [issue for issue in nodes(page) if state == "open" or self._touched(issue, closed_within)]
                    taken.take(recent)
                    seen.update(issue["id"] for issue in recent)
                    # Closed issues come last touched first: the first one out of the window ends the reading.
                    cursors[more] = page["pageInfo"]["hasNextPage"] and len(recent) == len(nodes(page))
                    cursors[state] = page["pageInfo"]["endCursor"]
            self.client.progress.has(len(seen), max(len(seen), total))
        assert about is not None, "the first page is always read"
        return self._finish(about, taken, looking)

    def all(self) -> Iterator[Gathered]:
        doing, after, first, done = f"reading all cases of {self.client.repository}", None, None, 0
        while True:
            variables: dict[str, Any] = {**self.pages.place, "after": after, "items": self.pages.items}
            if first is None:
                variables["policy"] = f"HEAD:{self.policy}"
            query = queries.ALL if first is None else queries.ALL_MORE

            def read(query: str = query, variables: Json = variables) -> Json:
                return self.pages.query(
                    query, {**variables, "issues": self.pages.issues, "items": self.pages.items}, doing
                )

            data = self.pages.shrinking(read)
            page = data["repository"]["all"]
            done += len(nodes(page))
            self.client.progress.has(done, max(done, int(page["totalCount"])))
            if first is None:
                first = self.gathered(data, nodes(page))
                yield first
            else:
                taken = self._begin(first, keeping_all)
                taken.take(nodes(page))
                yield self._finish(first, taken, keeping_all)
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def _touched(self, issue: Json, within: int | None) -> bool:
        assert self.pages.now is not None, "an answer has come"
        assert within is not None, "closed issues were asked for"
        return instant_of(issue["updatedAt"]) >= self.pages.now - within

    def _page(self, cursors: Json, *, with_facts: bool) -> Json:
        variables = {**self.pages.place, **cursors, "issues": self.pages.issues, "items": self.pages.items}
        if with_facts:
            variables["policy"] = f"HEAD:{self.policy}"
        query = queries.OPEN if with_facts else queries.OPEN_MORE
        return self.pages.query(query, variables, f"reading the cases of {self.client.repository}")

    def gathered(self, data: Json, issues: Sequence[Json]) -> Gathered:
        """These cases, with what the answer tells of their repository."""
        about = self._about(data)
        taken = self._begin(about, keeping_all)
        taken.take(issues)
        return self._finish(about, taken, keeping_all)

    def _about(self, data: Json) -> Gathered:
        """What an answer tells of the repository; no case is read yet."""
        facts = data["repository"]
        # A renamed repository is read under its old name, but not written to.
        repository = self.client.repository = str(facts["nameWithOwner"])
        policy = file_text(facts["policy"], self.policy)
        identity = self._identify(policy)
        branch = facts["defaultBranchRef"] or {}
        head = branch.get("target") or {}
        labels = self.pages.labels(facts["labels"])
        assert self.pages.now is not None, "an answer has come"
        return Gathered(
            now=self.pages.now,
            repository=repository,
            private=bool(facts["isPrivate"]),
            default_branch=branch.get("name"),
            commit=head.get("oid"),
            policy=policy,
            labels={str(one["name"]): (str(one["color"]), str(one["description"] or "")) for one in labels},
            label_ids={str(one["name"]).lower(): str(one["id"]) for one in labels},
            us=Us(str(data["viewer"]["login"]), identity.bots, identity.secret, str(facts["id"])),
            cases=(),
            failed=(),
            requests=0,
            committed=instant_of(head["committedDate"]) if head.get("committedDate") else None,
        )

    def _begin(self, about: Gathered, looking: Looking) -> Intake | Held:
        """What takes the issues as they come."""
        keys = about.us.secret
        if isinstance(keys, Keys) and keys.use is None:
            return Held(self.pages, about.us, keys)
        return Intake(self.pages, about.repository, about.us, looking(about))

    def _finish(self, about: Gathered, taken: Intake | Held, looking: Looking) -> Gathered:
        """Everything has come."""
        taken.finish()
        if isinstance(taken, Held):
            about = replace(about, us=self._with_key_in_use(about.us, taken.keys, taken.uses))
            held, taken = taken, Intake(self.pages, about.repository, about.us, looking(about))
            taken.take(held.issues())
            taken.finish()
        return replace(
            about,
            cases=taken.cases,
            failed=tuple((f"{about.repository}#{number}", why) for number, why in sorted(taken.failed.items())),
            requests=self.client.requests - self._before,
            log_problem=taken.log_problem,
        )

    def _edits(self, issues: Sequence[Json], us: Us) -> Mapping[str, Sequence[Json]]:
        wanted = (wanted for issue in issues for wanted in wants_edits(issue, us))
        return self.pages.edits(wanted, partial(no_older_text_matters, us=us))

    def _with_key_in_use(self, us: Us, keys: Keys, uses: Collection[KeyUse]) -> Us:
        """Who we are, with since when the key is in use (`desk.keys`), by what our texts tell of it.

        A case that nobody has written on since then does not tell it; then the other cases are asked.
        """
        if any(word_of(keys.current, us.home) in words for _, _, words in uses):
            raise KeyReturned
        if not self.whole and uses and not any(by == "current" for by, _, _ in uses):
            others = Gather(self.client, lambda _: Identity(us.bots, keys), self.policy)
            return replace(us, secret=others.open(_LATELY, lambda _: numbers_of).us.secret)
        assert self.pages.now is not None, "an answer has come"
        used = {by: [use for by_key, use, _ in uses if by_key == by] for by in ("current", "old")}
        replaced = (word for by, _, words in uses if by == "current" for word in words)
        return replace(us, secret=keys.in_use(used["current"], used["old"], self.pages.now, replaced, us.home))
