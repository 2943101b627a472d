"""The GraphQL by which we read issues. One query brings a whole page of cases with the policy's text.

What a page costs, by GitHub's own rules (a query may touch 500,000 nodes; its points are its requests to
connections, divided by 100). With 100 issues of 100 timeline items:

    nodes   100 issues × (1 + 100 happenings + 100 labels + 20 assignees)  ≈ 22,100; twice that with closed issues
    points  (1 + 100 × 3 connections) / 100                                ≈ 3; 6 with closed issues

A workflow's token has 1,000 points an hour, so a desk with 250 open issues may sweep every few minutes. Edits are
rare; fetching them here would add a connection to each of the 10,000 happenings, so they are asked for afterwards, for
all issues at once, and only where there are any.
"""

from __future__ import annotations

from collections.abc import Sequence

from respondby.forge.repository_queries import FACTS_PARTS

#: The happenings that we read; asking for no others keeps long timelines short.
ITEM_TYPES = (
    "ISSUE_COMMENT",
    "COMMENT_DELETED_EVENT",
    "LABELED_EVENT",
    "UNLABELED_EVENT",
    "ASSIGNED_EVENT",
    "UNASSIGNED_EVENT",
    "CLOSED_EVENT",
    "REOPENED_EVENT",
    "TRANSFERRED_EVENT",
    "MARKED_AS_DUPLICATE_EVENT",
    "UNMARKED_AS_DUPLICATE_EVENT",
    "PARENT_ISSUE_ADDED_EVENT",
    "PARENT_ISSUE_REMOVED_EVENT",
    "PINNED_EVENT",
    "UNPINNED_EVENT",
)

_WHO = "fragment who on Actor { __typename login }"

_HAPPENINGS = """
fragment happenings on IssueTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on IssueComment {
      id fullDatabaseId createdAt body lastEditedAt viewerDidAuthor isMinimized minimizedReason authorAssociation
      author { ...who }
      editor { ...who }
    }
    ... on CommentDeletedEvent { id createdAt actor { ...who } deletedCommentAuthor { ...who } }
    ... on LabeledEvent { id createdAt actor { ...who } label { name } }
    ... on UnlabeledEvent { id createdAt actor { ...who } label { name } }
    ... on AssignedEvent { id createdAt actor { ...who } assignee { ... on Actor { ...who } } }
    ... on UnassignedEvent { id createdAt actor { ...who } assignee { ... on Actor { ...who } } }
    ... on ClosedEvent { id createdAt actor { ...who } stateReason }
    ... on ReopenedEvent { id createdAt actor { ...who } }
    ... on TransferredEvent { id createdAt }
    ... on MarkedAsDuplicateEvent {
      id createdAt
      actor { ...who }
      duplicate { ... on Node { id } }
      canonical { ... on Issue { number repository { nameWithOwner } } }
    }
    ... on PinnedEvent { id createdAt } ... on UnpinnedEvent { id createdAt }
    ... on ParentIssueAddedEvent { id createdAt actor { ...who } parent { number repository { nameWithOwner } } }
    ... on ParentIssueRemovedEvent { id createdAt actor { ...who } parent { number repository { nameWithOwner } } }
    ... on UnmarkedAsDuplicateEvent {
      id createdAt
      actor { ...who }
      duplicate { ... on Node { id } }
      canonical { ... on Issue { number repository { nameWithOwner } } }
    }
  }
}
"""

_TIMELINE = "timelineItems(first: $items, itemTypes: [" + " ".join(ITEM_TYPES) + "])"

_ISSUE = (
    """
fragment issue on Issue {
  id number url title body createdAt updatedAt lastEditedAt state locked viewerDidAuthor authorAssociation
  author { ...who }
  editor { ...who }
  labels(first: 100) { nodes { name } }
  assignees(first: 20) { nodes { login } }
  """
    + _TIMELINE
    + """ { ...happenings }
}
"""
)

#: What every query for issues ends in; one for the repository's facts has `FACTS_PARTS` besides.
ISSUE_PARTS = _ISSUE + _HAPPENINGS + _WHO

#: One issue by number, with the repository's facts.
CASE = (
    """
query Case($owner: String!, $name: String!, $policy: String!, $number: Int!, $items: Int!) {
  viewer { login }
  repository(owner: $owner, name: $name) { ...facts issue(number: $number) { ...issue } }
}
"""
    + FACTS_PARTS
    + ISSUE_PARTS
)


def cases(count: int) -> str:
    """The query for `count` issues by number as they are now, without the repository's facts: variables `$number0`, …
    and `$items`.
    """
    variables = "".join(f", $number{index}: Int!" for index in range(count))
    parts = "\n".join(f"  case{index}: issue(number: $number{index}) {{ ...issue }}" for index in range(count))
    return (
        f"query Cases($owner: String!, $name: String!, $items: Int!{variables}) {{\n"
        f"  repository(owner: $owner, name: $name) {{\n  nameWithOwner\n{parts}\n  }}\n}}" + ISSUE_PARTS
    )


#: One issue by number, and nothing of its repository: the token may lack the right to read files there.
ISSUE = (
    """
query Issue($owner: String!, $name: String!, $number: Int!, $items: Int!) {
  viewer { login }
  repository(owner: $owner, name: $name) { nameWithOwner issue(number: $number) { ...issue } }
}
"""
    + ISSUE_PARTS
)

#: Issues as they are now, newest first: among them those that the desk has made.
NEWEST = (
    """
query Newest($owner: String!, $name: String!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    nameWithOwner isPrivate
    issues(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { id number url createdAt state body lastEditedAt viewerDidAuthor author { ...who } editor { ...who } }
    }
  }
}
"""
    + _WHO
)

#: Titles and texts, those first that something happened to last.
TEXTS = """
query Texts($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { number title body url viewerDidAuthor }
    }
  }
}
"""

_OPEN_PAGE = """
  open: issues(
    states: OPEN, first: $issues, after: $open, orderBy: {field: CREATED_AT, direction: ASC}
  ) @include(if: $moreOpen) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { ...issue }
  }
  closed: issues(
    states: CLOSED, first: $issues, after: $closed, orderBy: {field: UPDATED_AT, direction: DESC}
  ) @include(if: $moreClosed) {
    pageInfo { hasNextPage endCursor }
    nodes { ...issue }
  }
"""

_OPEN_VARIABLES = """$owner: String!, $name: String!, $items: Int!, $issues: Int!,
  $moreOpen: Boolean!, $open: String, $moreClosed: Boolean!, $closed: String"""

#: The first page of open issues, and of closed ones last touched first, with the repository's facts.
OPEN = (
    "query Open("
    + _OPEN_VARIABLES
    + ", $policy: String!) {\n  viewer { login }\n  repository(owner: $owner, name: $name) { ...facts"
    + _OPEN_PAGE
    + "}\n}"
    + FACTS_PARTS
    + ISSUE_PARTS
)

#: The pages after it.
OPEN_MORE = (
    "query OpenMore("
    + _OPEN_VARIABLES
    + ") {\n  repository(owner: $owner, name: $name) {"
    + _OPEN_PAGE
    + "}\n}"
    + ISSUE_PARTS
)

_ALL_PAGE = """
  all: issues(first: $issues, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { ...issue }
  }
"""

_ALL_VARIABLES = "$owner: String!, $name: String!, $items: Int!, $issues: Int!, $after: String"

#: The first page of all issues there are, newest first, with the repository's facts. A search ends after a thousand.
ALL = (
    "query All("
    + _ALL_VARIABLES
    + ", $policy: String!) {\n  viewer { login }\n  repository(owner: $owner, name: $name) { ...facts"
    + _ALL_PAGE
    + "}\n}"
    + FACTS_PARTS
    + ISSUE_PARTS
)

#: The pages after it.
ALL_MORE = (
    "query AllMore("
    + _ALL_VARIABLES
    + ") {\n  repository(owner: $owner, name: $name) {"
    + _ALL_PAGE
    + "}\n}"
    + ISSUE_PARTS
)

_EDITS = """
fragment edits on UserContentEditConnection {
  pageInfo { hasNextPage endCursor }
  nodes { editedAt diff editor { ...who } }
}
"""


def timelines_more(count: int) -> str:
    """The query for the next pages of `count` timelines: variables `$id0`, `$after0`, … and `$items`."""
    after = _TIMELINE.replace("first: $items", "first: $items, after: $after{0}")
    part = "  page{0}: node(id: $id{0}) {{ ... on Issue {{ " + after + " {{ ...happenings }} }} }}"
    return _many("TimelinesMore", "$items: Int!", part, count) + _HAPPENINGS + _WHO


def edits(count: int) -> str:
    """The query for the edits of `count` issues and comments, newest first: variables `$id0`, `$after0`, …"""
    field = "userContentEdits(first: 50, after: $after{0}) {{ ...edits }}"
    part = "  page{0}: node(id: $id{0}) {{ ... on Issue {{ " + field + " }} ... on IssueComment {{ " + field + " }} }}"
    return _many("Edits", "", part, count) + _EDITS + _WHO


def _many(name: str, variables: str, part: str, count: int) -> str:
    declared: Sequence[str] = [variables] if variables else []
    declared = [*declared, *(f"$id{index}: ID!, $after{index}: String" for index in range(count))]
    parts = "\n".join(part.format(index) for index in range(count))
    return f"query {name}({', '.join(declared)}) {{\n{parts}\n}}"
