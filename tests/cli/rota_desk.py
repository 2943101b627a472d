"""A desk with a rota in a folder of its own, perhaps under git: what the tests about who answers are run in."""

from __future__ import annotations

import subprocess
from pathlib import Path

POLICY = """\
version: 1
desk: Rota, desk; of tests
timezone: Europe/Brussels
calendar: office
people:
  ann: {}
  bob: { timezone: Europe/Lisbon }
  cid: { away: [2026-12-22/2026-12-23] }
  dan: {}
calendars: { office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-17:00"] }, holidays: { country: BE } } }
rotas:
  week:
    timezone: Europe/Brussels
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann, bob, cid]
    overrides: rota/week.yml
  nights: { timezone: Europe/Brussels, assigned: rota/nights.yml }
roles: { staff: { people: [ann, bob, cid, dan] }, engineer: { rota: week }, lead: [{ rota: nights }, { people: dan }] }
channels: { chat: { apprise: CHAT_URL } }
fields: { type: { label: type/ } }
forms: { request: { name: A request, about: Anything., ask: { what: "What?" } } }
ladders: { due: [{ at: due, notify: [engineer, lead], via: chat }] }
clocks: { answer: { start: opened, stop: comment by staff, target: 4h, ladder: due } }
"""
SWAP = "- { from: 2026-12-02T18:00, until: 2026-12-04T08:00, on: dan, instead-of: cid, why: A course }\n"
NIGHTS = "- { from: 2026-12-01T22:00, until: 2026-12-02T06:00, on: [dan, ann] }\n"


def write_desk(folder: Path, *, policy: str = POLICY, swaps: str = SWAP, nights: str = NIGHTS) -> Path:
    """The desk's files below a folder; its policy's path."""
    for name, text in {".github/support.yml": policy, "rota/week.yml": swaps, "rota/nights.yml": nights}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / ".github" / "support.yml"


def git(folder: Path, *arguments: str) -> str:
    """What git prints for these arguments in a folder, as somebody in particular."""
    who = ["-c", "user.name=ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"]
    run = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def commit(folder: Path, message: str) -> str:
    """Everything in the folder as a commit; its hash."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")
