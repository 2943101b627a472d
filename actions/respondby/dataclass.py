"""`dataclass` as the standard library has it, made in a quarter of the time.

A run is short, and of the hundreds of classes that it imports it uses some. The standard library writes and compiles
six methods of each when it is imported, which was a third of all that importing cost. Here the methods that are the
same for all are shared, and `__init__` is compiled when the first instance is made. It sets slots by their descriptors,
past the `__setattr__` that refuses: instances are made faster, too.

What comes out is the same, which a test holds for every class of the package: fields, defaults, equality, hash, words,
copies, and what a frozen instance refuses. What is not known here (`order`, `init=False`) is left to the standard
library.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:
    import dataclasses
    from collections.abc import Callable, Sequence
    from dataclasses import MISSING, Field, FrozenInstanceError
    from operator import attrgetter
    from reprlib import recursive_repr
    from typing import Any

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Make a class a dataclass; the options are the standard library's."""
        return _made(cls, **options) if cls is not None else lambda cls: _made(cls, **options)

    #: The fields that `__init__` takes, by class.
    taken: dict[type, tuple[str, ...]] = {}

    def replace(one: Any, /, **changes: Any) -> Any:
        """A copy with other values, as the standard library makes it; it does not look at each field anew."""
        cls = one.__class__
        names = taken.get(cls)
        if names is None:
            names = taken[cls] = tuple(field.name for field in dataclasses.fields(cls) if field.init)
        for name in names:
            if name not in changes:
                changes[name] = getattr(one, name)
        return cls(**changes)

    def _made(cls: type, *, frozen: bool = False, slots: bool = False, **others: bool) -> type:
        own = frozenset(cls.__dict__)
        if others or "__init__" in own:
            return dataclasses.dataclass(frozen=frozen, slots=slots, **others)(cls)
        made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
        fields = dataclasses.fields(made)
        made.__init__ = _compiled_later(made, fields, frozen)
        if "__repr__" not in own:
            made.__repr__ = _shown
        if "__eq__" not in own:
            _compare(made, [one.name for one in fields if one.compare], frozen, keep="__hash__" in own)
        if frozen:
            made.__setattr__, made.__delattr__ = _refuse_setting, _refuse_deleting
            if slots and "__getstate__" not in own:
                made.__getstate__, made.__setstate__ = _state, _restore
        return made

    def _compiled_later(cls: type, fields: Sequence[Field[Any]], frozen: bool) -> Callable[..., None]:
        def now() -> Callable[..., None]:
            compiled = _compiled(cls, fields, frozen)
            if cls.__init__ is first:
                cls.__init__ = compiled
            return compiled

        def first(self: Any, *arguments: Any, **given: Any) -> None:
            now()(self, *arguments, **given)

        first.now = now
        return first

    def _compiled(cls: type, fields: Sequence[Field[Any]], frozen: bool) -> Callable[..., None]:
        """The method that takes each field and sets it, as if somebody had written it out."""
        names: dict[str, Any] = {"_unset": MISSING, "_set": object.__setattr__}
        takes, by_keyword, lines = [], [], []
        for one in fields:
            value = name = one.name
            if one.default_factory is not MISSING:
                names[f"_make_{name}"] = one.default_factory
                value = f"_make_{name}() if {name} is _unset else {name}" if one.init else f"_make_{name}()"
            elif one.default is not MISSING:
                names[f"_default_{name}"] = one.default
            if one.init:
                default = "" if one.default is MISSING else f"=_default_{name}"
                default = default if one.default_factory is MISSING else "=_unset"
                (by_keyword if one.kw_only else takes).append(f"{name}{default}")
            elif one.default is not MISSING:
                value = f"_default_{name}"
            elif one.default_factory is MISSING:
                continue  # set by the class itself
            lines.append(_setting(cls, name, value, frozen, names))
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        head = ", ".join(["self", *takes, *(["*", *by_keyword] if by_keyword else [])])
        source = f"def __init__({head}):\n " + "\n ".join(lines or ["pass"])
        exec(source, names)  # noqa: S102 - of names in our own code, as the standard library does
        return names["__init__"]

    def _setting(cls: type, name: str, value: str, frozen: bool, names: dict[str, Any]) -> str:
        if not frozen:
            return f"self.{name} = {value}"
        descriptor = getattr(cls, name, None)
        if not hasattr(descriptor, "__set__"):
            return f"_set(self, {name!r}, {value})"
        names[f"_set_{name}"] = descriptor.__set__
        return f"_set_{name}(self, {value})"

    def _compare(cls: type, names: Sequence[str], frozen: bool, *, keep: bool) -> None:
        values = attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, name) for name in names)

        def same(self: Any, other: Any) -> Any:
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        cls.__eq__ = same
        if not keep:
            cls.__hash__ = (lambda self: hash(values(self))) if frozen else None

    @recursive_repr()
    def _shown(self: Any) -> str:
        shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
        return f"{self.__class__.__qualname__}({shown})"

    def _refuse_setting(_: Any, name: str, __: Any) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_deleting(_: Any, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _state(self: Any) -> list[Any]:
        return [getattr(self, one.name) for one in dataclasses.fields(self)]

    def _restore(self: Any, state: list[Any]) -> None:
        for one, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, one.name, value)


def compile_all(module: ModuleType) -> None:
    """Compile now what makes the instances of a module's classes: a process that forks does it once for its forks."""
    for one in list(vars(module).values()):
        now = getattr(vars(one).get("__init__"), "now", None) if isinstance(one, type) else None
        if now is not None:
            now()
