"""Annotations, as the runner reads them."""

import io

import pytest

from respondby.runner.commands import SHOWN_PER_LEVEL, Annotation, annotate


@pytest.mark.parametrize(
    "annotation, command",
    [
        (Annotation("error", "plain"), "::error::plain"),
        (Annotation("notice", "100 %"), "::notice::100 %25"),
        (
            Annotation("warning", "two\r\nlines", file="a.yml", line=3, column=5),
            "::warning file=a.yml,line=3,col=5::two%0D%0Alines",
        ),
        (
            Annotation("error", "m", file="a,b:c%.yml", title="x::y\n"),
            "::error file=a%2Cb%3Ac%25.yml,title=x%3A%3Ay%0A::m",
        ),
    ],
)
def test_an_annotation_is_one_escaped_line(annotation, command):
    assert annotation.command() == command


@pytest.mark.parametrize(
    "annotation, text",
    [
        (Annotation("error", "m"), "error: m"),
        (Annotation("error", "m", file="a.yml"), "a.yml: error: m"),
        (Annotation("warning", "m", file="a.yml", line=3, column=5), "a.yml:3:5: warning: m"),
    ],
)
def test_an_annotation_reads_as_a_compiler_s_message(annotation, text):
    assert str(annotation) == text


def written(annotations):
    stream = io.StringIO()
    annotate(annotations, stream)
    return stream.getvalue().splitlines()


def test_ten_annotations_of_a_level_are_shown_as_they_are():
    assert written(Annotation("error", str(n)) for n in range(SHOWN_PER_LEVEL)) == [f"::error::{n}" for n in range(10)]


def test_beyond_ten_the_last_one_counts_the_rest_and_the_log_lists_them():
    lines = written(Annotation("error", f"::debug::{n}", file="a.yml") for n in range(12))
    assert lines[:9] == [f"::error file=a.yml::::debug::{n}" for n in range(9)]
    assert lines[9] == "::error::3 more of this kind: they are listed in the log."
    assert lines[10:] == [f"a.yml: error: ::debug::{n}" for n in (9, 10, 11)]


def test_each_level_has_its_own_ten():
    lines = written(Annotation(level, "m") for level in ("error", "warning") for _ in range(10))
    assert lines == ["::error::m"] * 10 + ["::warning::m"] * 10
