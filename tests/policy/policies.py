"""Policies for tests: the five processes with their files, and a small whole one to change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from respondby.cli.policy_files import read_named, read_text
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import Problem

#: Of a problem: its place and rule, what is said, and what to write instead.
Row = tuple[str, str, str]

ROOT = Path(__file__).parents[2]
PROCESSES = sorted((ROOT / "docs" / "processes").glob("*/support.yml"))

SMALL = """\
version: 1
desk: A small desk
calendar: office
people: { ann: {}, bob: {} }
calendars: { office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-17:00"] } } }
roles: { staff: { people: [ann, bob] }, lead: bob }
channels: { chat: { apprise: CHAT_URL } }
fields:
  type: { label: type/ }
  priority: { label: priority/, values: { high: High, low: Low } }
forms: { request: { name: A request, about: Anything., choose: [priority], ask: { what: "What?" } } }
commands: { /ack: { by: staff } }
clocks:
  answer:
    start: opened
    stop: comment by staff
    target: 4h
    ladder: [{ at: due, notify: lead, via: chat }]
"""


def rows_of(problems: Iterable[Problem]) -> list[Row]:
    """Problems as a table writes them."""
    return [(f"{found.line}:{found.column} {found.rule}", found.message, found.hint) for found in problems]


def small(*changes: tuple[str, str]) -> str:
    """The small policy with each (old, new) replaced; `old` has to be there."""
    text = SMALL
    for old, new in changes:
        assert old in text, f"{old!r} is not in the small policy"
        text = text.replace(old, new, 1)
    return text


def with_rota(rota: str) -> str:
    """The small policy with this rota, called `week`."""
    return small(("roles:", f"rotas: {{ week: {rota} }}\nroles:"))


def process(name: str) -> Policy:
    """The policy of one of the five processes."""
    path = ROOT / "docs" / "processes" / name / "support.yml"
    return load(read_text(path), path=str(path), files=read_named(path, read_text(path)))
