"""What was merged about a case, where one of its clocks waits for that: gathered as facts that are kept.

The moments `merged` and `post-mortem merged` are read, not delivered: whoever merged, and whether any run heard of it,
the next run sees it at its own time. Laws:

- A post-mortem is merged once its file is on the default branch and names the incident, whoever put it there and
  whatever its name is; it was then that the pull request which brought it was merged, else when it was committed.
- What was found is kept on the card: a file that is renamed or removed later changes no clock.
- A desk whose clocks wait for nothing of this kind, or whose cases have it already, pays no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from respondby.desk.case import Case
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept
from respondby.forge.client import Client
from respondby.forge.errors import NotGranted, PartialAnswer
from respondby.forge.files import read_named
from respondby.forge.merges import Merged, first_written, merged_pulls
from respondby.policy.model.conditions import PatternKind
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment

if TYPE_CHECKING:  # a run reads documents only where a clock waits for one
    from respondby.postmortems.document.document import Document

MERGED: PatternKind = "merged"
POST_MORTEM: PatternKind = "post-mortem merged"


def reviewed(policy: Policy) -> bool:
    """Whether drafts of duties say which incidents still lack their post-mortem."""
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    return wanted is not None and any(duty.draft is not None for duty in policy.duties.values())


@per_policy
def merges_matter(policy: Policy) -> bool:
    """Whether any clock of this policy knows such a moment, or a review tells of it."""
    if reviewed(policy):
        return True
    patterns = (p for clock in policy.clocks.values() for p in (*clock.start, *clock.stop, *clock.pause))
    return any(pattern.kind in (MERGED, POST_MORTEM) for pattern in patterns)


def waits_for(policy: Policy, assessment: Assessment, kind: PatternKind) -> bool:
    """Whether a clock of the case would be started, stopped or paused by such a moment."""
    started, ended = _clocks_of(policy).get(kind, ((), ()))
    return bool(started) or any((run := assessment.latest(name)) is not None and run.live for name in ended)


@per_policy
def _clocks_of(policy: Policy) -> Mapping[PatternKind, tuple[Sequence[str], Sequence[str]]]:
    """By the kind of moment, the clocks that start with one, and those that stop or pause with one."""
    found: dict[PatternKind, tuple[list[str], list[str]]] = {}
    for name, clock in policy.clocks.items():
        for place, patterns in enumerate((clock.start, (*clock.stop, *clock.pause))):
            for pattern in patterns:
                found.setdefault(pattern.kind, ([], []))[place].append(name)
    return found


def what_was_merged(
    client: Client, commit: str | None, waiting: Sequence[tuple[Case, frozenset[PatternKind]]]
) -> Mapping[int, Ledger]:
    """What the cases have to remember, by number: `waiting` says for what each of them waits."""
    if not waiting or commit is None:
        return {}
    pulls = _pulls(client, waiting)
    documents = documents_at(client, commit) if any(POST_MORTEM in kinds for _, kinds in waiting) else ()
    found: dict[int, Ledger] = {}
    for case, kinds in waiting:
        about = pulls.get(case.node_id, ())
        kept = [_kept(merge, MERGED, case) for merge in about if MERGED in kinds]
        if POST_MORTEM in kinds and not _has(case, POST_MORTEM):
            kept += [_kept(merge, POST_MORTEM, case) for merge in _post_mortem(client, case, about, documents)]
        new = {fact.key: fact for fact in kept if fact.key not in case.ledger.kept}
        if new:
            found[case.number] = Ledger(kept=new)
    return found


def _pulls(client: Client, waiting: Sequence[tuple[Case, frozenset[PatternKind]]]) -> Mapping[str, tuple[Merged, ...]]:
    """The merged pull requests of each case. A post-mortem is found without them too, by its commit."""
    try:
        return merged_pulls(client, [case.node_id for case, _ in waiting])
    except (NotGranted, PartialAnswer):
        if any(MERGED in kinds for _, kinds in waiting):
            raise
        return {}


def documents_at(client: Client, commit: str) -> tuple[Document, ...]:
    """The post-mortems of the default branch that can be read."""
    from respondby.postmortems.document.document import FOLDER, read_document

    texts = read_named(client, [f"{FOLDER}/"], commit)
    documents = (read_document(text, path) for path, text in texts.items() if path.endswith(".md"))
    return tuple(document for document in documents if document.source.refusal() is None)


def _post_mortem(
    client: Client, case: Case, pulls: Iterable[Merged], documents: Iterable[Document]
) -> Iterable[Merged]:
    """How the case's post-mortem came to the default branch: the first that names it; nothing where there is none."""
    known = [document.path for document in documents if names_incident(document, case.url)]
    if not known:
        return []
    brought = [pull for pull in pulls if set(pull.paths) & set(known)]
    if brought:
        return brought[:1]
    written = [merge for path in known if (merge := first_written(client, path)) is not None]
    return sorted(written, key=lambda merge: merge.at)[:1]


def names_incident(document: Document, url: str) -> bool:
    """Whether the document's front matter names the issue with that address; addresses differ in case only by hand."""
    return url.rstrip("/").casefold() in {link.casefold() for link in document.incidents}


def _has(case: Case, kind: str) -> bool:
    return any(kept.kind == kind for kept in case.ledger.kept.values())


def _kept(merge: Merged, kind: str, case: Case) -> Kept:
    """The fact as the ledger keeps it. What was written before the case was opened counts from its opening."""
    return Kept(f"{merge.source} {kind}", max(merge.at, case.created), merge.by, "MEMBER", kind)
