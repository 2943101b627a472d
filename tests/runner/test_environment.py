"""What GitHub tells a job, and what is refused."""

import pytest

from respondby.runner.environment import Environment, EnvironmentProblem, graphql_url_of

PLAIN = {"GITHUB_REPOSITORY": "acme/desk", "GITHUB_TOKEN": "ghs_abc"}


def test_a_runner_s_environment_is_read_whole():
    environment = Environment.from_environ(
        PLAIN
        | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": "https://api.github.com",
            "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql",
            "GITHUB_EVENT_NAME": "issues",
            "GITHUB_EVENT_PATH": "/run/event.json",
            "GITHUB_OUTPUT": "/run/output",
            "GITHUB_STEP_SUMMARY": "/run/summary",
            "GITHUB_RUN_ID": "42",
        }
    )
    assert environment.is_actions
    assert environment.event_name == "issues"
    assert [str(path) for path in (environment.event_path, environment.output_path, environment.summary_path)] == [
        "/run/event.json",
        "/run/output",
        "/run/summary",
    ]
    assert environment.run_url == "https://github.com/acme/desk/actions/runs/42"


def test_outside_a_runner_there_is_nothing_to_write_to():
    environment = Environment.from_environ(PLAIN)
    assert not environment.is_actions
    assert environment.api_url == "https://api.github.com"
    assert (environment.event_path, environment.output_path, environment.summary_path) == (None, None, None)
    assert environment.run_url == ""


@pytest.mark.parametrize(
    "api_url, graphql_url",
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://git.example.org/api/v3", "https://git.example.org/api/graphql"),
        ("https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
    ],
)
def test_the_graphql_address_follows_from_the_api_address(api_url, graphql_url):
    assert graphql_url_of(api_url) == graphql_url
    assert Environment.from_environ(PLAIN | {"GITHUB_API_URL": api_url + "/"}).graphql_url == graphql_url
    both = PLAIN | {"GITHUB_API_URL": api_url, "GITHUB_GRAPHQL_URL": graphql_url}
    assert Environment.from_environ(both).graphql_url == graphql_url


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"GITHUB_GRAPHQL_URL": "https://elsewhere.example/graphql"}, "two forges"),
        (
            {"GITHUB_API_URL": "http://127.0.0.1:1", "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql"},
            "two forges",
        ),
        ({"GITHUB_API_URL": "ftp://api.github.com"}, "GITHUB_API_URL must be"),
        ({"GITHUB_API_URL": "https://user:pass@api.github.com"}, "GITHUB_API_URL must be"),
        ({"GITHUB_API_URL": "https://api.github.com?x=1"}, "GITHUB_API_URL must be"),
        ({"GITHUB_API_URL": "https://api.github.com:none"}, "GITHUB_API_URL must be"),
        ({"GITHUB_API_URL": "http://["}, "GITHUB_API_URL must be"),
        ({"GITHUB_API_URL": "https://api.git\nhub.com"}, "GITHUB_API_URL must be"),
        ({"GITHUB_REPOSITORY": ""}, "owner/name"),
        ({"GITHUB_REPOSITORY": "desk"}, "owner/name"),
        ({"GITHUB_REPOSITORY": "acme/.."}, "owner/name"),
        ({"GITHUB_REPOSITORY": "acme/desk/issues"}, "owner/name"),
        ({"GITHUB_REPOSITORY": "acme/desk\n"}, "owner/name"),
        ({"GITHUB_TOKEN": ""}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_TOKEN": "abc\nX-Other: header"}, "line break"),
    ],
)
def test_an_environment_that_cannot_be_right_is_refused(changes, says):
    with pytest.raises(EnvironmentProblem, match=says):
        Environment.from_environ(PLAIN | changes)


@pytest.mark.parametrize("repository", ["acme/desk", "acme/.github", "a/b", "acme_corp/a.b-c_d", "acme/..."])
def test_repositories_that_exist_on_github_are_taken(repository):
    assert Environment.from_environ(PLAIN | {"GITHUB_REPOSITORY": repository}).repository == repository


def test_neither_the_token_nor_a_secret_is_in_the_repr():
    environment = Environment.from_environ(PLAIN | {"CHAT_URL": "https://chat.example/hook/s3cret"})
    assert "ghs_abc" not in repr(environment)
    assert "s3cret" not in repr(environment)


def test_a_secret_is_the_variable_of_its_name_and_an_empty_one_is_unset():
    environment = Environment.from_environ(PLAIN | {"CHAT_URL": "https://chat.example", "PAGER": ""})
    assert environment.secret("CHAT_URL") == "https://chat.example"
    assert environment.secret("PAGER") is None
    assert environment.secret("OTHER") is None


@pytest.mark.parametrize(
    "name", ["GITHUB_TOKEN", "github_token", "ACTIONS_RUNTIME_TOKEN", "INPUT_TOKEN", "", "A B", "A=B"]
)
def test_a_policy_cannot_name_the_runner_s_own_variables_as_secrets(name):
    with pytest.raises(EnvironmentProblem, match="cannot be the name of a secret"):
        Environment.from_environ(PLAIN | {"ACTIONS_RUNTIME_TOKEN": "x"}).secret(name)
