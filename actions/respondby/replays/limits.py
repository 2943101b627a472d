"""What cannot be played again, or only in part: by a code, with the cases that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from respondby.desk.case import Case
from respondby.policy.model.policy import Policy
from respondby.replays.evidence import Evidence
from respondby.replays.playing import Replay

Code = Literal[
    "unlike-its-record", "base-ends", "head-ends", "unread", "formless", "older-form", "words-deleted", "record-lost",
    "locked", "arrived", "unseen", "since-set-aside", "shadow-set-aside", "new-field", "duties-differ",
]  # fmt: skip


class Limit(NamedTuple):
    """Why a replay says less than it seems to: `cases` it is about (none: all of them), `said` beside the code."""

    code: Code
    cases: tuple[str, ...] = ()
    said: str = ""


def of_case(policy: Policy, case: Case, evidence: Evidence, played: Replay) -> Iterator[Code]:
    """What of one case is not as it was, though it can be played."""
    kinds = {moment.kind for moment in case.moments}
    if policy.forms and played.form is None:
        yield "formless"
    if evidence.old_form:
        yield "older-form"
    if "comment deleted" in kinds:
        yield "words-deleted"
    if "record lost" in kinds:
        yield "record-lost"
    if case.locked:
        yield "locked"
    if case.arrived:
        yield "arrived"


def of_policies(base: Policy | None, head: Policy) -> Iterator[Limit]:
    """What of the policies themselves is not judged, or set aside."""
    yield Limit("unseen")
    for which, policy in (("base", base), ("head", head)):
        if policy is not None and policy.since is not None:
            yield Limit("since-set-aside", said=which)
        if policy is not None and policy.mode != "live":
            yield Limit("shadow-set-aside", said=f"{which} {policy.mode}")
    if base is None:
        return
    new = sorted(set(head.fields) - set(base.fields))
    if new:
        yield Limit("new-field", said=" ".join(new))
    if base.duties != head.duties:
        yield Limit("duties-differ")
