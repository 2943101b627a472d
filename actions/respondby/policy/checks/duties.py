"""Rules about stages, products and duties."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from respondby.policy.checks.rule import Finding, Rule, Subject


def _stage_without_date(subject: Subject) -> Iterator[Finding]:
    """Only the first stage begins by itself: a later one without a date would hide all before it."""
    for index, stage in enumerate(subject.policy.stages.values()):
        if index > 0 and stage.from_ is None:
            message = "This stage has no `from`: every product would be in it at once."
            yield Finding(("stages", stage.name), message, stage.name, "Add the date it begins with.", at_key=True)


def _dates_out_of_order(subject: Subject) -> Iterator[Finding]:
    order = [stage.from_.name for stage in subject.policy.stages.values() if stage.from_ is not None]
    for product in subject.policy.products.values():
        dated = [name for name in dict.fromkeys(order) if name in product.dates]
        for earlier, later in pairwise(dated):
            if product.dates[later] < product.dates[earlier]:
                message = f"`{later}` is before `{earlier}`, whose stage comes first."
                yield Finding(("products", product.id, later), message, later, "Correct one of the dates.")


def _stages_without_products(subject: Subject) -> Iterator[Finding]:
    if subject.policy.stages and "product" not in subject.policy.fields:
        hint = "Add the field `product`, so that a case can say which one it is about."
        yield Finding(("stages",), "No case is ever in a stage: there is no field `product`.", "", hint, at_key=True)


def _for_nothing(subject: Subject) -> Iterator[Finding]:
    for name, duty in subject.policy.duties.items():
        empty = (duty.for_ == "product" and not subject.policy.products) or (
            duty.for_ == "customer" and not subject.policy.customers
        )
        if empty:
            message = f"This policy has no {duty.for_}s: this duty never comes."
            yield Finding(("duties", name, "for"), message, duty.for_ or "", f"Add `{duty.for_}s:`, or take `for` out.")


def _idle(subject: Subject) -> Iterator[Finding]:
    for name, duty in subject.policy.duties.items():
        if not (duty.checklist or duty.draft or duty.report or duty.expects):
            hint = "Add a `checklist`, a `draft`, `do`, or what it `expects`."
            yield Finding(("duties", name), "This duty has nothing to be done.", name, hint, at_key=True)


def _unowned(subject: Subject) -> Iterator[Finding]:
    for name, duty in subject.policy.duties.items():
        if not duty.owner and (duty.checklist or duty.draft or duty.expects):
            yield Finding(("duties", name), "This duty has no owner.", name, "Add `owner:` with a role.", at_key=True)


def _date_of_nothing(subject: Subject) -> Iterator[Finding]:
    for name, duty in subject.policy.duties.items():
        if duty.schedule.after is not None and duty.for_ != "product":
            message = "Only a product has dates: this duty never comes."
            yield Finding(("duties", name, "schedule", "after"), message, name, "Add `for: product`.")


def _silent_for_ever(subject: Subject) -> Iterator[Finding]:
    for name, duty in subject.policy.duties.items():
        if duty.silent and duty.expects is None:
            message = "`silent` needs `expects` beside it."
            yield Finding(("duties", name, "silent"), message, name, "Add `expects: dispatch …`, or take `silent` out.")


def _handover_without_rota(subject: Subject) -> Iterator[Finding]:
    for name, duty in subject.policy.duties.items():
        choices = duty.target.choices if duty.target is not None else ()
        if duty.schedule.rota is None and any(choice.by == "handover" for choice in choices):
            hint = "Let `schedule` name a rota, or the target another end."
            yield Finding(
                ("duties", name, "target"), "This duty follows no rota: it has no hand-over.", "handover", hint
            )


def _maintenance_without_times(subject: Subject) -> Iterator[Finding]:
    maintenance = subject.policy.uptime.maintenance if subject.policy.uptime is not None else None
    form = subject.policy.forms.get(maintenance.form) if maintenance is not None else None
    if maintenance is None or form is None:
        return
    times = [question.id for question in form.ask if question.kind == "time"]
    said = [name for name in (maintenance.starts, maintenance.ends) if name is not None]
    if len(set(said)) < 2 and len({*times, *said}) < 2:
        message = "A window has a start and an end, and this form asks for fewer than two times."
        hint = "Give the form two questions of `kind: time`."
        yield Finding(("uptime", "maintenance", "form"), message, maintenance.form, hint)
    for name in said:
        if name not in times:
            key = "starts" if name == maintenance.starts else "ends"
            message = "This question asks for no time."
            yield Finding(("uptime", "maintenance", key), message, name, "Add `kind: time` to it in the form.")
    for name, answer in maintenance.emergency:
        question = next((one for one in form.ask if one.id == name), None)
        if question is not None and answer not in question.options:
            message = f"Nobody can answer “{answer}” there."
            hint = f"One of its options: {', '.join(question.options)}." if question.options else "Give it `options`."
            yield Finding(("uptime", "maintenance", "emergency", name), message, answer, hint)


RULES = (
    Rule("stage-without-date", "error", _stage_without_date),
    Rule("dates-out-of-order", "warning", _dates_out_of_order),
    Rule("stages-without-products", "warning", _stages_without_products),
    Rule("duty-for-nothing", "error", _for_nothing),
    Rule("duty-idle", "warning", _idle),
    Rule("duty-unowned", "warning", _unowned),
    Rule("date-of-nothing", "error", _date_of_nothing),
    Rule("silent-for-ever", "error", _silent_for_ever),
    Rule("handover-without-rota", "error", _handover_without_rota),
    Rule("maintenance-without-times", "error", _maintenance_without_times),
)
