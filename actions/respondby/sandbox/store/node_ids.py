"""Global node ids, built as GitHub builds them: a prefix for the type, then packed numbers in base64.

An object of a repository packs the repository's id and its own; a person packs only their own; a git
object packs the repository's id and its hash. Ids are stable and can be read back.
"""

from __future__ import annotations

import base64
import binascii
import struct

PREFIXES = {
    "User": "U",
    "Organization": "O",
    "Bot": "BOT",
    "Repository": "R",
    "Issue": "I",
    "IssueComment": "IC",
    "Label": "LA",
    "UserContentEdit": "UCE",
    "Reaction": "REA",
    "Commit": "C",
    "Tree": "TR",
    "Blob": "B",
    "Ref": "REF",
    "LabeledEvent": "LE",
    "UnlabeledEvent": "UNLE",
    "AssignedEvent": "AE",
    "UnassignedEvent": "UNAE",
    "ClosedEvent": "CE",
    "ReopenedEvent": "REE",
    "RenamedTitleEvent": "RTE",
    "LockedEvent": "LOE",
    "UnlockedEvent": "UNLOE",
    "PinnedEvent": "PINE",
    "UnpinnedEvent": "UNPINE",
    "PinnedIssue": "PI",
    "CommentDeletedEvent": "CDE",
    "MarkedAsDuplicateEvent": "MADE",
    "UnmarkedAsDuplicateEvent": "UNMADE",
    "CrossReferencedEvent": "CRE",
    "Milestone": "MI",
    "MilestonedEvent": "MIE",
    "DemilestonedEvent": "DEM",
    "TransferredEvent": "TRE",
    "ConnectedEvent": "CNE",
    "DisconnectedEvent": "DIE",
    "ParentIssueAddedEvent": "PIAE",
    "ParentIssueRemovedEvent": "PIRE",
    "SubIssueAddedEvent": "SIAE",
    "SubIssueRemovedEvent": "SIRE",
    "PullRequest": "PR",
    "PullRequestCommit": "PURC",
    "PullRequestReview": "PRR",
    "MergedEvent": "ME",
    "ReviewRequestedEvent": "RRE",
    "ReviewRequestRemovedEvent": "RRRE",
    "ReviewDismissedEvent": "RDE",
    "ReadyForReviewEvent": "RFRE",
    "ConvertToDraftEvent": "CTDE",
    "HeadRefDeletedEvent": "HRDE",
    "HeadRefForcePushedEvent": "HRFPE",
    "Integration": "A",
    "Team": "T",
    "Workflow": "W",
    "WorkflowRun": "WFR",
    "CheckSuite": "CS",
    "CheckRun": "CR",
    "StatusContext": "SC",
    "StatusCheckRollup": "SCR",
    "Comparison": "CMP",
    "LinkedBranch": "LB",
    "ReviewRequest": "RR",
    "Release": "RE",
    "ProjectV2": "PVT",
    "ProjectV2Field": "PVTF",
    "ProjectV2SingleSelectField": "PVTSSF",
    "ProjectV2Item": "PVTI",
    "ProjectV2ItemFieldDateValue": "PVTFDV",
    "ProjectV2ItemFieldNumberValue": "PVTFNV",
    "ProjectV2ItemFieldSingleSelectValue": "PVTFSV",
    "ProjectV2ItemFieldTextValue": "PVTFTV",
}
_TYPES = {prefix: name for name, prefix in PREFIXES.items()}


def _encode(name: str, packed: bytes) -> str:
    return PREFIXES[name] + "_" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def of_person(name: str, number: int) -> str:
    """Return the node id of something that belongs to no repository: a user, an organisation, a repository."""
    return _encode(name, struct.pack(">BBBI", 0x92, 0x00, 0xCE, number))


def of_item(name: str, repository: int, number: int) -> str:
    """Return the node id of something in a repository that has a number of its own."""
    return _encode(name, struct.pack(">BBBIBI", 0x93, 0x00, 0xCE, repository, 0xCE, number))


def of_hash(name: str, repository: int, key: str) -> str:
    """Return the node id of something in a repository that is known by a hash or a name."""
    text = key.encode()
    return _encode(name, struct.pack(">BBBIBB", 0x93, 0x00, 0xCE, repository, 0xD9, len(text)) + text)


def read(node_id: str) -> tuple[str, int, int | str] | None:
    """Return the type's name, the repository's id (0 for none) and the number or hash; None if it is no node id."""
    prefix, _, coded = node_id.partition("_")
    try:
        packed = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    except (binascii.Error, ValueError):
        return None
    name = _TYPES.get(prefix)
    if name is None or len(packed) < 7:
        return None
    if packed[0] == 0x92 and len(packed) == 7:
        return name, 0, int(struct.unpack(">I", packed[3:])[0])
    if packed[0] == 0x93 and len(packed) >= 9:
        repository = int(struct.unpack(">I", packed[3:7])[0])
        if packed[7] == 0xCE and len(packed) == 12:
            return name, repository, int(struct.unpack(">I", packed[8:])[0])
        if packed[7] == 0xD9:
            return name, repository, packed[9:].decode(errors="replace")
    return None
