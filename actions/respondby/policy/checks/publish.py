"""Rules about `publish`: what a page would say wrongly, could never say, or must not say."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.built_in import PUBLIC_TITLE, UPDATE
from respondby.policy.model.conditions import ALWAYS
from respondby.policy.model.publish import Shown
from respondby.policy.people.private_names import private_in_publish

#: What tells more of something is told nothing of where that is not shown.
_NEEDS: tuple[tuple[Shown, Shown], ...] = (
    ("targets", "uptime"), ("updates", "incidents"), ("post-mortems", "incidents"),
)  # fmt: skip


def _unmeasured(subject: Subject) -> Iterator[Finding]:
    if subject.policy.publish is not None and subject.policy.uptime is None:
        message = "The policy has no `uptime`: the page could only say that all products are up."
        yield Finding(("publish",), message, "publish", "Add `uptime: { by: product }`, and which incidents count.")


def _in_vain(subject: Subject) -> Iterator[Finding]:
    publish, policy = subject.policy.publish, subject.policy
    if publish is None:
        return
    for shown, needed in _NEEDS:
        if publish.shows(shown) and not publish.shows(needed):
            message = f"`{shown}` needs `{needed}` in `show`."
            yield Finding(("publish", "show"), message, shown, f"Add `{needed}`, or take `{shown}` out.")
    if publish.incidents != ALWAYS and not publish.shows("incidents"):
        message = "No incident is shown: `incidents` is not in `show`."
        yield Finding(("publish", "incidents"), message, "", "Add `incidents` to `show`.", at_key=True)
    for what, word, lacks in (
        ("incidents", PUBLIC_TITLE, "No incident has a title of its own there"),
        ("updates", UPDATE, "Nobody can say an update"),
    ):
        if what in publish.show and word not in policy.commands:
            hint = f"Add `{word}: {{ by: staff }}` to `commands`."
            yield Finding(("publish", "show"), f"{lacks}: the policy has no `{word}`.", what, hint)
    if publish.shows("maintenance") and policy.uptime is not None and policy.uptime.maintenance is None:
        message = "No maintenance is announced: `uptime.maintenance` names no form."
        yield Finding(("publish", "show"), message, "maintenance", "Add it, or take `maintenance` out.")


def _retold(subject: Subject) -> Iterator[Finding]:
    """Whoever said an `/update` before there was a page said it to the customers of an incident, and to nobody else."""
    publish = subject.policy.publish
    if publish is not None and publish.shows("updates") and publish.since is None:
        message = "Every `/update` that was ever said becomes public, also from before there was a page."
        hint = "Add `since:` with the day from which on staff knows that the public reads."
        yield Finding(("publish",), message, "updates", hint, at_key=True)


def _names_customers(subject: Subject) -> Iterator[Finding]:
    for path, text, why in private_in_publish(subject.policy):
        if path == ("publish", "products"):
            message = f"The public would read this, in the addresses of this product's files: {why}."
            hint = "Call the product otherwise; `was:` with the old name keeps its past."
            yield Finding((*path, text), message, text, hint, at_key=True)
        else:
            yield Finding(path, f"The public would read this: {why}.", text, "Word it in another way.")


RULES = (
    Rule("publish-unmeasured", "error", _unmeasured),
    Rule("publish-in-vain", "warning", _in_vain),
    Rule("publish-retold", "warning", _retold),
    Rule("publish-customer", "error", _names_customers),
)
