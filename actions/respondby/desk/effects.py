"""What an accepted built-in command changes of a case at once (`policy.model.built_in` lists them all).

What a policy's own verbs change comes first and is the same for every command (`desk.hearing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from respondby.desk.folding import Fold
from respondby.desk.history import Invocation
from respondby.desk.standings import speaks_for_customer
from respondby.policy.model.built_in import ASSIGN, CLOSE, RESUME, WAIT
from respondby.policy.model.clocks import Verbs

#: Changes the case that is being read by what was said; the verbs are those that the policy gives the command.
Effect = Callable[[Fold, Invocation, Verbs], None]


def close(fold: Fold, said: Invocation, verbs: Verbs) -> None:
    """Close. What customers close so, their next word opens again: on GitHub they cannot open what another account has
    closed, and that account is ours.
    """
    until_reply = verbs.until_reply or speaks_for_customer(said.by, fold.state)
    fold.close(said.by, said.source, until_reply=until_reply, reason="" if verbs.until_reply else "completed")


EFFECTS: Mapping[str, Effect] = {
    ASSIGN: lambda fold, said, _: fold.assign(said.args.get("who", said.by.login), said.by, said.source),
    WAIT: lambda fold, said, _: fold.wait(said.source, said.by),
    RESUME: lambda fold, said, _: fold.resume(said.source, said.by),
    CLOSE: close,
}
