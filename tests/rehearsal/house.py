"""A small desk for tests of the rehearsal itself: a policy, a scenario around some steps, a runner that only notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from respondby.calendars.instants import iso, parse_time
from respondby.policy.loading.loader import load
from respondby.rehearsal.delivering import House
from respondby.rehearsal.play import Played, play
from respondby.rehearsal.reading import parse_scenario
from respondby.rehearsal.running import Ran, Request
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.workflows import read_workflows

ROOT = Path(__file__).parents[2]

POLICY = """
version: 1
desk: Help desk
people: { ann: {}, jan-peter: {} }
roles: { staff: { people: [ann, jan-peter] } }
channels:
  pager: { pagerduty: PAGER_KEY }
  chat: { apprise: "CHAT_{PERSON}" }
  hook: { webhook: HOOK, headers: HOOK_HEADERS }
  shaped: { webhook: SHAPED, body: hook.json }
  log: { console: LOG }
fields:
  type: { label: type/ }
  priority: { name: Priority, label: priority/, default: normal, values: { high: High, normal: Normal } }
forms:
  question: { name: Question, about: Ask., choose: [priority], ask: { what: { ask: "What?", kind: text } } }
commands: { /ack: { by: staff } }
clocks:
  answer:
    start: opened
    stop: comment by staff
    target: 1h
    ladder: [{ at: due, notify: staff, via: chat }, { at: due, page: staff, via: pager },
             { at: due, notify: staff, via: hook }, { at: due, notify: staff, via: shaped },
             { at: due, notify: staff, via: log }]
"""
BODY_FILE = '{"blocks": [{"text": "{verb}: {subject}"}, {"user": "{to}"}]}'

HEAD = """\
scenario: A story
policy: support.yml
starts: 2026-01-05T09:00
people: { carla: customer, mallory: stranger, mia: member }
keeps: { says: Within an hour, by: clocks.answer }
story:
"""


@dataclass
class Noting:
    """A runner that notes what it is asked to run, does what `doing` says, and names the next change."""

    next: Callable[[str], str] = lambda _now: ""
    doing: Callable[[Request], Ran | None] = lambda _request: None
    asked: list[Request] = field(default_factory=list)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    now: Callable[[], str] = lambda: ""
    stage: Stage = field(init=False)

    def __call__(self, request: Request, folder: Path) -> Ran:
        self.asked.append(request)
        now = self.now()
        self.seen.append((now[11:16], request.event, str(request.payload.get("action", ""))))
        return self.doing(request) or Ran(0, {"next": self.next(now)})


def no_command_line(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Nothing may be started."""
    raise AssertionError(f"{arguments} was started")


def rehearsed(folder: Path, steps: str, runner: Noting, *, policy: str = POLICY) -> Played:
    """Play these steps with that runner."""
    (folder / "support.yml").write_text(policy)
    scenario = parse_scenario(HEAD + steps, "s.yml", folder)
    files = {"hook.json": BODY_FILE}
    house = House(read_workflows(ROOT), runner, no_command_line, folder)
    with Stage(scenario, load(policy, files=files), policy, files) as stage:
        runner.now = stage.forge.now
        runner.stage = stage
        return play(scenario, stage, house)


def later(now: str, seconds: int) -> str:
    """An instant after another, as text."""
    return iso(parse_time(now, None) + seconds)
