"""What a person does on an issue or pull request: the requests that GitHub's page would make, by their own token."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from respondby.playground.people import Actor
from respondby.playground.web.serving import Asked, Wrong
from respondby.playground.web.site import Site
from respondby.rehearsal.ground import REPOSITORY

#: A box of a task list.
BOX = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[(?P<tick>[ xX])\][ \t]", re.MULTILINE)

_REVIEWS = ("COMMENT", "REQUEST_CHANGES", "APPROVE")


def perform(site: Site, asked: Asked, who: Actor) -> str:
    """Do what the form says; where on the page it shows. Raises Wrong."""
    return _Deed(site, asked, who).perform()


class _Deed:
    def __init__(self, site: Site, asked: Asked, who: Actor) -> None:
        self.site, self.asked, self.who = site, asked, who
        self.of = f"{asked.params['owner']}/{asked.params['repo']}"
        self.issue = f"/issues/{asked.number()}"

    def perform(self) -> str:
        do, text = self.asked.field("do"), self.asked.field("comment").strip()
        match do:
            case "comment":
                if not text:
                    raise Wrong(422, "There is nothing in the comment yet.")
                return self._comment(text)
            case "close" | "reopen":
                anchor = self._comment(text) if text else ""
                return self._turn(do) or anchor
            case "title":
                self._send("PATCH", self.issue, {"title": " ".join(self.asked.field("title").split())})
            case "edit-body":
                self._send("PATCH", self.issue, {"body": self.asked.field("body")})
            case "tick":
                self._tick(self.asked.field("tick"))
            case "edit-comment":
                self._send("PATCH", self._written(), {"body": self.asked.field("body")})
                return f"#issuecomment-{self.asked.field('id')}"
            case "delete-comment":
                self._send("DELETE", self._written())
            case "labels":
                self._labels()
            case "assignees":
                self._assignees()
            case "merge":
                self._send("PUT", f"/pulls/{self.asked.number()}/merge", {})
            case "check":
                if self.of == REPOSITORY:
                    self.site.game.check(self.asked.number(), self.who.login)
            case _ if do in _REVIEWS:
                self._review(do)
            case _:
                raise Wrong(422, "This page asked for something that cannot be done here.")
        return ""

    def _comment(self, text: str) -> str:
        made = self._send("POST", f"{self.issue}/comments", {"body": text})
        return f"#issuecomment-{made['id']}"

    def _turn(self, do: str) -> str:
        if do == "reopen":
            self._send("PATCH", self.issue, {"state": "open"})
        else:
            reason = self.asked.field("reason") or "completed"
            self._send("PATCH", self.issue, {"state": "closed", "state_reason": reason})
        return ""

    def _written(self) -> str:
        id = self.asked.field("id")
        if not id.isdecimal():
            raise Wrong(422, "Which comment is meant?")
        return f"/issues/comments/{id}"

    def _tick(self, which: str) -> None:
        """Tick a box in the issue's text, or take the tick away; boxes are counted from 0."""
        body = self._send("GET", self.issue)["body"] or ""
        boxes = list(BOX.finditer(body))
        if not which.isdecimal() or int(which) >= len(boxes):
            raise Wrong(422, "There is no such box: the text was changed meanwhile.")
        start, end = boxes[int(which)].span("tick")
        self._send("PATCH", self.issue, {"body": body[:start] + (" " if body[start:end] in "xX" else "x") + body[end:]})

    def _labels(self) -> None:
        wanted = set(self.asked.fields.get("label", []))
        present = {label["name"] for label in self._send("GET", self.issue)["labels"]}
        if wanted - present:
            self._send("POST", f"{self.issue}/labels", {"labels": sorted(wanted - present)})
        for name in sorted(present - wanted):
            self._send("DELETE", f"{self.issue}/labels/{quote(name, safe='')}")

    def _assignees(self) -> None:
        wanted = set(self.asked.fields.get("assignee", []))
        present = {person["login"] for person in self._send("GET", self.issue)["assignees"]}
        if wanted - present:
            self._send("POST", f"{self.issue}/assignees", {"assignees": sorted(wanted - present)})
        if present - wanted:
            self._send("DELETE", f"{self.issue}/assignees", {"assignees": sorted(present - wanted)})

    def _review(self, event: str) -> None:
        sent = {"event": event, "body": self.asked.field("review").strip()}
        if event != "APPROVE" and not sent["body"]:
            raise Wrong(422, "Say what the review has found.")
        self._send("POST", f"/pulls/{self.asked.number()}/reviews", sent)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        return self.site.ask_of(self.of, self.who, method, path, body)
