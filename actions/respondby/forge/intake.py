"""Issues on their way to cases: read as they come, and let go where nobody needs them any more.

Laws:

- What needs no further request becomes a case at once. What needs one (a long timeline, a text that was edited) waits
  until there is enough of it for a request, so that taking issues page by page costs none.
- Of an issue that came twice, since pages shift while they are read, what came last counts.
- One that cannot be read fails for itself.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from respondby.desk.case import Case
from respondby.desk.keys import Keys
from respondby.forge.errors import CaseError, Unreadable
from respondby.forge.nodes import Json, Us
from respondby.forge.paging import HISTORIES, Pages
from respondby.forge.queue_texts import no_older_text_matters
from respondby.forge.reading import KeyUse, case_of, key_uses, wants_edits

#: So many cases are looked at together, at most.
TOGETHER = 100

#: Says of these cases which may be let go, by their numbers: who asked for the cases needs them no more.
LetGo = Callable[[Sequence[Case]], Collection[int]]


def keep(_: Sequence[Case]) -> Collection[int]:
    """Let none go."""
    return ()


def numbers_of(cases: Sequence[Case]) -> Collection[int]:
    """Let all go."""
    return {case.number for case in cases}


class Intake:
    """The issues of one gather. `us` is who the desk is there.

    `failed` is why a case could not be read, by its number; `log_problem` why the desk's log is there and cannot be
    read (empty: it is not there, or can).
    """

    def __init__(self, pages: Pages, repository: str, us: Us, let_go: LetGo = keep) -> None:
        self._pages = pages
        self._repository = repository
        self._us = us
        self._let_go = let_go
        self._seen: set[int] = set()
        self._cases: dict[int, Case] = {}
        self._read_now: dict[int, Case] = {}
        self._long: list[Json] = []
        self._edited: list[Json] = []
        self._wanted: list[str] = []
        self.failed: dict[int, str] = {}
        self.log_problem = ""

    @property
    def cases(self) -> tuple[Case, ...]:
        """Those that were kept, by their numbers."""
        return tuple(case for _, case in sorted(self._cases.items()))

    def take(self, issues: Iterable[Json]) -> None:
        """These have come."""
        for issue in issues:
            number = int(issue["number"])
            if number in self._seen:
                self._forget(number)
            self._seen.add(number)
            if is_long(issue):
                self._long.append(issue)
            else:
                self._complete(issue)
        self._look()

    def finish(self) -> None:
        """All have come: read what still waits."""
        gone = self._pages.finish_timelines(self._long)
        for issue in self._long:
            if issue["id"] not in gone:
                self._complete(issue)
        self._long = []
        self._read_edited()
        self._look()

    def _forget(self, number: int) -> None:
        self._cases.pop(number, None)
        self._read_now.pop(number, None)
        self.failed.pop(number, None)
        self._long = [issue for issue in self._long if int(issue["number"]) != number]
        self._edited = [issue for issue in self._edited if int(issue["number"]) != number]

    def _complete(self, issue: Json) -> None:
        """Its whole timeline is there."""
        wanted = list(wants_edits(issue, self._us))
        if not wanted:
            self._read(issue, {})
            return
        if self._wanted and len(self._wanted) + len(wanted) > HISTORIES:
            self._read_edited()
        self._edited.append(issue)
        self._wanted += wanted

    def _read_edited(self) -> None:
        issues, wanted = self._edited, self._wanted
        self._edited, self._wanted = [], []
        edits = self._pages.edits(wanted, partial(no_older_text_matters, us=self._us))
        for issue in issues:
            self._read(issue, edits)

    def _read(self, issue: Json, edits: Mapping[str, Sequence[Json]]) -> None:
        number = int(issue["number"])
        try:
            case = case_of(self._repository, issue, edits, self._us)
        except CaseError as error:
            self.failed[number] = str(error)
            if isinstance(error, Unreadable) and error.log:
                self.log_problem = str(error)
            return
        self._read_now[number] = case
        if len(self._read_now) >= TOGETHER:
            self._look()

    def _look(self) -> None:
        """What was read since the last look: it is kept or let go."""
        cases, self._read_now = self._read_now, {}
        gone = self._let_go(list(cases.values())) if cases else ()
        self._cases.update((number, case) for number, case in cases.items() if number not in gone)


class Held:
    """Issues of a desk with a key, all of whose texts have to be seen before one counts (`desk.keys`): packed
    meanwhile, which takes a twentieth of the room. `uses` is what they tell of the `keys`.
    """

    def __init__(self, pages: Pages, us: Us, keys: Keys) -> None:
        self._pages = pages
        self._us = us
        self.keys = keys
        self._packed: list[bytes] = []
        self._long: list[Json] = []
        self.uses: set[KeyUse] = set()

    def take(self, issues: Sequence[Json]) -> None:
        """These have come."""
        if self._long:
            came = {issue["id"] for issue in issues}
            self._long = [issue for issue in self._long if issue["id"] not in came]
        whole = [issue for issue in issues if not is_long(issue)]
        self._long += [issue for issue in issues if is_long(issue)]
        self.uses.update(key_uses(whole, self._us, self.keys))
        if whole:
            self._packed.append(zlib.compress(json.dumps(whole).encode(), 1))

    def finish(self) -> None:
        """All have come: read what still waits."""
        gone = self._pages.finish_timelines(self._long)
        self._long = [issue for issue in self._long if issue["id"] not in gone]
        self.uses.update(key_uses(self._long, self._us, self.keys))

    def issues(self) -> Iterator[Json]:
        """All of them, each of which is here no more."""
        while self._packed:
            yield from json.loads(zlib.decompress(self._packed.pop(0)))
        yield from self._long


def is_long(issue: Json) -> bool:
    """Whether its timeline goes on beyond what has come."""
    return bool(issue["timelineItems"]["pageInfo"]["hasNextPage"])
