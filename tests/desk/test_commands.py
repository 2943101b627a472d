"""Commands and mentions are read from what a person said, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.desk.commands import Line, arguments, block_answers, command_lines, only_commands
from respondby.desk.refusals import Refusal, Usage
from respondby.policy.model.requests import Argument, Command, Question

WORDS = ("/ack", "/assign", "/escalate", "/note", "/help-desk", "@help", "@help-desk")


def words_said(text):
    return [line.word for line in command_lines(text, WORDS)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("/ack", Line("/ack", "", 1)),
        ("   /ack now", Line("/ack", "now", 1)),
        ("/ack\tnow  ", Line("/ack", "now", 1)),
        ("/Ack", Line("/ack", "", 1)),
        ("/ack\r\n", Line("/ack", "", 1)),
        ("thanks\r\n/assign @ann\r\n", Line("/assign", "@ann", 2)),
        ("thanks\r/ack", Line("/ack", "", 2)),
        ("- a list\n/ack", Line("/ack", "", 2)),
        ("1. a list\n\n   /ack", Line("/ack", "", 3)),
        ("/ack\n---", Line("/ack", "", 1, ("---",))),
        ("\ufeff/ack\u200b", Line("/ack", "", 1)),
        ("\u200f/note שלום", Line("/note", "שלום", 1)),
        ("/assign\u00a0ann", Line("/assign", "ann", 1)),
        ("<details>\n\n/ack\n\n</details>", Line("/ack", "", 3)),
        ("/ack /assign ann", Line("/ack", "/assign ann", 1)),
        ("please @HELP", Line("@help", "", 1)),
        ("@help the launch is tonight", Line("@help", "the launch is tonight", 1)),
        ("(@help)", Line("@help", ")", 1)),
        ("**@help**", Line("@help", "**", 1)),
        ("_@help_", Line("@help", "_", 1)),
        ("@help, please", Line("@help", ", please", 1)),
        ("so: @help.", Line("@help", ".", 1)),
        ("@help-desk", Line("@help-desk", "", 1)),
        ("| a |\n| --- |\n| @help |", Line("@help", "", 3)),
        ("# @help", Line("@help", "", 1)),
        ("`code` then @help", Line("@help", "", 1)),
        ("@help @help @help", Line("@help", "@help @help", 1)),
    ],
)
def test_a_word_of_the_policy_is_read_where_it_is_said(text, expected):
    assert command_lines(text, WORDS) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "/acknowledge",
        "/ack.",
        "see /ack",
        "- /ack",
        "# /ack",
        "    /ack",
        "\t/ack",
        "text\n    /ack",
        "| a |\n| --- |\n/ack | b |",
        "> /ack",
        "> a quote\n/ack",
        "> - a list in a quote\n>   /ack",
        "`/ack`",
        "a `span over\n/ack lines`",
        "```\n/ack\n```",
        "~~~\n/ack",
        "- item\n\n  ```\n  /ack\n  ```",
        "<!--\n/ack\n\n-->",
        "text <!-- over\n/ack --> lines",
        "<pre>\n\n/ack\n\n</pre>",
        "<blockquote>\n\n/ack\n\n</blockquote>",
        "<div>\n/ack\n</div>",
        "[a]:\n/ack",
        '[a](\n/ack "title")',
        "/a\u200bck",
        "/ack\u200bnow",
        "\\/ack",
        "a@help.com",
        "@help.com",
        "@helper",
        "@help_acme",
        "@help-me",
        "@help/team",
        "org/@help",
        "https://example.org/@help",
        "https://example.org/?to=@help",
        "<https://example.org/@help>",
        "[@help](https://example.org)",
        '[link](https://example.org "@help")',
        "[link](https://example.org/@help)",
        "![@help](image.png)",
        "[@help][ref]\n\n[ref]: https://example.org",
        "<!-- @help -->",
        "<code>@help</code>",
        '<a href="x">@help</a>',
        "<img alt='@help'>",
        "\\@help",
        "&#64;help",
        "@\u200bhelp",
        "@h\u2060elp",
        "> @help",
        "`@help`",
        "``` @help",
        "nothing at all",
        "",
    ],
)
def test_quotes_code_links_html_and_other_names_say_nothing(text):
    assert command_lines(text, WORDS) == ()


def test_commands_come_in_the_order_of_their_lines():
    text = "/ack\nplease @help and @help-desk\n\n> /note quoted\n\n/note one\n\n/note two @help"
    assert [(line.word, line.line) for line in command_lines(text, WORDS)] == [
        ("/ack", 1),
        ("@help", 2),
        ("@help-desk", 2),
        ("/note", 6),
        ("/note", 8),
        ("@help", 8),
    ]


@pytest.mark.parametrize(
    "text, block",
    [
        ("/escalate\nSaaS Name: Till\nBranch: Clifton\n\nThanks", ("SaaS Name: Till", "Branch: Clifton")),
        ("/escalate\nSaaS Name: Till\n/ack", ("SaaS Name: Till",)),
        ("/note one\n\ntwo", ()),
        ("/note the log:\n```\na\n\n/ack\n```\nmore\n\nand this not", ("```", "a", "", "/ack", "```", "more")),
        ("/note one\nplease @help\ntwo", ("please @help", "two")),
        ("/note one\r\n  two  \r\n", ("  two",)),
    ],
)
def test_a_block_is_the_lines_below_a_command_up_to_a_blank_line_or_the_next_command(text, block):
    assert command_lines(text, WORDS)[0].block == block


@pytest.mark.parametrize(
    "text, block, only",
    [
        ("/note\n\none\ntwo\n\nthree", ("", "one", "two"), False),
        ("/note \n \n\u200b\none", ("", "\u200b", "one"), True),
        ("/note\n\n```\na\n\nb\n```", ("", "```", "a", "", "b", "```"), True),
        ("/note one\n\ntwo", (), False),
        ("/note\n\n/ack", (), True),
        ("/note\n\n", (), True),
        ("/ack\n\none", (), False),
    ],
)
def test_a_command_that_needs_text_and_has_none_takes_what_stands_below_a_blank_line(text, block, only):
    assert command_lines(text, WORDS, ["/note"])[0].block == block
    assert only_commands(text, WORDS, ["/note"], ["/note"]) is only


def test_a_mention_s_block_ends_where_anything_else_is_said():
    first, second, command = command_lines("@help a\nb\n@help-desk c\nd\n/ack", WORDS)
    assert (first.block, second.block, command.block) == (("b",), ("d",), ())


def test_words_are_spelled_as_the_policy_spells_them():
    assert [line.word for line in command_lines("/SEVERITY P0\n/p1", ("/Severity", "/P1"))] == ["/Severity", "/P1"]


@pytest.mark.parametrize(
    "text, only",
    [
        ("/ack", True),
        ("/ack\n\n/assign ann\n", True),
        ("@help", True),
        ("@help!!", True),
        ("@help @help-desk", True),
        ("@help the launch is tonight", False),
        ("please @help", False),
        ("@help\nthe launch is tonight", False),
        ("/note call @help at once", True),
        ("/ack\n\nWe are looking at it.", False),
        ("/note one\ntwo", True),
        ("/note\n```\nlog\n\nmore\n```", True),
        ("> Have you seen this?\n\n/ack", True),
        ("<!-- seen -->\n\n/ack", True),
        ("<div>We look at it.</div>\n\n/ack", False),
        ("<!-- seen --> We look at it.\n\n/ack", False),
        ("> Have you seen this?", False),
        ("\u200b\n/ack\n\u00a0", True),
        ("```\n/ack\n```", False),
        ("Thanks!", False),
        ("", False),
    ],
)
def test_rule_6_a_comment_that_holds_only_commands_is_no_response(text, only):
    assert only_commands(text, WORDS) is only


def test_rule_6_lines_below_a_command_that_takes_nothing_are_a_response():
    assert not only_commands("/ack\nWe are looking at it.", WORDS, blocks=["/note"])
    assert only_commands("/note one\ntwo\n/ack", WORDS, blocks=["/note"])


LINES = st.sampled_from(
    [
        "/ack",
        "/note a",
        "@help",
        "text",
        "> q",
        "",
        "```",
        "- x",
        "`",
        "<!--",
        "-->",
        "/assign @ann",
        "    /ack",
        "[a]: /b",
        "a\u200b",
    ]
)


@given(st.lists(LINES, max_size=12))
def test_every_command_stands_on_the_line_that_it_names(lines):
    text = "\n".join(lines)
    for line in command_lines(text, WORDS):
        written = lines[line.line - 1].lower()
        assert written.startswith(line.word) if line.word.startswith("/") else line.word in written
        assert all(block == lines[line.line + i].rstrip() for i, block in enumerate(line.block))


@given(st.lists(LINES, max_size=12), st.sampled_from(["\r\n", "\r"]))
def test_the_kind_of_line_ends_changes_nothing(lines, end):
    assert command_lines(end.join(lines), WORDS) == command_lines("\n".join(lines), WORDS)


@given(st.text(st.sampled_from("/@ackhelp \n`>-<!\t\u200b\u202e[]()\\&#;:|~*_."), max_size=80))
def test_any_text_can_be_read(text):
    assert set(words_said(text)) <= set(WORDS)
    only_commands(text, WORDS)


def command(*takes):
    return Command("/do", ("staff",), takes=tuple(Argument(*one) for one in takes))


WHO = ("who", "login", True)
AT_TEXT = (("at", "time"), ("text", "text", True))
WORKAROUND = (("what", "text"), ("original", "text"), ("revert-by", "time"))


@pytest.mark.parametrize(
    "takes, text, expected",
    [
        ((), "/do it now", {}),
        ((WHO,), "/do", {}),
        ((WHO,), "/do @ann", {"who": "ann"}),
        ((WHO,), "/do ann\nand more below", {"who": "ann"}),
        ((WHO,), "/do dependabot[bot]", {"who": "dependabot[bot]"}),
        (AT_TEXT, "/do 2026-10-20T18:00", {"at": "2026-10-20T18:00"}),
        (AT_TEXT, "/do 2026-10-20T18:00+02:00 late\nsorry", {"at": "2026-10-20T18:00+02:00", "text": "late\nsorry"}),
        (AT_TEXT, "/do 2026-10-20 18:00 late", {"at": "2026-10-20 18:00", "text": "late"}),
        ((("at", "time", True), ("text", "text", True)), "/do fixed", {"text": "fixed"}),
        ((("text", "text"),), "/do\n  a\nb\n\nc", {"text": "a\nb"}),
        (
            (("for", "duration"), ("why", "text", True)),
            "/do 2 business days holidays",
            {"for": "2 business days", "why": "holidays"},
        ),
        ((("for", "duration"),), "/do 1h30m", {"for": "1h30m"}),
        (
            (("why", "text"), ("until", "time")),
            "/do holidays 2026-11-01 10:00",
            {"why": "holidays", "until": "2026-11-01 10:00"},
        ),
        ((("why", "text"), ("until", "time", True)), "/do holidays", {"why": "holidays"}),
        ((("which", "ref"),), "/do #12", {"which": "#12"}),
        ((("which", "ref"),), "/do acme/app#12", {"which": "acme/app#12"}),
        ((("which", "ref"),), "/do #issuecomment-34", {"which": "#issuecomment-34"}),
        ((("which", "ref"),), "/do https://example.org/a?b#c", {"which": "https://example.org/a?b#c"}),
        (
            WORKAROUND,
            '/do "cache off" “max-age 60” 2026-11-01T10:00',
            {"what": "cache off", "original": "max-age 60", "revert-by": "2026-11-01T10:00"},
        ),
        (
            WORKAROUND,
            "/do\nWhat: cache off\nwith care\nOriginal: max-age 60\nrevert-by: 2026-11-01T10:00",
            {"what": "cache off\nwith care", "original": "max-age 60", "revert-by": "2026-11-01T10:00"},
        ),
        (
            WORKAROUND,
            "/do cache off\noriginal: max-age 60\nrevert-by: 2026-11-01T10:00",
            {"what": "cache off", "original": "max-age 60", "revert-by": "2026-11-01T10:00"},
        ),
    ],
)
def test_arguments_are_read_by_their_types(takes, text, expected):
    assert arguments(command(*takes), command_lines(text, ["/do"])[0]) == expected


#: What these refusals name beside their own details.
WORD = {"argument-missing": {}, "argument-wrong": {}, "argument-unread": {"word": "/do"}}


@pytest.mark.parametrize(
    "takes, text, code, details",
    [
        (AT_TEXT, "/do", "argument-missing", {"argument": "at", "kind": "time"}),
        (AT_TEXT, "/do tomorrow", "argument-unread", {"said": "tomorrow"}),
        (AT_TEXT, "/do 2026-02-30T10:00", "argument-unread", {"said": "2026-02-30T10:00"}),
        ((WHO,), "/do @ann @bob", "argument-unread", {"said": "@ann @bob"}),
        ((("for", "duration"),), "/do 5", "argument-unread", {"said": "5"}),
        ((("which", "ref"),), "/do javascript:alert(1)", "argument-unread", {"said": "javascript:alert(1)"}),
        (WORKAROUND, "/do a b 2026-11-01T10:00", "argument-unread", {"said": "a b 2026-11-01T10:00"}),
        (WORKAROUND, "/do\nwhat: a\nrevert-by: soon", "argument-wrong", {"said": "soon", "kind": "time"}),
    ],
)
def test_what_cannot_be_read_whole_is_refused_with_what_would_be_right(takes, text, code, details):
    expected = Refusal.of(code, usage=Usage("/do", command(*takes).takes), **{**WORD[code], **details})
    assert arguments(command(*takes), command_lines(text, ["/do"])[0]) == expected


def test_a_refusal_quotes_no_more_than_a_line():
    refused = arguments(command(WHO), command_lines("/do " + "x " * 5000, ["/do"])[0])
    assert isinstance(refused, Refusal)
    assert len(refused.details["said"]) <= 60


ESCALATION = (
    Question("saas-name", "SaaS Name"),
    Question("platform", "Issue Platform", options=("Android", "iOS")),
    Question("detail", "Issue Detail", "text"),
    Question("since", "Since when?", optional=True),
)


@pytest.mark.parametrize(
    "lines, answers, missing",
    [
        (
            ["SaaS Name: Till", "issue platform : ios", "ISSUE DETAIL: one", " two"],
            {"saas-name": "Till", "platform": "iOS", "detail": "one\n two"},
            (),
        ),
        (
            ["- **SaaS Name:** Till", "* **Issue Platform**: Android", "detail: x", "Since when? Monday"],
            {"saas-name": "Till", "platform": "Android", "detail": "x", "since": "Monday"},
            (),
        ),
        (["saas name: Till"], {"saas-name": "Till"}, ("Issue Platform", "Issue Detail")),
        (["SaaS Name: Till", "SaaS Name: Shop", "detail: x"], {"detail": "x"}, ("SaaS Name", "Issue Platform")),
        (
            ["SaaS Name: _No response_", "Issue Platform: Windows", "Issue Detail:"],
            {},
            ("SaaS Name", "Issue Platform", "Issue Detail"),
        ),
        ([], {}, ("SaaS Name", "Issue Platform", "Issue Detail")),
    ],
)
def test_a_block_answers_by_label(lines, answers, missing):
    assert block_answers(ESCALATION, lines) == (answers, missing)


def test_where_one_thing_is_asked_the_whole_block_may_answer_it():
    asked = [Question("found", "What was it?")]
    assert block_answers(asked, ["The printer", "was off."]) == ({"found": "The printer\nwas off."}, ())
    assert block_answers(asked, ["What was it? The printer"]) == ({"found": "The printer"}, ())
