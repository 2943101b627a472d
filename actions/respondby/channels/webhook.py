"""Webhook: any service that takes JSON. The policy may shape the JSON and name a secret with headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from respondby.channels import http
from respondby.channels.message import Message, Secrets, Sent, Whom, secret_of
from respondby.policy.model.policy import Channel
from respondby.policy.text.json_text import read_json

_PLACE = re.compile(r"\{([a-z]+)\}")


class Webhook:
    """POSTs a message as JSON to the address in the channel's secret. `template` is the text of its body file."""

    def __init__(self, channel: Channel, secrets: Secrets, template: str | None) -> None:
        self._channel = channel
        self._secrets = secrets
        self._template = template

    def send(self, message: Message) -> Sent:
        """POST it, once."""
        words = {
            "key": message.key,
            "verb": message.verb,
            "to": message.to,
            "name": message.name,
            "subject": message.subject,
            "body": message.body,
            "url": message.url,
            "case": message.case,
        }
        return self.post(words, message)

    def post(self, words: Mapping[str, str], whom: Whom, *, asks: bool = False) -> Sent:
        """POST these words, in the shape of the body file; with `asks`, the answer may say that it was refused."""
        address = secret_of(self._channel.secret, whom, self._secrets)
        try:
            (http.ask if asks else http.post)(address, self._payload(words), self._headers(whom))
        except http.Failed as failed:
            return Sent(False, str(failed), failed.hung)
        return Sent(True)

    def _payload(self, words: Mapping[str, str]) -> Any:
        if self._channel.body is None:
            return words
        if self._template is None:
            raise http.Failed(f"its body file {self._channel.body} is not in the repository", again=False)
        try:
            return filled(read_json(self._template), words)
        except ValueError as error:
            # The template is public: saying where it is wrong gives nothing away.
            raise http.Failed(f"its body file {self._channel.body} is not JSON: {error}", again=False) from None

    def _headers(self, whom: Whom) -> Mapping[str, str]:
        if self._channel.headers is None:
            return {}
        try:
            headers = read_json(secret_of(self._channel.headers, whom, self._secrets))
        except ValueError:
            headers = None
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            raise http.Failed(
                f'the secret {self._channel.headers} is no JSON object of texts, such as {{"Authorization": "…"}}',
                again=False,
            )
        return headers


def filled(template: Any, words: Mapping[str, str]) -> Any:
    """A JSON value with `{subject}` and the like replaced within its texts, so that no text can change its shape."""
    match template:
        case str():
            return _PLACE.sub(lambda place: words.get(place[1], place[0]), template)
        case list():
            return [filled(item, words) for item in template]
        case dict():
            return {key: filled(value, words) for key, value in template.items()}
    return template
