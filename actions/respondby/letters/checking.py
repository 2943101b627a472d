"""What is wrong with a repository's own letters, before they are merged: each is tried on one case of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.letters.messages import LETTERS, WORDS, Messages
from respondby.letters.samples import letters


def broken_messages(folder: str, files: Mapping[str, str]) -> Iterator[tuple[str, int, str, str]]:
    """Each wrong file: its path (the folder's own where it holds nothing), the line, what is wrong, and the way out.

    `files` are texts by path; what does not lie in the folder is left alone.
    """
    folder = folder.rstrip("/")
    found = {path: path.removeprefix(f"{folder}/") for path in files if path.startswith(f"{folder}/")}
    names = ", ".join(f"`{name}`" for name in (*LETTERS, WORDS))
    if not found:
        yield folder, 1, "There is no letter in this folder.", f"Write one of {names}, or leave `messages` out."
    for path, name in found.items():
        if name.rsplit("/", 1)[-1] not in (*LETTERS, WORDS, "README.md"):
            yield path, 1, "There is no letter of this name: nobody would read it.", f"The letters are {names}."
    messages = Messages(files, folder)
    for language in (messages.language, *sorted(messages.folders)):
        for _ in letters(messages, language):
            pass
    for path, broken in messages.broken.items():
        hint = "Mend it; docs/messages.md has every name that it may use."
        yield path, broken.line, f"This cannot be said: {broken.why}.", hint
