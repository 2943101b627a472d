"""What a run is given from outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.keys import Secret
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError
from respondby.forge.files import PolicyText
from respondby.forge.gathering import Identity
from respondby.jobs.inputs.lateness import Schedule
from respondby.policy.loading.bots import bots_of

#: A sweep also looks at cases that were touched within these seconds and are closed: what a lost event would have done.
CLOSED_LATELY = 14 * 86_400


#: Whom a repository's own workflows write as.
WORKFLOWS = "github-actions[bot]"


class NotNamed(ForgeError):
    """The policy does not name the accounts that write in its repository."""

    def __init__(self, unnamed: Sequence[str], account: str) -> None:
        super().__init__(
            f"its policy does not name {' and '.join(unnamed)} under `roles: bots` (or is no YAML): what {account}"
            " records and what the repository's own workflows record would count apart, and people be called twice."
            f' Nothing was done; write `bots: {{ people: ["{WORKFLOWS}", "{account}"] }}` there'
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run needs from outside: the connection, the secrets that channels name, the key that signs records, and
    the schedule that started it (None: something else did). `wakes` says that it may start a watch, as a job can;
    `account` is whom it writes as, where that is not the account of the repository's own workflows; `ceiling` stands in
    the place of the policy's.
    """

    client: Client
    secrets: Secrets
    signing: Secret = None
    schedule: Schedule | None = None
    wakes: bool = False
    account: str | None = None
    ceiling: int | None = None

    def identify(self, policy: PolicyText) -> Identity:
        """Whose comments carry our records: the token's own, and those of the bots that the policy names.

        Raises NotNamed where two accounts would write in one repository, and neither know the other's records.
        """
        bots = bots_of(policy.text)
        if self.account is not None and policy.text is not None:
            unnamed = tuple(one for one in (self.account, WORKFLOWS) if not names(bots, one))
            if unnamed:
                raise NotNamed(unnamed, self.account)
        return Identity(bots, self.signing)


def names(bots: Collection[str], account: str) -> bool:
    """Whether these bots of a policy hold an account."""
    return account.lower() in {bot.lower() for bot in bots}
