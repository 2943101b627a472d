"""Event files, as GitHub writes them and as nobody should."""

import json

import pytest

from respondby.runner import event
from respondby.runner.event import EventProblem, read_event


@pytest.fixture
def write(tmp_path):
    def written(content):
        path = tmp_path / "event.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return written


def test_an_opened_issue_has_a_number_and_no_comment(write):
    read = read_event("issues", write({"action": "opened", "issue": {"number": 7, "title": "x"}}))
    assert (read.name, read.action, read.issue_number, read.comment_id) == ("issues", "opened", 7, None)
    assert not read.is_pull_request
    assert read.payload["issue"]["title"] == "x"


def test_a_comment_has_its_own_id_and_its_issue_s_number(write):
    read = read_event("issue_comment", write({"action": "created", "issue": {"number": 7}, "comment": {"id": 99}}))
    assert (read.issue_number, read.comment_id) == (7, 99)


def test_a_comment_on_a_pull_request_is_told_apart(write):
    assert read_event("issue_comment", write({"issue": {"number": 7, "pull_request": {"url": "u"}}})).is_pull_request


def test_a_schedule_is_about_no_issue(write):
    read = read_event("schedule", write({"schedule": "2-59/5 * * * *"}))
    assert (read.action, read.issue_number, read.comment_id) == (None, None, None)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not hold a JSON object"),
        (b'{"issue": {}}', "names no issue"),
        (b'{"issue": {"number": "7"}}', "names no issue"),
        (b'{"issue": {"number": true}}', "names no issue"),
        (b'{"issue": {"number": -1}}', "names no issue"),
        (b'{"issue": null}', "names no issue"),
    ],
)
def test_a_file_that_github_would_not_write_is_refused(write, content, says):
    with pytest.raises(EventProblem, match=says):
        read_event("issues", write(content))


def test_a_file_larger_than_github_sends_is_not_read_into_memory(write, monkeypatch):
    monkeypatch.setattr(event, "LARGEST", 10)
    with pytest.raises(EventProblem, match="larger than 10 bytes"):
        read_event("issues", write({"issue": {"number": 7}}))


def test_a_missing_file_and_a_missing_event_say_what_is_missing(tmp_path):
    with pytest.raises(EventProblem, match="cannot be read"):
        read_event("issues", tmp_path / "none.json")
    with pytest.raises(EventProblem, match="GITHUB_EVENT_NAME"):
        read_event("", None)


def test_the_repr_of_an_event_does_not_hold_what_people_wrote(write):
    assert "s3cret" not in repr(read_event("issues", write({"issue": {"number": 7, "title": "s3cret"}})))
