"""Somebody who interrupts a command gets a line and the exit code of one that was interrupted, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_ctrl_c_ends_a_command_with_one_line_and_130() -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "respondby", "deadline", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "actions")},
        # Whoever started the tests in the background had the shell ignore the signal, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert started.stdin is not None
    assert started.stdout is not None
    started.stdin.write('{"from": "2026-01-05T10:00Z", "within": "4h"}\n')
    started.stdin.flush()
    assert started.stdout.readline() == '{"due": "2026-01-05T14:00:00Z"}\n'  # it works, and waits for more
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert (started.returncode, said) == (130, "respondby: interrupted\n")
