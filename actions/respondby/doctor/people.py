"""The people of the policy are accounts that can be assigned, and its `@words` are nobody else's accounts."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.doctor.findings import Examined, Finding, are, listed
from respondby.forge.client import Client


def people(examined: Examined) -> Iterator[Finding]:
    """Each login exists, and may be assigned to issues here."""
    if examined.policy is None:
        return
    client = examined.place.client
    strangers = [login for login in examined.policy.people if not _assignable(client, login)]
    missing = [login for login in strangers if _account(client, login) is None]
    outside = [login for login in strangers if login not in missing]
    if missing:
        message = (
            f"{are(len(missing), 'login')} nobody's: {listed(missing)}. Nobody is told where the policy names them."
        )
        yield Finding("error", "people", message, "Mend the spelling under `people`, and wherever it is repeated.")
    if outside:
        message = f"{listed(outside)} cannot be assigned here: `assign` leaves them out."
        fix = "Give them a role in the repository; triage is enough."
        yield Finding("warning", "people", message, fix)
    if not strangers:
        count = len(examined.policy.people)
        yield Finding(
            "fine", "people", f"All {count} exist and can be assigned." if count else "The policy names none."
        )


def words(examined: Examined) -> Iterator[Finding]:
    """Who writes an `@word` in a public repository calls the account of that name, if there is one."""
    if examined.policy is None:
        return
    client = examined.place.client
    said = [word.removeprefix("@") for word in examined.policy.commands if word.startswith("@")]
    own = {login.casefold() for login in examined.policy.people} | {
        examined.standing.repository.split("/")[0].casefold()
    }
    strangers = [word for word in said if word.casefold() not in own and _account(client, word) is not None]
    for word in strangers:
        if examined.standing.private:
            message = f"`@{word}` is also somebody's account; in a private repository they hear nothing of it."
            yield Finding("fine", "@words", message)
        else:
            message = f"`@{word}` is an account of somebody else: each time it is written here, a stranger is called."
            own_word = f"{examined.standing.repository.split('/')[0].lower()}-{word}"
            fix = f"Rename the command to a word that is nobody's, perhaps `@{own_word}`, or to `/{word}`."
            yield Finding("warning", "@words", message, fix)
    if said and not strangers:
        yield Finding("fine", "@words", f"{listed([f'@{word}' for word in said])}: nobody's account.")


def _assignable(client: Client, login: str) -> bool:
    answer = client.ask("GET", f"/repos/{client.repository}/assignees/{login}", doing=f"looking for {login}")
    return answer.status == 204


def _account(client: Client, login: str) -> str | None:
    """The kind of account that has this login: a person, an organisation; None for nobody."""
    answer = client.ask("GET", f"/users/{login}", doing=f"looking for {login}")
    return str(answer.json["type"]) if answer.status == 200 else None
