"""Webhook: any service that takes JSON. The policy may shape the JSON and name a secret with headers; a body file may
name several requests (`policy.text.exchange`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from respondby.channels import http
from respondby.channels.exchange import perform
from respondby.channels.message import Message, Secrets, Sent, Whom, secret_of, short_key
from respondby.desk.results import Change
from respondby.policy.model.policy import Channel
from respondby.policy.text.exchange import WebRequest, WrongRequests, read_steps
from respondby.policy.text.json_text import read_json


class Webhook:
    """POSTs a message as JSON to the address in the channel's secret. `bodies` are the texts of body files, by path."""

    def __init__(
        self,
        channel: Channel,
        secrets: Secrets,
        bodies: Mapping[str, str],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._channel = channel
        self._secrets = secrets
        self._bodies = bodies
        self._sleep = sleep

    def send(self, message: Message) -> Sent:
        """POST it, once."""
        words = {
            "key": message.key,
            "id": short_key(message.key),
            "verb": message.verb,
            "to": message.to,
            "name": message.name,
            "subject": message.subject,
            "body": message.body,
            "url": message.url,
            "case": message.case,
        }
        return self.post(words, message)

    def change(self, change: Change, key: str, whom: Whom, case: str, url: str) -> Sent:
        """Acknowledge or resolve what was sent under this key, by the file that the policy names for that."""
        file = self._channel.acknowledge if change == "acknowledge" else self._channel.resolve
        return self._made(file, {"key": key, "id": short_key(key), "to": whom.to, "case": case, "url": url}, whom)

    def post(self, words: Mapping[str, str], whom: Whom) -> Sent:
        """POST these words, in the shape of the body file."""
        return self._made(self._channel.body, words, whom)

    def _made(self, file: str | None, words: Mapping[str, str], whom: Whom) -> Sent:
        address = secret_of(self._channel.secret, whom, self._secrets)
        try:
            perform(self._steps(file, words), address, self._headers(whom), words, self._sleep)
        except http.Failed as failed:
            return Sent(False, str(failed), failed.hung)
        return Sent(True)

    def _steps(self, file: str | None, words: Mapping[str, str]) -> tuple[WebRequest, ...]:
        """The requests of a file; one that names none is the body of a POST."""
        if file is None:
            return (WebRequest("post", "", {word: f"{{{word}}}" for word in words if word != "id"}),)
        if file not in self._bodies:
            raise http.Failed(f"its body file {file} is not in the repository")
        try:
            return read_steps(self._bodies[file]) or (WebRequest("post", "", read_json(self._bodies[file])),)
        except ValueError as error:
            # The template is public: saying where it is wrong gives nothing away.
            what = "cannot be used" if isinstance(error, WrongRequests) else "is not JSON"
            raise http.Failed(f"its body file {file} {what}: {error}") from None

    def _headers(self, whom: Whom) -> Mapping[str, str]:
        if self._channel.headers is None:
            return {}
        try:
            headers = read_json(secret_of(self._channel.headers, whom, self._secrets))
        except ValueError:
            headers = None
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            raise http.Failed(
                f'the secret {self._channel.headers} is not a JSON object of texts, such as {{"Authorization": "…"}}',
            )
        return headers
