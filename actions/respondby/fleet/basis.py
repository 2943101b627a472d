"""What a fleet inherits: the policy of another repository at a commit, and the files that it names there."""

from __future__ import annotations

from collections.abc import Mapping

from respondby.dataclass import dataclass
from respondby.fleet.document import Fleet, Pin
from respondby.fleet.inheriting import Inherited, inherited
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError
from respondby.forge.files import read_named, text_at
from respondby.policy.loading.loader import named_files


class NoBase(ForgeError):
    """What is inherited is not there."""

    def __init__(self, pin: Pin) -> None:
        super().__init__(
            f"{pin.repository} has no {pin.path} at {pin.commit}, or this token may not read it: look at `extends` of"
            " the fleet, and give the token `contents: read` there"
        )


@dataclass(frozen=True, slots=True)
class Base:
    """The inherited text, and the texts of the files that it names, by path."""

    text: str
    files: Mapping[str, str]

    def policy_of(self, fleet: Fleet, repository: str) -> Inherited:
        """The policy of a repository of the fleet."""
        return inherited(fleet, self.text, repository)


def read_base(client: Client, pin: Pin) -> Base:
    """Read it, in two requests or three. Raises NoBase, and PolicyError where the text is no YAML."""
    home = client.beside(pin.repository)
    text = text_at(home, pin.commit, pin.path)
    if text is None:
        raise NoBase(pin)
    names = named_files(text)
    return Base(text, read_named(home, names, pin.commit) if names else {})
