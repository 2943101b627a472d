"""The GraphQL by which we read a repository: its facts, labels, folders, files and their commits, and no cases.

The facts come along with the first page of cases (`forge.queries`), so that a sweep needs no request for them.
"""

from __future__ import annotations

_REPOSITORY = """
fragment facts on Repository {
  id
  nameWithOwner
  isPrivate
  defaultBranchRef { name target { oid ... on Commit { committedDate } } }
  policy: object(expression: $policy) { __typename oid ... on Blob { text isBinary isTruncated byteSize } }
  labels(first: 100) { ...declared }
}
"""

_DECLARED = """
fragment declared on LabelConnection {
  pageInfo { hasNextPage endCursor }
  nodes { id name color description }
}
"""

#: What a query for the repository's facts ends in.
FACTS_PARTS = _REPOSITORY + _DECLARED

_FOLDER = """
fragment folder on Tree {
  entries { name object { __typename oid ... on Blob { text isBinary isTruncated byteSize } } }
}
"""

#: What a repository is like, without its cases: facts, two folders, how many issues wait and which was touched last.
STANDING = (
    """
query Standing($owner: String!, $name: String!, $policy: String!, $forms: String!, $workflows: String!) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    ...facts
    isArchived hasIssuesEnabled pushedAt
    fileForms: object(expression: $forms) { ...folder }
    fileWorkflows: object(expression: $workflows) { ...folder }
    waiting: issues(states: OPEN, first: 100, orderBy: {field: CREATED_AT, direction: ASC}) {
      totalCount
      nodes { createdAt author { __typename login } }
    }
    touched: issues(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { number } }
  }
}
"""
    + FACTS_PARTS
    + _FOLDER
)

#: The repository's labels past the first hundred.
LABELS_MORE = (
    """
query LabelsMore($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) { labels(first: 100, after: $after) { ...declared } }
}
"""
    + _DECLARED
)

#: The commits of the default branch that touched a file, newest first.
HISTORY = """
query History($owner: String!, $name: String!, $path: String!, $count: Int!) {
  repository(owner: $owner, name: $name) { defaultBranchRef {
    target { ... on Commit { history(first: $count, path: $path) { nodes { oid committedDate } } } }
  } }
}
"""


def files(count: int) -> str:
    """The query for `count` files: variables `$file0`, … are `COMMIT:PATH`."""
    variables = "".join(f", $file{index}: String!" for index in range(count))
    parts = "\n".join(
        f"  file{index}: object(expression: $file{index})"
        " { __typename oid ... on Blob { text isBinary isTruncated byteSize } }"
        for index in range(count)
    )
    return (
        f"query Files($owner: String!, $name: String!{variables}) {{\n"
        f"  repository(owner: $owner, name: $name) {{\n{parts}\n  }}\n}}"
    )


def folders(count: int) -> str:
    """The query for what `count` folders hold: variables `$folder0`, … are `COMMIT:PATH`."""
    variables = "".join(f", $folder{index}: String!" for index in range(count))
    parts = "\n".join(
        f"  fileFolder{index}: object(expression: $folder{index}) {{ ...folder }}" for index in range(count)
    )
    return (
        f"query Folders($owner: String!, $name: String!{variables}) {{\n"
        f"  repository(owner: $owner, name: $name) {{\n{parts}\n  }}\n}}" + _FOLDER
    )
