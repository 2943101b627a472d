"""Languages that nobody could be answered in, and names in a repository's words that the policy does not have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from respondby.letters.messages import WORDS, Messages
from respondby.letters.words import DEFAULT, languages, our_words
from respondby.policy.loading.examination import Examination
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import Problem, suggestion
from respondby.policy.text.yaml_text import Node


def unspoken(examined: Examination, policy: Policy) -> Iterator[Problem]:
    """Customers whose language has no letters, and words that choose such a language for the desk."""
    messages = Messages.of(policy, examined.files)
    known = ", ".join(f"`{name}`" for name in sorted(languages() | messages.folders))
    folder = (policy.messages or ".github/messages").rstrip("/")
    for name, customer in policy.customers.items():
        tag = customer.language
        if tag is not None and not {tag, tag.partition("-")[0]} & (languages() | messages.folders):
            place = examined.place(("customers", name, "language"))
            message = f"There are no letters in `{tag}`: this customer is answered in `{messages.language}`."
            hint = (
                f"There are letters in {known}; for more, name a folder in `messages` and write {folder}/{tag}/card.md."
            )
            yield Problem(examined.path, *place, message, tag, hint, "warning", "message")
    for path, _, words in _own_words(policy, examined.files):
        chosen = words.get("language")
        if chosen is not None and path == f"{folder}/{WORDS}" and chosen not in languages():
            message = f"There are no letters in `{chosen}`: the desk speaks `{DEFAULT}`."
            hint = f"Write one of {', '.join(f'`{name}`' for name in sorted(languages()))}."
            yield Problem(path, _line(examined.files[path], "language"), 1, message, str(chosen), hint, rule="message")


def unknown_names(examined: Examination, policy: Policy) -> Iterator[Problem]:
    """Entries of `names` and `roles` that stand for nothing: nobody would ever read them."""
    for path, language, words in _own_words(policy, examined.files):
        ours = our_words(language if language in languages() else DEFAULT)
        for key, known, what in (
            ("names", {*_texts(examined.root), *_titles(policy), *ours["names"]}, "names"),
            ("roles", {*policy.roles, *policy.people, *ours["roles"]}, "roles"),
        ):
            entries = words.get(key)
            for name in entries if isinstance(entries, dict) else ():
                if name not in known:
                    said = (
                        f"Nothing in the policy is called `{name}`."
                        if key == "names"
                        else f"There is no role `{name}`."
                    )
                    hint = suggestion(name, known if key == "roles" else sorted(_titles(policy)), what=what)
                    line = _line(examined.files[path], name)
                    yield Problem(path, line, 1, said, name, hint, "warning", "message")


def _own_words(policy: Policy, files: Mapping[str, str]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The repository's files of words that can be read: path, language (empty for the desk's own), entries."""
    if policy.messages is None:
        return
    folder = policy.messages.rstrip("/") + "/"
    for path, text in files.items():
        if path.startswith(folder) and path.rsplit("/", 1)[-1] == WORDS:
            try:
                words = json.loads(text)
            except (ValueError, RecursionError):
                continue  # told as a letter that cannot be said
            if isinstance(words, dict):
                yield path, path[len(folder) :].rpartition("/")[0], words


def _texts(node: Node | None) -> Iterator[str]:
    """Every key and every text of the policy."""
    if node is None:
        return
    if node.kind == "mapping":
        for key, value in node.value.items():
            yield key
            yield from _texts(value)
    elif node.kind == "list":
        for item in node.value:
            yield from _texts(item)
    elif node.kind == "text":
        yield str(node.value)


def _titles(policy: Policy) -> set[str]:
    """What people read of the policy: fields and their values, forms, products, clocks, duties."""
    named: Iterable[str | None] = (
        policy.desk,
        *(field.title for field in policy.fields.values()),
        *(value.name for field in policy.fields.values() for value in field.values),
        *(form.name for form in policy.forms.values()),
        *(product.name for product in policy.products.values()),
        *(clock.title or name for name, clock in policy.clocks.items()),
        *(duty.title or name for name, duty in policy.duties.items()),
    )
    return {name for name in named if name}


def _line(text: str, key: str) -> int:
    """The line of a JSON text on which a key stands."""
    written = json.dumps(key, ensure_ascii=False)
    return next((number for number, line in enumerate(text.splitlines(), 1) if written in line), 1)
