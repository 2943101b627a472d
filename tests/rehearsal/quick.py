"""Many plays in one process: what is the same in each of them is worked out once.

Reading a policy's text and compiling a template are pure, so a play comes to the same with their results kept. In a
desk at work each happens once or twice in a run, and nothing is gained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from jinja2 import Environment

from respondby.jobs.inputs import policy_in_force
from respondby.policy.model.policy import Policy
from respondby.policy.text import yaml_text

_READ, _LOAD, _COMPILE = yaml_text.read, policy_in_force.load, Environment.compile


@contextmanager
def quick() -> Iterator[None]:
    """Within it, in this process, no text is read twice and no template compiled twice."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(yaml_text, "read", _read))
        stack.enter_context(patch.object(policy_in_force, "load", _load))
        stack.enter_context(patch.object(Environment, "compile", _compile))
        yield


@cache
def _read(text: str, *, path: str) -> yaml_text.Node:
    return _READ(text, path=path)


def _load(text: str, *, path: str, files: Mapping[str, str]) -> Policy:
    return _loaded(text, path, tuple(sorted(files.items())))


@cache
def _loaded(text: str, path: str, files: tuple[tuple[str, str], ...]) -> Policy:
    return _LOAD(text, path=path, files=dict(files))


_compiled: dict[object, Any] = {}


def _compile(self: Environment, source: Any, *arguments: Any, **given: Any) -> Any:
    """By what it is compiled from and by all of the environment that the code depends on."""
    if not isinstance(source, str):
        return _COMPILE(self, source, *arguments, **given)
    settings = (type(self), self.trim_blocks, self.lstrip_blocks, self.keep_trailing_newline, self.autoescape)
    key = (source, arguments, tuple(sorted(given.items())), settings, tuple(sorted(self.filters)))
    if key not in _compiled:
        _compiled[key] = _COMPILE(self, source, *arguments, **given)
    return _compiled[key]
