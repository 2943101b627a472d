"""Rules about where products stand: a stage that should be over, and calls that go by a stage's channels."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.dues import later
from respondby.calendars.instants import Instant, people_date, wall, zone
from respondby.policy.checks.ladders import verbs_of
from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.model.clocks import STAGE
from respondby.policy.model.duties import DateRule, Product
from respondby.policy.model.policy import Policy


def _overdue(subject: Subject) -> Iterator[Finding]:
    """A product that is in a stage whose `ends` has come: nobody has said that the next one began."""
    policy, now = subject.policy, subject.surroundings.now
    for product in policy.products.values():
        begun = [
            stage
            for stage in policy.stages.values()
            if stage.from_ is None or ((at := _instant(policy, product, stage.from_)) is not None and at <= now)
        ]
        ends = _instant(policy, product, begun[-1].ends) if begun else None
        if ends is None or ends > now:
            continue
        name = begun[-1].name
        day = people_date(wall(ends, zone(policy.timezone)).date())
        behind = list(policy.stages.values())[list(policy.stages).index(name) + 1 :]
        dates = dict.fromkeys(stage.from_.name for stage in behind if stage.from_ is not None)
        missing = " or ".join(f"`{date}`" for date in dates)
        hint = f"Give it {missing}, or a later end." if missing else "Give it a later end."
        message = f"Stage `{name}` of this product should have been over on {day}, and goes on."
        yield Finding(("products", product.id), message, product.id, hint, at_key=True)


def _instant(policy: Policy, product: Product, rule: DateRule | None) -> Instant | None:
    date = product.dates.get(rule.name) if rule is not None else None
    if rule is None or date is None or rule.offset is None:
        return date
    return later(date, rule.offset, policy.default_calendar if rule.offset.business else None)


def _by_no_channel(subject: Subject) -> Iterator[Finding]:
    """`via: stage` where no stage has channels reaches nobody by any."""
    if any(stage.channels for stage in subject.policy.stages.values()):
        return
    for path, verbs, _ in verbs_of(subject):
        if verbs.via == STAGE:
            message = "No stage names `channels`, so this is told on the case alone."
            yield Finding((*path, "via"), message, STAGE, "Name them in `stages`, or a channel here.")


RULES = (
    Rule("stage-overdue", "warning", _overdue),
    Rule("stage-without-channels", "error", _by_no_channel),
)
