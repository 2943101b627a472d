"""A run as a fork of one process comes to what it comes to in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.rehearsal.house import ROOT

from respondby.rehearsal.forked import KEEPERS, MODULES
from respondby.rehearsal.forking import forks
from respondby.rehearsal.running import RunProblem, Start, subprocesses

#: As the real one: the verb's interpreter with a few variables of its own.
RUN_SH = f"""\
if [ "$1" = --python ]; then printf '%s\\n' {sys.executable}; exit "${{PROBE_BROKEN:-0}}"; fi
export PYTHONPATH="$(dirname "$0")" PYTHONSAFEPATH=1 PYTHONUTF8=1
exec {sys.executable} -m respondby "$@"
"""

#: A command line that does what it is told to.
PROBE = "import sys\nexec(sys.argv[1])\n"

#: What reads policies: a number of theirs says how many the process has read before.
LOADER = """\
read = {}
known = lambda: tuple(read)
learn = lambda text, files: read.setdefault((text, tuple(map(tuple, files))), len(read))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with another command line, and the real process that forks for it."""
    package = tmp_path / "checkout" / "actions" / "respondby"
    for name in ("rehearsal.forked", *(name.removeprefix("respondby.") for name in KEEPERS), *MODULES):
        file = package / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
        for folder in (file.parent, *file.parent.parents):
            if folder.is_relative_to(package):
                (folder / "__init__.py").touch()
    (package / "letters" / "messages.py").write_text("DEFAULT = 'en'\ndef compile_ours(language): pass\n")
    (package / "policy" / "loading" / "loader.py").write_text(LOADER)
    (package / "__main__.py").write_text(PROBE)
    for file in ("rehearsal/forked.py", "dataclass.py"):
        shutil.copy(ROOT / "actions/respondby" / file, package / file)
    (package.parent / "run.sh").write_text(RUN_SH)
    return package.parents[1]


@pytest.fixture
def fork(checkout: Path) -> Iterator[Start]:
    """What starts forks."""
    with forks(checkout) as start:
        yield start


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """What a job sees."""
    (folder / "workspace").mkdir(exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": "/nowhere", "GITHUB_WORKSPACE": str(folder / "workspace"), **more}


@pytest.mark.parametrize(
    "code",
    [
        "print('out'); print('err', file=sys.stderr)",
        "print('é', ascii(sys.stdout.encoding), ascii(sys.stderr.encoding), sys.stdout.errors, sys.stderr.errors)",
        "print(sys.argv[1:], sys.flags, sys.path, __name__, __file__, __package__)",
        "import os, json; print(json.dumps(dict(os.environ), sort_keys=True), os.getcwd())",
        "import os; print(os.isatty(0), os.isatty(1), sys.stdin.read(), sys.stdout.line_buffering)",
        "import locale, time; print(locale.getlocale(), time.tzname)",
        "import signal; print([signal.getsignal(number) for number in (1, 2, 13, 15, 17)])",
        "import threading; print(threading.enumerate() == [threading.main_thread()])",
        "import gc; print(gc.isenabled(), gc.get_threshold())",
        "import subprocess; subprocess.run(['sh', '-c', 'echo inner; echo inner >&2; exit 3'])",
        "sys.exit()",
        "sys.exit(7)",
        "sys.exit('why')",
        "sys.exit([1])",
        "sys.stdout.write('no end of line'); sys.exit(True)",
        "import os; os._exit(5)",
        "import os, signal; print('lost'); os.kill(os.getpid(), signal.SIGTERM)",
        "import atexit; atexit.register(print, 'last'); print('first'); sys.exit(1)",
        "import threading; threading.Thread(target=print, args=('a thread',)).start()",
        "from concurrent.futures import ThreadPoolExecutor as Pool; print(Pool(2).submit(int, '3').result())",
        "print('x' * 1_000_000); sys.stderr.write('y' * 1_000_000)",
        "sys.stdout.buffer.write(b'\\xff\\n')",
    ],
)
def test_both_ways_come_to_the_same(checkout: Path, fork: Start, tmp_path: Path, code: str) -> None:
    given = surroundings(tmp_path, TOLD="of a job")
    forked, alone = fork([code, "more"], given), subprocesses(checkout)([code, "more"], given)
    assert forked == alone


def test_an_error_that_nothing_catches_ends_in_its_traceback_and_one(fork: Start, tmp_path: Path) -> None:
    code, output, errors = fork(["print('so far'); raise KeyError('x')"], surroundings(tmp_path))
    assert (code, output) == (1, "so far\n")
    assert errors.startswith("Traceback (most recent call last):\n")
    assert errors.endswith("KeyError: 'x'\n")


def test_nothing_of_this_machines_own_is_in_the_surroundings(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGERDUTY_ROUTING_KEY", "somebody's real key")
    monkeypatch.setenv("https_proxy", "http://proxy")
    with forks(checkout) as start:
        _, output, _ = start(["import os, json; print(json.dumps(dict(os.environ)))"], surroundings(tmp_path))
    ours = {"PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUTF8", "PWD", "LC_CTYPE"}  # of run.sh, the shell and Python itself
    assert json.loads(output).keys() - ours == surroundings(tmp_path).keys()


def test_no_run_sees_what_another_did(fork: Start, tmp_path: Path) -> None:
    mess = "import os, builtins, logging; os.environ['LEFT'] = '1'; builtins.left = 1; os.chdir('/'); logging.x = 1"
    look = "import os, builtins, logging; print(os.environ.get('LEFT'), hasattr(builtins, 'left'), os.getcwd() == '/')"
    fork([mess], surroundings(tmp_path))
    assert fork([look], surroundings(tmp_path))[1] == "None False False\n"


def test_what_one_run_imports_the_next_finds(fork: Start, tmp_path: Path) -> None:
    look = "print('wave' in sys.modules); import wave; sys.modules['made.up'] = sys"
    said = [fork([look], surroundings(tmp_path))[1] for _ in range(3)]
    assert said == ["False\n", "True\n", "True\n"]


def test_a_policy_that_one_run_reads_the_next_has_read(fork: Start, tmp_path: Path) -> None:
    learn = "from respondby.policy.loading.loader import learn"
    read = f"{learn}; print(learn('ë \\ud800' * 40_000, [('b', 'c')]), learn(sys.argv[2], []))"
    said = [fork([read, text], surroundings(tmp_path))[1] for text in ("one", "two", "one", "two")]
    assert said == ["0 1\n", "0 2\n", "0 1\n", "0 2\n"]


def test_a_run_that_is_killed_while_it_tells_what_it_has_learnt_harms_no_other(fork: Start, tmp_path: Path) -> None:
    dies = """\
import os, signal
for one in os.listdir("/proc/self/fd"):
    if "pipe:" in os.path.realpath(f"/proc/self/fd/{one}"):
        print(os.write(int(one), b"{"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert fork([dies], surroundings(tmp_path)) == (-9, "1\n", "")
    assert fork(["print('on')"], surroundings(tmp_path)) == (0, "on\n", "")


def test_every_module_that_is_imported_at_first_is_there() -> None:
    names = (*KEEPERS, *(f"respondby.{name}" for name in MODULES))
    assert [name for name in names if importlib.util.find_spec(name) is None] == []


def test_runs_that_are_asked_for_at_once_run_at_once_and_each_gets_its_own(fork: Start, tmp_path: Path) -> None:
    meeting = tmp_path / "meeting"
    os.mkfifo(meeting)
    writes = f"open({str(meeting)!r}, 'w').write('from one to the other'); sys.exit(3)"
    reads = f"print(open({str(meeting)!r}).read()); sys.exit(4)"
    with ThreadPoolExecutor(2) as both:
        results = both.map(lambda code: fork([code], surroundings(tmp_path)), (writes, reads))
    assert list(results) == [(3, "", ""), (4, "from one to the other\n", "")]


def test_a_run_that_hangs_is_ended_and_the_next_goes_on(checkout: Path, tmp_path: Path) -> None:
    began = tmp_path / "began"
    os.mkfifo(began)
    hangs = f"import signal; alive = open({str(began)!r}, 'w'); signal.pause()"
    reader = os.open(began, os.O_RDONLY | os.O_NONBLOCK)
    with forks(checkout, seconds=0.2) as start, os.fdopen(reader, "rb", buffering=0) as pipe:
        with pytest.raises(RunProblem, match=r"had not ended after 0\.2 seconds"):
            start([hangs], surroundings(tmp_path))
        while pipe.read() is None:  # the run still has its end of the pipe
            time.sleep(0.01)
        assert start(["print('on')"], surroundings(tmp_path))[1] == "on\n"


def test_the_end_of_a_rehearsal_ends_what_runs(checkout: Path, tmp_path: Path) -> None:
    began = tmp_path / "began"
    os.mkfifo(began)
    hangs = f"import signal; alive = open({str(began)!r}, 'w'); signal.pause()"
    with ThreadPoolExecutor(2) as others:
        with forks(checkout) as start:
            run = others.submit(start, [hangs], surroundings(tmp_path))
            pipe = began.open()
        with pipe:
            assert pipe.read() == ""
        with pytest.raises(RunProblem, match="could not be started"):
            run.result(timeout=60)


def test_a_process_that_has_ended_is_said(checkout: Path, tmp_path: Path) -> None:
    (checkout / "actions" / "respondby" / "jobs" / "__init__.py").write_text("raise SystemExit(3)")
    with forks(checkout) as start, pytest.raises(RunProblem, match="could not be started: the process behind"):
        start(["print()"], surroundings(tmp_path))


def test_an_environment_that_cannot_be_made_ends_the_rehearsal(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_BROKEN", "1")
    with pytest.raises(RunProblem, match="could not make its environment"), forks(checkout):
        pass


def test_without_a_checkout_this_interpreter_runs_the_same_package(tmp_path: Path) -> None:
    with forks(tmp_path) as start:
        code, output, errors = start(["--no-such-option"], surroundings(tmp_path))
    assert (code, output) == (2, "")
    assert "No such option" in errors
