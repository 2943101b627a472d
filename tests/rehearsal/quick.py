"""Many plays in one process: what is the same in each of them is worked out once.

Reading a policy's text is pure, so a play comes to the same with its result kept. In a desk at work it happens once or
twice in a run, and nothing is gained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from unittest.mock import patch

from respondby.jobs.inputs import policy_in_force
from respondby.policy.model.policy import Policy
from respondby.policy.text import yaml_text

_READ, _LOAD = yaml_text.read, policy_in_force.load


@contextmanager
def quick() -> Iterator[None]:
    """Within it, in this process, no policy is read twice."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(yaml_text, "read", _read))
        stack.enter_context(patch.object(policy_in_force, "load", _load))
        yield


@cache
def _read(text: str, *, path: str) -> yaml_text.Node:
    return _READ(text, path=path)


def _load(text: str, *, path: str, files: Mapping[str, str]) -> Policy:
    return _loaded(text, path, tuple(sorted(files.items())))


@cache
def _loaded(text: str, path: str, files: tuple[tuple[str, str], ...]) -> Policy:
    return _LOAD(text, path=path, files=dict(files))
