"""Every rule there is: the modules of `rules`, by their names."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from respondby.postmortems import rules
from respondby.postmortems.rule import Rule


@cache
def all_rules() -> dict[str, Rule]:
    """The rules by name, in the alphabet's order. A module without a `RULE` is a helper of others."""
    found = (
        getattr(import_module(f"{rules.__name__}.{module.name}"), "RULE", None)
        for module in pkgutil.iter_modules(rules.__path__)
    )
    return {
        rule.name: rule for rule in sorted((rule for rule in found if isinstance(rule, Rule)), key=lambda r: r.name)
    }
