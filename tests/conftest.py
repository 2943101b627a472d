"""What every test gets: hypothesis without deadlines, and two ways to draw its examples.

By itself each property draws the same examples on every machine and every day: what passed, passes. `--fresh SEED`
draws by that seed, begins with what failed before, and keeps it in `.hypothesis`; `python -m tests.fresh` goes by many.
"""

import gc
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase

settings.register_profile("fixed", deadline=None, derandomize=True, database=None, print_blob=True)
# Each said outright: on a machine of CI, hypothesis would draw fixed examples and keep none.
settings.register_profile(
    "fresh",
    deadline=None,
    derandomize=False,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
    print_blob=True,
)
settings.load_profile("fixed")

# However wide the terminal is in which the tests run, what they look at is set for one of 80 columns, without colours.
os.environ["COLUMNS"], os.environ["NO_COLOR"] = "80", "1"

#: Where a test has asked for another machine's address: it would wait for a network, and tell a stranger things.
_abroad: list[str] = []
_here = socket.getaddrinfo


def _stay_here(host: Any, *arguments: Any, **more: Any) -> Any:
    """The addresses of this machine's names; there is no other machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "::1", socket.gethostname()) or str(name).startswith("127."):
        return _here(host, *arguments, **more)
    if str(name).rpartition(".")[2] not in ("invalid", "example", "test"):  # names that never have an address
        _abroad.append(str(name))
    raise socket.gaierror(socket.EAI_NONAME, "tests stay on this machine")


socket.getaddrinfo = _stay_here


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fresh", type=int, metavar="SEED", help="draw the examples of properties by this seed")


def pytest_configure(config: pytest.Config) -> None:
    """Before any test is imported: settings of their own go by what is loaded then."""
    if config.getoption("fresh") is not None:
        settings.load_profile("fresh")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each property by the seed. Hypothesis itself forgets, for a test with a seed, what failed before: not here."""
    number = config.getoption("fresh")
    properties = [item for item in items if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)]
    for file in {item.path for item in properties}:
        if "hypothesis" not in file.read_text(encoding="utf-8"):  # so `tests/fresh.py` finds what it draws for
            raise pytest.UsageError(f"{file} has a property, and does not import hypothesis: import `given` there")
    for test in [item.obj for item in properties] if number is not None else []:
        remembering = test._hypothesis_internal_use_settings
        seed(number)(test)
        test._hypothesis_internal_use_settings = remembering


def pytest_collection_finish() -> None:
    """What stands after collecting stays to the end: nobody has to look again and again whether it is garbage."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """No test reaches another machine."""
    yield
    asked = _abroad[:]
    _abroad.clear()
    assert not asked, f"a test asks for {', '.join(asked)}: give it an address of this machine"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what tests have counted: each `record_property("counted", …)`, once."""
    reports = [report for group in ("passed", "failed") for report in terminalreporter.getreports(group)]
    counted = {value: None for report in reports for name, value in report.user_properties if name == "counted"}
    for words in counted:
        terminalreporter.write_line(str(words))
