"""How an answer is held against githubkit's models: every required field, and no field that they do not know."""

from typing import Any

from githubkit.compat import type_validate_python
from pydantic import BaseModel


def dump(value: Any) -> Any:
    """What a model understood of what it was given."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, list):
        return [dump(item) for item in value]
    return value


def lost(sent: Any, understood: Any, path: str = "") -> list[str]:
    """The paths of fields that were sent and not understood."""
    if isinstance(sent, dict) and isinstance(understood, dict):
        found = [f"{path}.{key}" for key in sent if key not in understood]
        shared = [key for key in sent if key in understood]
        return found + [item for key in shared for item in lost(sent[key], understood[key], f"{path}.{key}")]
    if isinstance(sent, list) and isinstance(understood, list):
        pairs = zip(sent, understood, strict=True)
        return [item for number, pair in enumerate(pairs) for item in lost(*pair, f"{path}[{number}]")]
    return []


def unknown_fields(model: Any, sent: Any) -> list[str]:
    """Validates against a model and returns what it does not know; raises for what is missing or of a wrong type."""
    return lost(sent, dump(type_validate_python(model, sent)))
