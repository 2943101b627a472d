"""What an edit of the request does to its fields: answers that change, and answers that were refused before."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, Story, story_of

HEAD_WITH_A_FORM = (
    HEAD.replace(
        "priority: { label: priority/, values: { high: High, normal: Normal, low: Low } }",
        "priority: { label: priority/, default: low,"
        " values: { high: { name: High, only: { reach: many } }, low: Low } }"
        "\n"
        "  reach: { label: reach/, values: { many: Many, few: Few } }",
    )
    + "forms: { problem: { name: Problem, about: A problem., choose: [priority, reach] } }\n"
)


def body(priority: str, reach: str) -> str:
    """The request with these answers, as a story quotes it."""
    return f"### Priority\\n\\n{priority}\\n\\n### Reach\\n\\n{reach}"


def case(*lines: str) -> Story:
    """A case that begins with High for Few."""
    story = "\n".join((f'10:00 carla opens "{body("High", "Few")}"', *lines))
    return story_of("  answer: { start: opened, stop: closed, target: 1h }", story, head=HEAD_WITH_A_FORM)


@pytest.mark.parametrize(
    "lines, priority, refused",
    [
        ([], "low", True),
        ([f'10:05 carla edits 0 "{body("High", "Many")}"'], "high", False),
        ([f'10:05 carla edits 0 "{body("Low", "Few")}"'], "low", False),
        ([f'10:05 carla edits 0 "{body("High", "Few")} "'], "low", True),
        (['10:05 bob labels "reach/many"'], "low", True),
        (['10:05 bob labels "reach/many"', f'10:10 carla edits 0 "{body("High", "Few")} "'], "high", False),
        (
            ['10:05 bob says "/reach many\\n/priority low"', f'10:10 carla edits 0 "{body("High", "Few")} "'],
            "low",
            False,
        ),
    ],
    ids=[
        "refused",
        "mended elsewhere",
        "taken back",
        "edited, not mended",
        "allowed since",
        "allowed, then edited",
        "decided",
    ],
)
def test_an_answer_that_is_refused_is_said_and_is_asked_again_by_an_edit(
    lines: list[str], priority: str, refused: bool
) -> None:
    history = case(*lines).history
    assert history.state.fields["priority"] == priority
    assert bool(history.problems) == refused
