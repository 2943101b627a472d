"""What all pages share: templates, the frame with the clock and whoever one is, times and texts as people read them."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from datetime import tzinfo
from importlib.resources import files
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import DictLoader, Environment
from markupsafe import Markup

from respondby.calendars.durations import people_seconds
from respondby.calendars.instants import Instant, iso, parse_time, people_clock, people_time, wall, zone
from respondby.playground.game import SPEEDS, Game
from respondby.playground.home import Home
from respondby.playground.people import Actor
from respondby.playground.web.serving import Asked, Reply, Wrong
from respondby.rehearsal.ground import REPOSITORY
from respondby.sandbox.shapes.markdown import render

_BOX = re.compile(r'<input type="checkbox" disabled(?P<checked> checked)?> (?P<words>[^<"]*)')

HERE = f"/{REPOSITORY}"

_STATIC = {"play.css": "text/css; charset=utf-8", "play.js": "text/javascript; charset=utf-8"}


def _read(folder: str) -> dict[str, str]:
    found = files(__package__) / folder
    return {file.name: file.read_text(encoding="utf-8") for file in found.iterdir() if not file.name.startswith("_")}


class Site:
    """The pages of one game."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self._static = {name: text.encode() for name, text in _read("static").items()}
        self._digests = {name: hashlib.sha256(text).hexdigest()[:12] for name, text in self._static.items()}
        self._templates = Environment(
            loader=DictLoader(_read("templates")), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters |= {
            "markdown": markdown, "quoted": quoted, "time": self.time, "clock": self.clock, "left": self.left,
            "when": self.when,
        }  # fmt: skip
        self._templates.globals |= {
            "here": HERE, "repository": REPOSITORY, "static": self.static, "link": link, "hue": hue,
            "lines_near": lines_near, "hidden": self.hidden,
        }  # fmt: skip

    # -- who and what ------------------------------------------------------------------------------------------------

    @property
    def home(self) -> Home:
        """The desk that is played. Raises Wrong where there is none."""
        self.need_game()
        assert self.game.home is not None
        return self.game.home

    def need_game(self) -> None:
        """Raise Wrong where no desk is played."""
        if self.game.home is None:
            raise Wrong(404, "No desk is being played yet. Choose one first.")

    def token(self) -> str:
        """What every form carries."""
        return self.game.secret

    def hidden(self) -> Markup:
        """The field of that, as every form has it."""
        return Markup('<input type="hidden" name="token" value="{}">').format(self.token())

    def who(self, asked: Asked) -> Actor:
        """Whom one is: as chosen last, else the first customer."""
        home = self.home
        return home.actor(asked.cookies.get("who", "")) or home.cast[0]

    def ask(self, who: Actor, method: str, path: str, body: Any = None, media: str = "") -> Any:
        """A request of somebody about the desk's repository. Raises Wrong for what the forge refuses."""
        return self.ask_of(REPOSITORY, who, method, path, body, media)

    def ask_of(self, repository: str, who: Actor, method: str, path: str, body: Any = None, media: str = "") -> Any:
        """The same, about any repository."""
        status, answer = self.home.ask(who.login, method, f"/repos/{repository}{path}", body, media)
        if status >= 400:
            raise Wrong(404 if status in (404, 410) else 422, refused(status, answer or {}, who))
        return answer

    # -- pages -------------------------------------------------------------------------------------------------------

    def page(self, template: str, asked: Asked, *, status: int = 200, **values: Any) -> Reply:
        """A page in its frame."""
        frame: dict[str, Any] = {"game": None, "path": asked.path}
        if self.game.home is not None:
            frame |= self._frame(asked)
        text = self._templates.get_template(template).render({**frame, **values})
        return Reply(status, text.encode("utf-8", "replace"))

    def wrong(self, asked: Asked, wrong: Wrong) -> Reply:
        """The page of a refusal."""
        title = {404: "This is not here", 403: "This was refused", 409: "Not now"}.get(
            wrong.status, "This did not work"
        )
        return self.page("wrong.html", asked, status=wrong.status, title=title, words=wrong.words)

    def _frame(self, asked: Asked) -> dict[str, Any]:
        game, who = self.game, self.who(asked)
        due = game.next_due()
        monday = game.monday()
        return {
            "game": game,
            "desk": self.home.policy.desk,
            "who": who,
            "cast": self.home.cast,
            "now": game.now,
            "zone": self.home.policy.timezone,
            "due": due,
            "monday": monday,
            "speeds": SPEEDS,
            "counts": self.counts(),
            "rev": self.revision(),
            "failed": game.failing(),
        }

    def counts(self) -> dict[str, int]:
        """What the tabs count."""
        counted = self.game.kept.counted()
        cases = sum(case.open for case in self.game.standing.cases.values())
        return {"cases": cases, "calls": sum(counted.values()), "runs": self.game.kept.last_run()}

    def revision(self) -> str:
        """Changes whenever a page may look different."""
        game = self.game
        return f"{game.seen}.{game.kept.last_run()}.{game.now}.{int(bool(game.working))}"

    # -- small things ------------------------------------------------------------------------------------------------

    def static(self, name: str) -> str:
        """The address of a style sheet or script; another one whenever it changes."""
        return f"/play/static/{name}?{self._digests[name]}"

    def file(self, asked: Asked) -> Reply:
        """A style sheet or script."""
        name = str(asked.params["name"])
        if name not in self._static:
            raise Wrong(404, f"There is no {name}.")
        return Reply(200, self._static[name], _STATIC[name], {"cache-control": "max-age=31536000, immutable"})

    @property
    def _where(self) -> tzinfo:
        return zone(self.home.policy.timezone)

    def clock(self, at: Instant | str) -> str:
        """An instant on the desk's wall clock: `Mon 5 Jan 2026, 09:00`."""
        return people_time(_instant(at), self._where)

    def when(self, at: Instant | str) -> str:
        """The same in short, as it is read on that day: `09:00`, `Tue 10:00`, `12 Jan 10:00`."""
        shown, today = wall(_instant(at), self._where), wall(self.game.now, self._where)
        days = (shown.date() - today.date()).days
        clock = people_clock(shown.replace(second=0))
        if days == 0:
            return clock
        return f"{shown:%a} {clock}" if 0 < days < 7 else f"{shown.day} {shown:%b} {clock}"

    def time(self, at: Instant | str) -> Markup:
        """An instant, said relatively, with the whole beside it."""
        instant = _instant(at)
        whole = self.clock(instant)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(iso(instant), whole, self.left(instant))

    def left(self, at: Instant | str) -> str:
        """`in 45 min`, `2 h ago`, `now`, against the game's clock."""
        seconds = _instant(at) - self.game.now
        words = about(abs(seconds))
        return "now" if seconds == 0 else f"in {words}" if seconds > 0 else f"{words} ago"


def about(seconds: int) -> str:
    """A length in one or two units: `45 min`, `1 h 30 min`, `3 days`."""
    if seconds >= 2 * 86_400:
        return f"{seconds // 86_400} days"
    if seconds >= 86_400:
        hours = seconds % 86_400 // 3600
        return "1 day" + (f" {hours} h" if hours else "")
    return people_seconds(seconds - seconds % 60) if seconds >= 60 else f"{seconds} s"


def markdown(text: str | None) -> Markup:
    """A text as the forge renders it."""
    return shown(render(text or ""))


def quoted(text: str) -> Markup:
    """A message of a check, with what stands in backticks as code."""
    parts = text.split("`")
    code = Markup("<code>{}</code>")
    if len(parts) % 2 == 0:  # a backtick alone is one
        return Markup("{}").format(text)
    return Markup("").join(code.format(part) if place % 2 else part for place, part in enumerate(parts))


def shown(html: str | None) -> Markup:
    """HTML that the forge has rendered, which escapes what people wrote. Wide tables and code scroll by themselves."""
    tables = '<div class="table" role="group" aria-label="Table" tabindex="0"><table>'
    wrapped = (html or "").replace("<table>", tables).replace("</table>", "</table></div>")
    return Markup(wrapped.replace("<pre>", '<pre tabindex="0" aria-label="Code">'))  # noqa: S704


def tickable(html: Markup, boxes: int) -> Markup:
    """The same with its boxes as buttons of a form, where there are as many as the text has."""
    if boxes == 0 or len(_BOX.findall(html)) != boxes:
        return html
    counted = count()

    def button(found: re.Match[str]) -> str:
        checked = "true" if found["checked"] else "false"
        return (
            f'<button class="tick" name="tick" value="{next(counted)}" role="checkbox" aria-checked="{checked}"'
            f' aria-label="{found["words"].strip() or "Box"}"></button> {found["words"]}'
        )

    return Markup(_BOX.sub(button, html))  # noqa: S704 - as it was, but for our buttons


def hue(login: str) -> int:
    """A colour of somebody's own, in degrees."""
    return zlib.crc32(login.encode()) % 360


def lines_near(text: str, line: int, most: int = 2) -> list[tuple[int, str]]:
    """The lines of a text about one of them, with their numbers."""
    first = max(1, line - most)
    return list(enumerate(text.splitlines()[first - 1 : line + most], first))


def link(place: str, /, **query: str) -> str:
    """An address of this site."""
    return quote(place) + (f"?{urlencode(query)}" if query else "")


def refused(status: int, answer: Mapping[str, Any], who: Actor) -> str:
    """What the forge said when it refused something, as a sentence."""
    words = str(answer.get("message") or "refused").rstrip(".")
    details = [str(one.get("message") or one) for one in answer.get("errors") or [] if isinstance(one, dict)]
    said = "; ".join([words, *details])
    return f"GitHub would refuse this to {who.login} ({who.part}): {said} ({status})."


def _instant(at: Instant | str) -> Instant:
    return at if isinstance(at, int) else parse_time(at, None)
