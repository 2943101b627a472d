"""What an accepted built-in command changes of a case at once (`policy.model.built_in` lists them all).

What a policy's own verbs change comes first and is the same for every command (`desk.hearing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from respondby.desk.built_in.workarounds import MEANT
from respondby.desk.folding import Fold
from respondby.desk.history import Invocation
from respondby.desk.standings import speaks_for_customer
from respondby.policy.model.built_in import (
    ASSIGN,
    CLOSE,
    NOT_PART_OF,
    NOT_SOLVED,
    PART_OF,
    RESUME,
    SOLVED,
    WAIT,
)
from respondby.policy.model.clocks import Verbs

#: Changes the case that is being read by what was said; the verbs are those that the policy gives the command.
Effect = Callable[[Fold, Invocation, Verbs], None]


def close(fold: Fold, invocation: Invocation, verbs: Verbs) -> None:
    """Close. What customers close so, their next word opens again: on GitHub they cannot open what another account has
    closed, and that account is ours.
    """
    until_reply = verbs.until_reply or speaks_for_customer(invocation.by, fold.state)
    fold.close(
        invocation.by, invocation.source, until_reply=until_reply, reason="" if verbs.until_reply else "completed"
    )


EFFECTS: Mapping[str, Effect] = {
    ASSIGN: lambda fold, invocation, _: fold.assign(
        invocation.args.get("who", invocation.by.login), invocation.by, invocation.source
    ),
    WAIT: lambda fold, invocation, _: fold.wait(invocation.source, invocation.by),
    RESUME: lambda fold, invocation, _: fold.resume(invocation.source, invocation.by),
    CLOSE: close,
    PART_OF: lambda fold, invocation, _: fold.tie(invocation.args.get(MEANT), invocation.source, invocation.by),
    NOT_PART_OF: lambda fold, invocation, _: fold.tie(None, invocation.source, invocation.by),
    SOLVED: close,
    NOT_SOLVED: lambda fold, invocation, _: fold.resume(invocation.source, invocation.by),
}
