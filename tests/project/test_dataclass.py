"""Our `dataclass` makes what the standard library's would: looked at for every class that it has made."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
import pkgutil
import sys
from dataclasses import MISSING, FrozenInstanceError, field
from types import ModuleType
from typing import Any

import pytest

import respondby
from respondby.dataclass import compile_all, dataclass, replace

#: The rooms whose classes are made by it; the sandbox knows nothing of the desk.
ROOMS = (
    "calendars", "policy", "alerts", "desk", "channels", "promises", "rules", "reports", "letters", "forge", "runner",
    "jobs", "rehearsal", "tracing",
)  # fmt: skip


def made() -> list[type]:
    """Every class of these rooms that our decorator has made."""
    found: dict[str, type] = {}
    for room in ROOMS:
        package = importlib.import_module(f"respondby.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"respondby.{room}."):
            for one in vars(importlib.import_module(module.name)).values():
                if isinstance(one, type) and "__dataclass_fields__" in vars(one) and _ours(one):
                    found[f"{one.__module__}.{one.__qualname__}"] = one
    return [found[name] for name in sorted(found)]


def _ours(cls: type) -> bool:
    return getattr(cls.__eq__, "__module__", "") == "respondby.dataclass"


def _frozen(cls: Any) -> bool:
    return getattr(cls.__setattr__, "__module__", "") == "respondby.dataclass"


def twin(cls: Any) -> Any:
    """The same class by the standard library."""
    frozen = _frozen(cls)
    fields = [
        (
            one.name,
            one.type,
            field(
                default=one.default,
                default_factory=one.default_factory,
                init=one.init,
                repr=one.repr,
                hash=one.hash,
                compare=one.compare,
                kw_only=one.kw_only,
            )
            if one.default is MISSING
            else field(
                default=one.default,
                init=one.init,
                repr=one.repr,
                hash=one.hash,
                compare=one.compare,
                kw_only=one.kw_only,
            ),
        )
        for one in dataclasses.fields(cls)
    ]
    other = dataclasses.make_dataclass(cls.__name__, fields, frozen=frozen, slots=hasattr(cls, "__slots__"))
    other.__qualname__ = cls.__qualname__
    return other


def test_most_classes_of_a_run_are_made_by_it() -> None:
    assert len(made()) > 200
    assert respondby.__name__ == "respondby"


@pytest.mark.parametrize(
    "cls", made(), ids=lambda cls: f"{cls.__module__}.{cls.__qualname__}".removeprefix("respondby.")
)
def test_a_class_is_as_the_standard_library_makes_it(cls: Any) -> None:
    other = twin(cls)
    assert [one.name for one in dataclasses.fields(cls)] == [one.name for one in dataclasses.fields(other)]
    assert cls.__match_args__ == other.__match_args__
    assert (cls.__hash__ is None) == (other.__hash__ is None)
    if hasattr(cls, "__post_init__"):
        return  # it does not take what is no value of it
    needed = [one.name for one in dataclasses.fields(cls) if one.init and one.default is MISSING]
    given = {name: (name, 1) for name in needed if _required(cls, name)}
    mine, theirs = cls(**given), other(**given)
    if "__repr__" not in vars(cls) or cls.__repr__.__module__ == "respondby.dataclass":
        assert repr(mine) == repr(theirs)
    parameters = [(one.name, one.default) for one in inspect.signature(other.__init__).parameters.values()]
    own = [(one.name, one.default) for one in inspect.signature(cls.__init__).parameters.values()]
    assert [name for name, _ in own] == [name for name, _ in parameters]
    assert mine == cls(**given) == dataclasses.replace(mine)
    assert mine != theirs
    if not issubclass(cls, BaseException):
        assert copy.copy(mine) == mine
    if cls.__hash__ is not None and _hashable(theirs):
        assert hash(mine) == hash(theirs)
    if _frozen(cls) and given:
        with pytest.raises(FrozenInstanceError, match="cannot assign to field"):
            setattr(mine, next(iter(given)), 2)
        with pytest.raises(FrozenInstanceError, match="cannot delete field"):
            delattr(mine, next(iter(given)))
    for name in given:
        assert cls(**{**given, name: 0}) != mine or not cls.__dataclass_fields__[name].compare
        with pytest.raises(TypeError, match=r"missing 1 required (positional|keyword-only) argument"):
            cls(**{key: value for key, value in given.items() if key != name})
    with pytest.raises(TypeError, match="unexpected keyword"):
        cls(**given, nonsense=1)


def _required(cls: Any, name: str) -> bool:
    return cls.__dataclass_fields__[name].default_factory is MISSING


def _hashable(one: Any) -> bool:
    try:
        hash(one)
    except TypeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Point:
    """A class as the package has them."""

    x: int
    y: list[int] = field(default_factory=list, compare=False)
    seen: int = field(default=0, init=False, repr=False)


@dataclass(frozen=True, slots=True)
class Place(Point):
    """One that inherits fields."""

    name: str = "here"


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """One that is left to the standard library."""

    place: int


def test_defaults_are_made_anew_inherited_and_left_out_of_words_and_comparisons() -> None:
    one, other = Place(1), Place(1)
    one.y.append(2)
    assert (one, other.y, one.seen) == (other, [], 0)
    assert repr(one) == "Place(x=1, y=[2], name='here')"
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    assert Place(1) != Point(1)
    assert Rank(1) < Rank(2)


def test_what_makes_the_instances_of_a_modules_classes_can_be_compiled_early(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        "from respondby.dataclass import dataclass\n"
        "@dataclass(frozen=True)\nclass Early:\n    x: int = 1\n"
        "@dataclass\nclass Child(Early.__base__):\n    y: int = 2\n"
        "class Other: pass\nnumber = 3\n"
    )
    module = ModuleType("early")
    monkeypatch.setitem(sys.modules, "early", module)
    exec(source, vars(module))
    first = module.Early.__init__
    compile_all(module)
    compiled = module.Early.__init__
    assert compiled is not first
    assert (module.Early(), module.Early(5), module.Child()) == (module.Early(1), module.Early(x=5), module.Child(2))
    compile_all(module)
    assert module.Early.__init__ is compiled


def test_a_copy_with_other_values_is_the_standard_library_s() -> None:
    @dataclass(frozen=True, slots=True)
    class Thing:
        name: str
        size: int = 1
        parts: list[str] = field(default_factory=list)
        made: str = field(default="here", kw_only=True)
        seen: bool = field(default=False, init=False)

    thing = Thing("a", 2, ["b"], made="there")
    object.__setattr__(thing, "seen", True)
    for changes in ({}, {"size": 3}, {"name": "c", "made": "nowhere", "parts": []}):
        assert replace(thing, **changes) == dataclasses.replace(thing, **changes)
        assert replace(thing, **changes).seen is False
    with pytest.raises(TypeError):
        replace(thing, colour="red")
