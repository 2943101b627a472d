"""What every test gets: hypothesis without deadlines, and the same examples on every machine of CI."""

import os

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what tests have counted: each `record_property("counted", …)`, once."""
    reports = [report for group in ("passed", "failed") for report in terminalreporter.getreports(group)]
    counted = {value: None for report in reports for name, value in report.user_properties if name == "counted"}
    for words in counted:
        terminalreporter.write_line(str(words))
