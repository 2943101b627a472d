"""Fields, forms, commands and rules: what people can say and what follows at once."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Literal

from respondby.policy.loading.parse_ladders import VERB_KEYS, parse_verbs, with_distinct_ids
from respondby.policy.loading.times import parse_length
from respondby.policy.loading.words import check_name, parse_path, parse_roles, parse_when
from respondby.policy.model.built_in import BUILT_IN
from respondby.policy.model.clocks import Rule
from respondby.policy.model.conditions import ALWAYS
from respondby.policy.model.requests import Argument, ArgumentType, Command, Field, Form, Proposal, Question, Value
from respondby.policy.text.cursor import Cursor, each, named

_WORD = re.compile(r"[/@][a-z][a-z0-9-]*")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_SAID_NAME = re.compile(r"[a-z][a-z0-9-]*")
_KINDS: tuple[Literal["line", "text", "time"], ...] = ("line", "text", "time")
_ARGUMENTS: tuple[ArgumentType, ...] = ("text", "time", "duration", "login", "ref")
_RESERVED_FIELDS = ("stage", "customer", "plan", "label", "part-of", "during", "outside", "url")


def _check_said(cursor: Cursor, name: str, what: str) -> None:
    """A name that people type in commands: small letters, digits and `-`."""
    if not _SAID_NAME.fullmatch(name):
        raise cursor.refused(
            f"This is not a name for a {what}.", value=name, hint="Small letters, digits and `-`.", rule="name"
        )


def _check_question(cursor: Cursor, id: str) -> None:
    """An id as GitHub takes it in an issue form."""
    if not _ID.fullmatch(id):
        raise cursor.refused(
            "This is not an id for a question.", value=id, hint="Letters, digits, `-` and `_`.", rule="name"
        )


def parse_field(name: str, cursor: Cursor) -> Field:
    """One field. The values of `type` and `product` come from elsewhere and are filled in by the loader."""
    _check_said(cursor, name, "field")
    if name in _RESERVED_FIELDS:
        raise cursor.refused(
            f"`{name}` is a word of the language.", value=name, hint="Choose another name.", rule="name"
        )
    cursor.mapping(
        ("name", "label", "set-by", "default", "values", "choices-from", "propose"),
        such="{ label: priority/, values: { urgent: Urgent, normal: Normal } }",
    )
    if name in ("type", "product") and ("values" in cursor or "choices-from" in cursor):
        whose = "forms" if name == "type" else "products"
        raise cursor.refused(
            f"The values of `{name}` are the {whose}.", value=name, hint="Remove `values`.", rule="name"
        )
    values = cursor.get("values")
    return Field(
        name=name,
        title=cursor.maybe("name", lambda item: item.text()) or name.replace("-", " ").capitalize(),
        label=cursor.maybe("label", lambda item: item.text()) or f"{name}/",
        set_by=cursor.maybe("set-by", parse_roles) or ("staff",),
        default=cursor.maybe("default", lambda item: item.refer(f"value of {name}", item.text())),
        values=tuple(named(values, _value).values()),
        choices_from=cursor.maybe("choices-from", parse_path),
        propose=cursor.maybe("propose", lambda item: _proposal(name, item)),
    )


def _value(id: str, cursor: Cursor) -> Value:
    check_name(cursor, id, "value")
    if id in ("any", "unset"):
        raise cursor.refused(f"`{id}` is a word of the language.", value=id, hint="Choose another name.", rule="name")
    if cursor.node.kind == "text":
        return Value(id, cursor.text())
    cursor.mapping(("name", "only", "needs"))
    return Value(
        id=id,
        name=cursor.maybe("name", lambda item: item.text()) or id,
        only=cursor.maybe("only", parse_when) or ALWAYS,
        needs=cursor.maybe("needs", parse_questions) or (),
    )


#: What is known of a case without a question, and may count in a proposal.
_KNOWN = ("product", "customer", "plan")


def _proposal(field: str, cursor: Cursor) -> Proposal:
    """Answers with their worth, questions with their weight, what a product, customer or plan adds, and from which sum
    on each value is proposed.
    """
    answers: list[tuple[str, int]] = []
    about: list[tuple[str, dict[str, int]]] = []
    for key, child in cursor.items():
        if key in _KNOWN and child.node.kind == "mapping":
            about.append((key, _points(key, child)))
        elif key not in ("questions", "at-least"):
            answers += [(key, number) for number in each([child], lambda item: item.whole())]
    if not answers or "questions" not in cursor or "at-least" not in cursor:
        hint = "Write `questions:`, `at-least:` and each answer with its worth, such as `none: 0` and `much: 3`."
        raise cursor.refused("A proposal needs `questions`, `at-least` and a worth for each answer.", hint=hint)
    questions = tuple(
        (Question(id, weighed.at("ask").text(), options=tuple(key for key, _ in answers)), weighed.at("weight").whole())
        for id, weighed in named(cursor.at("questions"), _weighed).items()
    )
    least = cursor.at("at-least")
    for value in dict(least.items()):
        least.refer_key(f"value of {field}", value)
    at_least = named(least, lambda _, item: item.whole())
    return Proposal(tuple(answers), questions, tuple(sorted(at_least.items(), key=lambda pair: -pair[1])), tuple(about))


def _points(key: str, cursor: Cursor) -> dict[str, int]:
    """What each product, customer or plan adds to the sum."""
    for value in dict(cursor.items()):
        cursor.refer_key(f"value of {key}", value)
    return named(cursor, lambda _, item: item.whole())


def _weighed(id: str, cursor: Cursor) -> Cursor:
    _check_question(cursor, id)
    return cursor.mapping(("ask", "weight"), required=("ask", "weight"))


def parse_questions(cursor: Cursor) -> tuple[Question, ...]:
    """`{id: QUESTION}` in the order of the file."""
    return tuple(named(cursor, _question).values())


def _question(id: str, cursor: Cursor) -> Question:
    _check_question(cursor, id)
    if cursor.node.kind == "text":
        return Question(id, cursor.text())
    cursor.mapping(("ask", "kind", "options", "optional"), required=("ask",))
    options = cursor.several("options", Cursor.text, alone=False)
    if options and "kind" in cursor:
        raise cursor.refused(
            "A question with `options` has no `kind`: it is a dropdown.", hint="Remove `kind`.", rule="form"
        )
    if len(set(options)) < len(options) or "None" in options:
        raise cursor.at("options").refused(
            "Options have to differ, and none may be `None`: GitHub refuses them.", rule="form"
        )
    return Question(
        id=id,
        ask=cursor.at("ask").text(),
        kind=cursor.maybe("kind", lambda item: item.choice(_KINDS)) or "line",
        options=options,
        optional=cursor.maybe("optional", lambda item: item.flag()) or False,
    )


def parse_form(id: str, cursor: Cursor) -> Form:
    """A form of the chooser, or a block of questions for a command (without `name`)."""
    check_name(cursor, id, "form")
    cursor.mapping(
        ("name", "about", "by", "choose", "ask"),
        such='{ name: Problem, about: It broke., ask: { what: "What?" } }',
    )
    name = cursor.maybe("name", lambda item: item.text())
    if name is not None and "about" not in cursor:
        raise cursor.refused(
            "A form with a `name` needs `about`: what it is for.", value=id, hint="Add `about:`.", rule="form"
        )
    return Form(
        id=id,
        name=name,
        about=cursor.maybe("about", lambda item: item.text()) or "",
        by=cursor.maybe("by", parse_roles) or (),
        choose=cursor.several("choose", _choice),
        ask=cursor.maybe("ask", parse_questions) or (),
    )


def _choice(cursor: Cursor) -> str:
    text = cursor.text()
    field, dot, rest = text.partition(".")
    if dot and rest != "questions":
        raise cursor.refused(
            "A form chooses a field, or asks its questions.", hint=f"Write `{field}.questions`.", rule="form"
        )
    cursor.refer("field with questions" if dot else "field", field)
    return text


def parse_command(word: str, cursor: Cursor) -> Command:
    """A command: who may say it, when, with what, and what it does."""
    if not _WORD.fullmatch(word):
        hint = f"Write `/{word.lstrip('/@').lower()}`."
        raise cursor.refused("A command is `/word` or `@word`, in small letters.", value=word, hint=hint, rule="name")
    cursor.mapping(("by", "only", "takes", "needs", "cooldown", *VERB_KEYS), required=("by",), such="{ by: staff }")
    takes = named(cursor.get("takes"), _argument)
    return Command(
        word=word,
        by=cursor.maybe("by", parse_roles) or (),
        only=cursor.maybe("only", parse_when) or ALWAYS,
        takes=tuple(takes.values()) if "takes" in cursor else _usual(word),
        needs=cursor.maybe("needs", lambda item: item.name("form")),
        cooldown=cursor.maybe("cooldown", parse_length),
        verbs=parse_verbs(cursor),
    )


def _argument(name: str, cursor: Cursor) -> Argument:
    _check_said(cursor, name, "command's argument")
    words = cursor.text().split()
    optional = words[:1] == ["optional"]
    kind = " ".join(words[1:] if optional else words)
    for known in _ARGUMENTS:
        if known == kind:
            return Argument(name, known, optional)
    hint = f"One of {', '.join(_ARGUMENTS)}, with `optional` before it where it may be left out."
    raise cursor.refused("This is not a kind of argument.", hint=hint, rule="command")


def parse_rules(cursor: Cursor) -> tuple[Rule, ...]:
    """The rules, each under an id made of what it says, so that their order may change."""
    rules = each(cursor.entries(such="[{ when: { priority: urgent }, assign: lead }]"), _rule)
    return tuple(with_distinct_ids(rules))


def _rule(cursor: Cursor) -> Rule:
    cursor.mapping(("when", *VERB_KEYS), required=("when",))
    said = json.dumps(cursor.node.data(), sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(said.encode()).hexdigest()[:8]
    return Rule(id=digest, when=parse_when(cursor.at("when")), verbs=parse_verbs(cursor))


def _usual(word: str) -> tuple[Argument, ...]:
    """What a built-in command takes where the policy does not say."""
    known = BUILT_IN.get(word)
    return known.takes if known is not None else ()
