"""An action item that cannot be followed: without an owner, a due, an issue, or a state."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.text.problems import suggestion
from respondby.postmortems.document.document import Document
from respondby.postmortems.document.items import STATES, Item, ItemTable, item_tables
from respondby.postmortems.edits import Edit
from respondby.postmortems.rule import Context, Example, Finding, Rule

_HEADS = {"what": "What", "owner": "Owner", "due": "Due", "state": "State", "issue": "Issue"}


def _look(document: Document, context: Context) -> Iterator[Finding]:
    for table in item_tables(document.outline):
        if table.missing:
            yield _columns(document, table)
    for item in document.items:
        for message, hint in _wrong(item, document, context):
            yield Finding(item.line + 1, _column(document, item), message, item.what, hint)


def _wrong(item: Item, document: Document, context: Context) -> Iterator[tuple[str, str]]:
    name = f"“{_short(item.what)}”"
    if item.state not in STATES:
        words = ", ".join(f"`{state}`" for state in STATES)
        if not item.state:
            yield f"The item {name} has no state.", f"One of {words}. What is only an idea is `proposed`."
        else:
            yield (
                f"The item {name} has an unknown state `{_short(item.state)}`.",
                suggestion(item.state, STATES, what="states"),
            )
        return
    if item.state == "won't do" and not item.why:
        yield f"The item {name} is not to be done, and does not say why.", "Write `won't do, because …`."
    if not item.open:
        return
    if not item.owner:
        yield (
            f"The item {name} was agreed and has no owner.",
            "Name one person: `@login`. What nobody takes on is `proposed`.",
        )
    elif context.people and item.owner.lstrip("@").casefold() not in context.people:
        yield (
            f"The item {name} belongs to `{item.owner}`, whom the policy does not know.",
            suggestion(item.owner, sorted(context.people), what="people"),
        )
    if item.due_day is None:
        said = f" that can be read: “{_short(item.due)}”" if item.due else ""
        yield f"The item {name} was agreed and has no due date{said}.", "Write a date such as `2026-12-15`."
    if not item.issue and document.front.text("status") == "final":
        hint = "Link the issue that follows it; with `status: review` the desk opens one once this is merged."
        yield f"The item {name} was agreed and has no issue.", hint


def _columns(document: Document, table: ItemTable) -> Finding:
    names = ", ".join(f"“{_HEADS[name]}”" for name in table.missing)
    plural = "columns" if len(table.missing) > 1 else "column"
    message = f"This table of action items lacks the {plural} {names}."
    return Finding(
        table.line + 1,
        1,
        message,
        "",
        "Columns: What, Owner, Due, Kind, State, Issue.",
        tuple(_widened(document, table)),
    )


def _widened(document: Document, table: ItemTable) -> Iterator[Edit]:
    """Each row with an empty cell for each missing column."""
    lines = document.source.lines
    for number in range(table.line, len(lines)):
        line = lines[number].rstrip()
        if "|" not in line:
            return
        rule = number == table.line + 1
        cells = ["---" if rule else _HEADS[name] if number == table.line else " " for name in table.missing]
        end = line if line.endswith("|") else f"{line} |"
        yield Edit(number + 1, number + 2, (end + "".join(f" {cell} |" for cell in cells),))


def _column(document: Document, item: Item) -> int:
    return document.column(item.line, item.what) if item.what else 1


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"


def _document(rows: str, status: str = "review") -> str:
    return (
        f"---\nincident: https://github.com/acme/shop/issues/41\nstatus: {status}\n---\n# "
        f"Orders fail\n\n## Action items\n\n{rows}"
    )


_HEAD = "| What | Owner | Due | Kind | State | Issue |\n| --- | --- | --- | --- | --- | --- |\n"

RULE = Rule(
    name="incomplete-item",
    says=(
        "An action item without a state; one that was agreed without owner, due date or (once final) issue; "
        "one that is given up without a reason; a table without one of its columns."
    ),
    why="Of 707 public action items none has owner, due date and link together, and nobody knows which were done.",
    look=_look,
    mends=True,
    flagged=(
        Example(_document(_HEAD + "| Alert on the queue |  | 2026-12-15 | detect | agreed |  |\n")),
        Example(_document(_HEAD + "| Alert on the queue | @ann | soon | detect | agreed |  |\n")),
        Example(_document(_HEAD + "| Alert on the queue | @ann | 2026-12-15 | detect | agreed |  |\n", "final")),
        Example(_document(_HEAD + "| Alert on the queue | @ann | 2026-12-15 | detect | begun |  |\n")),
        Example(_document(_HEAD + "| Alert on the queue | @ann | 2026-12-15 | detect | won't do |  |\n")),
        Example(_document("| What | Owner |\n| --- | --- |\n| Alert on the queue | @ann |\n")),
        Example(_document("- Alert on the queue\n")),
    ),
    left_alone=(
        Example(_document(_HEAD + "| Alert on the queue | @ann | 2026-12-15 | detect | agreed |  |\n")),
        Example(
            _document(
                _HEAD + "| Alert on the queue |  |  |  | proposed |  |\n| Page two | - | - | - | "
                "won't do, because one is enough |  |\n"
            )
        ),
        Example(
            _document(
                "- [ ] Alert on the queue: @ann, due 2026-12-15, detect, agreed, https://github.com/acme/shop/issues/57\n",
                "final",
            )
        ),
        Example(_document("None.\n")),
        Example("# Orders fail\n\n## Action items\n\n- Alert on the queue\n", path="notes.md"),
    ),
)
