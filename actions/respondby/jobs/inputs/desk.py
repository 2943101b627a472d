"""What a run is given from outside."""

from __future__ import annotations

from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.keys import Secret
from respondby.forge.client import Client
from respondby.forge.files import PolicyText
from respondby.forge.gathering import Identity
from respondby.jobs.inputs.lateness import Schedule
from respondby.policy.loading.bots import bots_of

#: A sweep also looks at cases that were touched within these seconds and are closed: what a lost event would have done.
CLOSED_LATELY = 14 * 86_400


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run needs from outside: the connection, the secrets that channels name, the key that signs records, and
    the schedule that started it (None: something else did). `wakes` says that it may start a watch, as a job can.
    """

    client: Client
    secrets: Secrets
    signing: Secret = None
    schedule: Schedule | None = None
    wakes: bool = False

    def identify(self, policy: PolicyText) -> Identity:
        """Whose comments carry our records: the token's own, and those of the bots that the policy names."""
        return Identity(bots_of(policy.text), self.signing)
