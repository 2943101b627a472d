"""The systems that documents name: each refuses what its own published format refuses, which is cited where it stands.

What a service knows (its alerts, its issues) is kept, so that a test can ask what came of a message there.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.channels.serving import Answer, Asked, Refused, Service, must


class PagerDuty(Service):
    """Events API v2: https://developer.pagerduty.com/docs/send-alert-event."""

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[str, str] = {}

    def take(self, asked: Asked) -> Answer:
        body = asked.body
        must((asked.method, asked.path) == ("POST", "/v2/enqueue"), 404, "Not Found")
        bad = {"status": "invalid event", "message": "Event object is invalid"}
        must(
            isinstance(body, dict) and re.fullmatch(r"[0-9a-zA-Z]{32}", str(body.get("routing_key"))) is not None,
            400,
            bad,
        )
        must(body.get("event_action") in ("trigger", "acknowledge", "resolve"), 400, bad)
        key = body.get("dedup_key")
        must(isinstance(key, str) and 0 < len(key) <= 255, 400, bad)
        if body["event_action"] == "trigger":
            payload = body.get("payload")
            must(isinstance(payload, dict), 400, bad)
            must(0 < len(payload.get("summary", "")) <= 1024 and bool(payload.get("source")), 400, bad)
            must(payload.get("severity") in ("critical", "error", "warning", "info"), 400, bad)
            must(
                set(payload)
                <= {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"},
                400,
                bad,
            )
            must(all("href" in link for link in body.get("links", [])), 400, bad)
            self.incidents[key] = "triggered"
        else:
            must(key in self.incidents, 202, {"status": "success", "message": "Event processed", "dedup_key": key})
            self.incidents[key] = body["event_action"]
        return Answer(202, {"status": "success", "message": "Event processed", "dedup_key": key})


class Opsgenie(Service):
    """Alert API v2: https://docs.opsgenie.com/docs/alert-api; its successor's Integration Events API has the same two
    shapes (https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v1/api-group-integration-events).

    It takes an alert and says later what came of it; before that, `pending` questions about it find nothing.
    """

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.alerts: dict[str, str] = {}
        self.fails = False
        self.pending = 1

    def take(self, asked: Asked) -> Answer:
        must(asked.headers.get("Authorization", "").startswith("GenieKey "), 401, {"message": "Could not authenticate"})
        must(asked.path.startswith(self.base), 404, {"message": "No such path"})
        path, body = asked.path.removeprefix(self.base), asked.body
        accepted = Answer(202, {"result": "Request will be processed", "took": 0.3, "requestId": "43a29c5c-3dbf"})
        if asked.method == "POST" and path == "/alerts":
            self._created(body)
            return accepted
        if asked.method == "GET" and path == "/alerts/requests/43a29c5c-3dbf":
            self.pending -= 1
            must(self.pending < 0, 404, {"message": "Request not found. It might not be processed, yet."})
            success = not self.fails
            return Answer(200, {"data": {"success": success, "isSuccess": success, "action": "Create", "status": "…"}})
        found = re.fullmatch(r"/alerts/([^/]+)/(acknowledge|close)", path)
        must(found is not None and asked.query == {"identifierType": "alias"}, 422, {"message": "Unknown identifier"})
        assert found is not None
        must(set(body) <= {"user", "source", "note"}, 422, {"message": "Unknown field"})
        if found[1] in self.alerts:
            self.alerts[found[1]] = found[2]
        return accepted

    def _created(self, body: Any) -> None:
        known = {
            "message",
            "alias",
            "description",
            "responders",
            "visibleTo",
            "actions",
            "tags",
            "details",
            "entity",
            "source",
            "priority",
            "user",
            "note",
        }
        must(isinstance(body, dict) and set(body) <= known, 422, {"message": "Unknown field"})
        for name, most in (("message", 130), ("alias", 512), ("description", 15_000), ("entity", 512), ("source", 100)):
            must(len(body.get(name, "")) <= most, 422, {"message": f"{name} can not be longer than {most}"})
        must(bool(body.get("message")), 422, {"message": "Message can not be empty."})
        must(body.get("priority", "P3") in ("P1", "P2", "P3", "P4", "P5"), 422, {"message": "Priority"})
        must(all(isinstance(value, str) for value in body.get("details", {}).values()), 422, {"message": "details"})
        if not self.fails:
            self.alerts.setdefault(body["alias"], "open")


class Jira(Service):
    """Cloud platform REST API v3: https://developer.atlassian.com/cloud/jira/platform/rest/v3/."""

    BASE = "/rest/api/3"

    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[str, dict[str, Any]] = {}

    def take(self, asked: Asked) -> Answer:
        must(asked.headers.get("Authorization", "").startswith("Basic "), 401, "Client must be authenticated")
        path, body = asked.path.removeprefix(self.BASE), asked.body
        match asked.method, path.strip("/").split("/"):
            case "GET", ["search", "jql"]:
                return Answer(200, {"issues": self._found(asked.query), "isLast": True})
            case "POST", ["issue"]:
                return self._create(body)
            case "POST", ["issue", key, "remotelink"] if key in self.issues:
                must(bool(body["object"]["url"] and body["object"]["title"]), 400, {"errors": {}})
                must(len(body.get("globalId", "")) <= 255, 400, {"errors": {}})
                self.issues[key]["links"][body.get("globalId")] = body["object"]["url"]
                return Answer(201, {"id": 10000, "self": "https://acme.atlassian.net/…"})
            case "POST", ["issue", key, "transitions"] if key in self.issues:
                must(
                    body == {"transition": {"id": "31"}} and self.issues[key]["status"] != "done",
                    400,
                    {
                        "errorMessages": [
                            "It seems that you have tried to perform a workflow operation that is not valid"
                        ]
                    },
                )
                self.issues[key]["status"] = "done"
                return Answer(204)
        raise Refused(404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]})

    def _found(self, query: Mapping[str, str]) -> list[Any]:
        asked = re.fullmatch(r'project = (\w+) AND labels = "([^"]+)"', query["jql"])
        must(asked is not None, 400, {"errorMessages": ["Error in the JQL Query"]})
        assert asked is not None
        named = query.get("fields", "id").split(",")
        return [
            {"id": "1", "key": key}
            | ({"fields": {"status": {"statusCategory": {"key": one["status"]}}}} if "status" in named else {})
            for key, one in self.issues.items()
            if one["project"] == asked[1] and asked[2] in one["labels"]
        ]

    def _create(self, body: Any) -> Answer:
        fields = body["fields"]
        must(0 < len(fields["summary"]) <= 255 and "\n" not in fields["summary"], 400, {"errors": {"summary": "…"}})
        must(set(fields["issuetype"]) & {"name", "id"} != set() and bool(fields["project"]["key"]), 400, {"errors": {}})
        must(
            all(label and " " not in label for label in fields.get("labels", [])), 400, {"errors": {"labels": "spaces"}}
        )
        must(
            _is_document(fields["description"]),
            400,
            {"errors": {"description": "Operation value must be an Atlassian Document"}},
        )
        key = f"{fields['project']['key']}-{len(self.issues) + 7}"
        self.issues[key] = {
            "project": fields["project"]["key"],
            "labels": fields["labels"],
            "status": "new",
            "links": {},
            "fields": fields,
        }
        return Answer(201, {"id": "10007", "key": key, "self": f"https://acme.atlassian.net/rest/api/3/issue/{key}"})


def _is_document(node: Any) -> bool:
    """Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/."""

    def block(one: Any) -> bool:
        return one["type"] in ("paragraph", "codeBlock") and all(
            text["type"] == "text"
            and bool(text["text"])
            and all(mark["type"] == "link" and mark["attrs"]["href"] for mark in text.get("marks", []))
            for text in one["content"]
        )

    return (
        isinstance(node, dict)
        and (node.get("type"), node.get("version")) == ("doc", 1)
        and all(map(block, node["content"]))
    )


class Slack(Service):
    """Incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks) and the Web API,
    which answers 200 to what it refuses.
    """

    def __init__(self) -> None:
        super().__init__()
        self.groups: dict[str, list[str]] = {}

    def take(self, asked: Asked) -> Answer:
        if asked.path == "/api/usergroups.users.update":
            must(asked.headers.get("Authorization") == "Bearer xoxb-1", 200, {"ok": False, "error": "not_authed"})
            users = asked.body["users"].split(",")
            must(
                all(re.fullmatch("[UW][A-Z0-9]+", user) for user in users), 200, {"ok": False, "error": "invalid_users"}
            )
            self.groups[asked.body["usergroup"]] = users
            return Answer(200, {"ok": True})
        must(
            re.fullmatch("/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{24}", asked.path) is not None,
            403,
            "invalid_token",
        )
        text = asked.body.get("text") or "".join(part["text"] for part in asked.body.get("attachments", []))
        must(bool(text), 400, "no_text")
        must(len(text) <= 40_000, 400, "msg_too_long")
        return Answer(200, "ok")


class Twilio(Service):
    """Messages (https://www.twilio.com/docs/messaging/api/message-resource) and Calls (…/voice/api/call-resource)."""

    def take(self, asked: Asked) -> Answer:
        found = re.fullmatch(r"/2010-04-01/Accounts/(AC[0-9a-f]{32})/(Messages|Calls)\.json", asked.path)
        must(found is not None, 404, {"code": 20404})
        assert found is not None
        who = base64.b64decode(asked.headers.get("Authorization", "Basic ").removeprefix("Basic ")).decode()
        must(who.startswith(f"{found[1]}:"), 401, {"code": 20003, "message": "Authenticate"})
        must(asked.headers["Content-Type"] == "application/x-www-form-urlencoded", 400, {"code": 21602})
        form = {name: values[0] for name, values in parse_qs(asked.body).items()}
        must(all(re.fullmatch(r"\+\d{8,15}", form.get(name, "")) for name in ("To", "From")), 400, {"code": 21211})
        if found[2] == "Calls":
            must(
                re.fullmatch(r"<Response>(<Say>[^<>]*</Say>)+</Response>", form.get("Twiml", ""), re.DOTALL)
                is not None,
                400,
                {"code": 12100},
            )
            must(len(form["Twiml"]) <= 4000, 400, {"code": 21231})
        else:
            must(0 < len(form.get("Body", "")) <= 1600, 400, {"code": 21617})
        return Answer(201, {"sid": "SM0", "status": "queued"})


class Sheet(Service):
    """A web app of Google's Apps Script: its `doPost` has run when it answers 302, where its output can be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.closed: list[str] = []

    def take(self, asked: Asked) -> Answer:
        must(re.fullmatch("/macros/s/[A-Za-z0-9_-]+/exec", asked.path) is not None, 404, "<html>")
        if "row" in asked.body:
            must(all(isinstance(cell, str) for cell in asked.body["row"]), 200, "<html>TypeError")
            self.rows.append(asked.body["row"])
        else:
            self.closed.append(asked.body["closed"])
        return Answer(302, "", {"Location": "https://script.googleusercontent.com/macros/echo?user_content_key=x"})


class SuiteDash(Service):
    """An inbound webhook. SuiteDash publishes no format of its body: it takes JSON whose keys one maps there."""

    def take(self, asked: Asked) -> Answer:
        must(asked.headers["Content-Type"] == "application/json", 415, "")
        must(set(asked.body) == {"subject", "message", "link"} and all(asked.body.values()), 422, "")
        return Answer(200, {"success": True})
