"""The token, the repository and what the token may do there, the clocks, the rate limits.

GitHub has no request that tells what a token may do. Reading is tried. Writing is tried with a request that has to be
refused, a label without a name: where the refusal is about the name, the token itself was let in.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import UTC, people_instant
from respondby.doctor.findings import Examined, Finding, span
from respondby.forge.answers import Answer
from respondby.forge.errors import Uncertain
from respondby.forge.standing import Standing

#: Seconds that two clocks may lie apart before it is worth a word; an answer's own travel is not counted.
APART = 30.0
#: The share of a rate limit that should be left.
LEFT = 0.1


def token(examined: Examined) -> Iterator[Finding]:
    """GitHub has taken it; as whom."""
    yield Finding("fine", "token", f"GitHub takes it, as {examined.standing.viewer}.")


def repository(examined: Examined) -> Iterator[Finding]:
    """It is the one that was meant, and issues can be written there."""
    standing = examined.standing
    wrong = list(_wrong_repository(standing, examined.place.client.repository))
    yield from wrong
    if not wrong:
        kind = "private" if standing.private else "public"
        waiting = f"{standing.waiting} open issue{'' if standing.waiting == 1 else 's'}"
        yield Finding(
            "fine", "repository", f"A {kind} one with {waiting}; its default branch is {standing.default_branch}."
        )


def _wrong_repository(standing: Standing, meant: str) -> Iterator[Finding]:
    if standing.repository.casefold() != meant.casefold():
        message = f"It is called {standing.repository} now; what is written to its old name is lost."
        yield Finding("warning", "repository", message, "Use the new name in GITHUB_REPOSITORY.")
    if standing.archived:
        message = "It is archived: nothing can be written."
        yield Finding("error", "repository", message, "Settings → General → Unarchive this repository.")
    if not standing.has_issues:
        message = "Its issues are turned off: there can be no cases."
        yield Finding("error", "repository", message, "Settings → General → Features → Issues.")


def permissions(examined: Examined) -> Iterator[Finding]:
    """Contents could be read, or we would not be here; may issues be written?"""
    if examined.standing.archived:
        return
    client = examined.place.client
    name = "permissions"
    fix = "In a workflow: `permissions: { contents: read, issues: write }`. Else give the token that permission."
    try:
        answer = client.ask("POST", f"/repos/{client.repository}/labels", {"name": ""}, doing="trying to write")
    except Uncertain as error:
        yield Finding("warning", name, f"Whether issues may be written could not be told: {error}", "Try again.")
        return
    if answer.status == 422:
        yield Finding("fine", name, "contents: read and issues: write, as far as GitHub tells without a real write.")
    elif answer.status in (403, 404):
        yield Finding("error", name, f"This token may not write issues ({answer.status}, “{answer.message}”).", fix)
    else:
        message = f"Whether issues may be written could not be told (GitHub answered {answer.status})."
        yield Finding("warning", name, message, fix)


def clocks(answer: Answer, before: float, after: float) -> Iterator[Finding]:
    """This machine's clock, read before and after an answer, against the forge's. The desk uses only the forge's."""
    apart = max(before - (answer.date + 1), answer.date - after, 0.0)
    if apart <= APART:
        yield Finding("fine", "clock", "This machine and GitHub agree on the time.")
        return
    way = "ahead of" if before > answer.date else "behind"
    message = f"This machine is {span(apart)} {way} GitHub. The desk goes by GitHub's clock, so no promise moves."
    yield Finding("warning", "clock", message, "Set the clock (NTP): logs and certificates go by it.")


def limits(answer: Answer) -> Iterator[Finding]:
    """What is left of the token's limits. A server without limits answers 404."""
    resources = answer.json["resources"] if answer.status == 200 else {}
    left = []
    for name, unit in (("core", "requests"), ("graphql", "points of GraphQL")):
        found = resources.get(name)
        if found is None:
            continue
        said = f"{found['remaining']} of {found['limit']} {unit}"
        if found["remaining"] < found["limit"] * LEFT:
            fix = "Sweep less often, or give the desk a GitHub App's token: it has a limit of its own."
            message = f"Only {said} are left until {people_instant(int(found['reset']), UTC)}."
            yield Finding("warning" if found["remaining"] else "error", "rate limit", message, fix)
        else:
            left.append(said)
    if left:
        yield Finding("fine", "rate limit", f"{' and '.join(left)} are left this hour.")
    elif not resources:
        yield Finding("fine", "rate limit", "This server tells of none.")
