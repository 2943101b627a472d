"""Rules about what webhooks are sent: the files that a channel names."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.text.exchange import WebRequest, WrongRequests, read_steps

_WORDS = "Texts in it may hold {subject}, {body}, {url}, {case}, {key}, {name} and {to}."


def _no_json(subject: Subject) -> Iterator[Finding]:
    for file, text in _files(subject):
        try:
            steps = read_steps(text) or ()
        except ValueError as error:
            if isinstance(error, WrongRequests):
                yield Finding((), f"This cannot be sent: {error}.", "", _REQUESTS, file=file, place=(1, 1))
            else:
                place = (getattr(error, "lineno", 1), getattr(error, "colno", 1))
                yield Finding(
                    (), f"This is not JSON: {getattr(error, 'msg', error)}.", "", _WORDS, file=file, place=place
                )
            continue
        for step in steps:
            for wrong in _wrong_paths(step):
                yield Finding(
                    (), f"`{step.named}`: {wrong}", "", "Write a JSONPath (RFC 9535).", file=file, place=(1, 1)
                )


def _made_twice(subject: Subject) -> Iterator[Finding]:
    """Whoever repeats a row of requests that broke off repeats its beginning."""
    for file, text in _files(subject):
        try:
            steps = read_steps(text) or ()
        except ValueError:
            continue
        changing = [step for step in steps if step.method == "post"]
        for step in changing[:-1]:
            if not step.unless:
                message = f"`{step.named}` is made again where a request behind it fails: the next run begins anew."
                hint = "Look with a `get` before it for what it makes, `keep` its name, and add `unless` here."
                yield Finding((), message, "", hint, file=file, place=(1, 1))


_REQUESTS = 'Requests are {"$requests": [{"get": "/…", "keep": {"ref": "$.…"}}, {"post": "/…", "body": {…}}]}.'


def _files(subject: Subject) -> Iterator[tuple[str, str]]:
    named = dict.fromkeys(file for channel in subject.policy.channels.values() for file in channel.files())
    return ((file, subject.reading.files[file]) for file in named if file in subject.reading.files)


def _wrong_paths(step: WebRequest) -> Iterator[str]:
    """Paths that are none, and paths to keep that find nothing in any example of the answer."""
    import jsonpath_rfc9535  # only `check` looks at them before they are needed

    for path in (*(path for _, path in step.keep), *(path for path, _ in step.expect)):
        try:
            query = jsonpath_rfc9535.compile(path)
        except jsonpath_rfc9535.JSONPathError as wrong:
            yield f"“{path:.80}” is not a path: {wrong}."
            continue
        if step.examples and not any(query.find(example) for example in step.examples):
            yield f"“{path:.80}” finds nothing in any of its `examples`."


RULES = (
    Rule("body-no-json", "error", _no_json),
    Rule("request-made-twice", "warning", _made_twice),
)
