"""Other repositories that the desk writes to: can they be read and written, and who else can read them?"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.doctor.findings import Examined, Finding
from respondby.forge.client import Client
from respondby.forge.elsewhere import made_for
from respondby.forge.errors import ForgeError
from respondby.forge.gathering import Identity
from respondby.policy.repository.elsewhere import Other, other_repositories

_FIX = "Make a token that may read and write issues of {where}, and store it as the secret {token}."


def elsewhere(examined: Examined) -> Iterator[Finding]:
    """Each of them, with its own token. One whose secret has no value here is told of with the secrets."""
    for other in other_repositories(examined.policy) if examined.policy is not None else ():
        where = other.repository
        if other.token is None:
            if where.casefold() != examined.place.client.repository.casefold():
                message = f"`open` names no token for {where}, and a run's own token ends at its repository."
                yield Finding("error", "elsewhere", message, "Name a secret beside `in` as `token`.")
            continue
        token = examined.place.secrets(other.token)
        if token is not None and token.strip():
            yield from _findings(examined.place.client.elsewhere(where, token), other, examined)


def _findings(client: Client, other: Other, examined: Examined) -> Iterator[Finding]:
    where, fix = other.repository, _FIX.format(where=other.repository, token=other.token)
    try:
        found = made_for(client, "", examined.now, Identity())
        answer = client.ask("POST", f"/repos/{where}/labels", {"name": ""}, doing="trying to write")
    except ForgeError as error:
        yield Finding("error", "elsewhere", f"{where} cannot be read with {other.token}: {error}", fix)
        return
    if other.inside and not found.private:
        message = f"Everybody can read {where}, which `internal` names: nobody is called there."
        yield Finding("error", "elsewhere", message, f"Make {where} private, or name another repository.")
    elif answer.status != 422:  # a label without a name: where the refusal is about the name, the token was let in
        message = f"The token in {other.token} may not write issues in {where} ({answer.status})."
        yield Finding("error", "elsewhere", message, fix)
    else:
        what = "companions stand" if other.inside else "issues can be opened"
        yield Finding("fine", "elsewhere", f"{what.capitalize()} in {where}.")
