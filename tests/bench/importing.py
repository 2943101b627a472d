"""Instructions of starting a run, beside `import github`: python tests/bench/importing.py

Counted by callgrind (Debian's package valgrind), so that no other program on the machine moves the figure: a process
that imports PyGithub; one that imports what a triage of an opened issue has imported when it ends, templates and public
holidays included; and that triage itself. The exit code is 1 where importing costs more than 1.5 times as much.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from desk_at_work import Stage, timed

from respondby.sandbox.server import Sandbox

WANTED = 1.5

#: A triage, which then says what it has imported.
TRIAGE = """
import atexit, pathlib, runpy, sys
names = pathlib.Path(sys.argv.pop())
atexit.register(lambda: names.write_text(" ".join(sys.modules)))
sys.argv[1:] = ["triage"]
runpy.run_module("respondby", run_name="__main__", alter_sys=True)
"""

#: The same imports and nothing else. The library of holidays is asked for a country as the desk asks, since it has 250;
#: and the process ends as `__main__` lets one end.
IMPORTS = """
import gc, importlib, sys
import respondby.__main__
for name in sys.argv[1:]:
    importlib.import_module(name)
importlib.import_module("respondby.calendars.public_holidays").known_years("BE", None)
gc.freeze()
"""


def instructions(command: list[str], env: dict[str, str], folder: Path) -> int:
    """How many one process takes, in millions; its failure ends the script."""
    told = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind.out'}", *command],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    counted = re.search(r"Collected : (\d+)", told.stderr)
    if told.returncode or counted is None:
        sys.exit(f"{' '.join(command)} failed:\n{told.stdout}\n{told.stderr}")
    return int(counted[1]) // 1_000_000


def main() -> int:
    """Print the three and what they are of the first."""
    if shutil.which("valgrind") is None:
        print("valgrind is not there, so nothing was counted: apt-get install valgrind")
        return 0
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        stage = Stage(sandbox, folder)
        stage.open()
        timed([sys.executable, "-m", "respondby", "triage"], stage.env)  # makes the labels, and the bytecode
        stage.open()
        timed([sys.executable, "-c", TRIAGE, str(folder / "names")], stage.env)
        names = (folder / "names").read_text().split()
        ours = [name for name in names if name.partition(".")[0] == "respondby"]
        github = instructions([sys.executable, "-c", "import github"], stage.env, folder)
        imports = instructions([sys.executable, "-c", IMPORTS, *ours], stage.env, folder)
        stage.open()
        triage = instructions([sys.executable, "-m", "respondby", "triage"], stage.env, folder)
    print(f"import github             {github:5} million instructions")
    print(f"what a triage imports     {imports:5} = {imports / github:.2f} × that; at most {WANTED}")
    print(f"a triage                  {triage:5} = {triage / github:.2f} × that")
    return 0 if imports <= WANTED * github else 1


if __name__ == "__main__":
    sys.exit(main())
