"""The queue's issue: what to answer next, kept in one issue on top of the repository's list.

Laws:

- It is recognised by who opened it and by the marker in its text as we last wrote it (law 6), never by its title.
- A run writes it once at most, and not at all where it says already what it should; everything else that it lacks
  (open, labelled, pinned) goes with that one request. The run that opens it also pins it.
- The policy says that it is there: closed by somebody, it is opened again, and without `queue` it is closed. Who takes
  it off the top has decided so, and it is put back there by hand alone; GitHub's three places are the maintainers' own.
- Of two that runs have opened at once the older is the queue, and the younger is closed.
- That it could not be pinned is said, and keeps nothing from being written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.issue_mutations import change_issue
from respondby.policy.model.policy import Policy
from respondby.rules.labelling import label_style


def is_queue(case: Case) -> bool:
    """Whether this is a queue of ours."""
    return case.mark is not None and case.mark.kind == "queue"


def queues_in(cases: Iterable[Case]) -> list[Case]:
    """The queue's issue first, then what else is marked as one."""
    return sorted((case for case in cases if is_queue(case)), key=lambda case: (not case.open, case.number))


@dataclass(slots=True)
class QueueWriter:
    """Writes the queue's issue in one run. `labels` are node ids by lower-case name; `done` and `remarks` are what was
    done, and what a maintainer should know.
    """

    client: Client
    policy: Policy
    labels: Mapping[str, str]
    done: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def open(self, title: str, body: str) -> int:
        """Open it, labelled and pinned; its number."""
        wanted = self.policy.queue
        assert wanted is not None, "the policy has a queue"
        self._label_id(wanted.label)
        made = writing.open_issue(self.client, title, body, labels=(wanted.label,))
        self.done.append("open the queue")
        if wanted.pinned:
            self._change(f"{self.client.repository}#{made.number}", made.node_id, ["pin"])
        return made.number

    def keep(self, issue: Case, body: str) -> None:
        """Have the issue say this, and be what the policy says."""
        wanted = self.policy.queue
        assert wanted is not None, "the policy has a queue"
        parts = [] if issue.open else ["reopen"]
        if not _says(issue, body):
            parts.append("edit")
        if wanted.label.lower() not in (label.lower() for label in issue.labels):
            parts.append("label")
        if not parts:
            return
        if wanted.pinned and issue.pinned is None:
            parts.append("pin")
        if not wanted.pinned and issue.pinned:
            parts.append("unpin")
        label = (self._label_id(wanted.label) or "") if "label" in parts else ""
        if not label and "label" in parts:  # it is there, and only its name is known
            parts.remove("label")
            writing.add_labels(self.client, issue.number, (wanted.label,))
        self._change(issue.ref, issue.node_id, parts, body=body, label=label)

    def end(self, issue: Case) -> None:
        """Close it: the policy has no queue any more."""
        self._change(issue.ref, issue.node_id, ["unpin", "close"] if issue.pinned else ["close"])

    def close_twin(self, twin: Case) -> None:
        """Close the younger of two."""
        writing.close(self.client, twin.number, "not_planned")
        self.done.append(f"close #{twin.number}, a second queue")

    def _change(self, ref: str, issue: str, parts: list[str], *, body: str = "", label: str = "") -> None:
        failed = change_issue(self.client, ref, issue, parts, body=body, label=label)
        words = [_WORDS[part] for part in parts if part not in failed]
        if words:
            self.done.append(", ".join(words))
        for part, error in failed.items():
            if part not in ("pin", "unpin"):
                raise error
            self.remarks.append(
                f"{ref} could not be {part}ned: {error}. GitHub allows three pinned issues: unpin one, or write"
                " `queue: { pinned: false }` in the policy"
            )

    def _label_id(self, name: str) -> str | None:
        known = self.labels.get(name.lower())
        return known or writing.ensure_label(self.client, name, *label_style(self.policy, name))


_WORDS = {
    "reopen": "open the queue again", "edit": "write the queue", "label": "label the queue", "pin": "pin the queue",
    "unpin": "unpin the queue", "close": "close the queue",
}  # fmt: skip


def _says(issue: Case, body: str) -> bool:
    opened = next(moment for moment in issue.moments if moment.kind == "opened")
    return bool(opened.revisions) and opened.revisions[-1].text.replace("\r\n", "\n").strip() == body.strip()
