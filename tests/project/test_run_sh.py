"""`actions/run.sh`: its laws, on a copy with a package of a few lines and a `uv` that needs no network.

That the real one installs the real locks is seen wherever `tests/run` starts in an empty environment.
"""

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

RUN_SH = Path(__file__).parents[2] / "actions" / "run.sh"

TOOLS = [
    "sh",
    "bash",
    "dirname",
    "find",
    "sort",
    "cksum",
    "mktemp",
    "mkdir",
    "rm",
    "cat",
    "readlink",
    "env",
    "sleep",
    "touch",
    "chmod",
]

# Makes the environment as the real one does, notes that it did, and "installs" a module called locked.
UV = """\
#!/bin/sh
set -eu
case "$1" in
    venv)
        shift
        while [ $# -gt 1 ]; do [ "$1" != --python ] || python=$2; shift; done
        "$python" -m venv --without-pip "$1"
        echo "made ${1##*/}" >>"$NOTES"
        echo 'chatter of the installer'
        ;;
    pip)
        [ ! -e "$NOTES.fail" ] || { echo 'no matching hash'; exit 1; }
        while [ $# -gt 1 ]; do [ "$1" != --python ] || python=$2; shift; done
        site=$(echo "${python%/bin/python}"/lib/python3*/site-packages)
        echo "LOCK = '${1##*/}'" >"$site/locked.py"
        while [ -e "$NOTES.hold" ]; do sleep 0.05; done
        ;;
esac
"""

PROGRAM = """\
import json, os, sys
import locked
print(json.dumps({"lock": locked.LOCK, "arguments": sys.argv[1:], "prefix": sys.prefix,
                  "bytecode": not sys.dont_write_bytecode}))
"""


class Checkout:
    """A checkout in miniature, and a machine to run it on: an empty home and a PATH with the tools that are named."""

    def __init__(self, folder):
        self.root, self.home, self.bin = folder / "a checkout", folder / "home", folder / "bin"
        self.notes = folder / "notes"
        (self.root / "actions" / "respondby").mkdir(parents=True)
        (self.root / "locks").mkdir()
        for name in ("runtime", "sandbox", "test"):
            (self.root / "locks" / f"{name}.txt").write_text(f"# {name}\n")
        shutil.copy(RUN_SH, self.root / "actions" / "run.sh")
        (self.root / "actions" / "respondby" / "__main__.py").write_text(PROGRAM)
        self.home.mkdir()
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        (self.bin / "python3").symlink_to(os.path.realpath(sys.executable))
        (self.bin / "uv").write_text(UV)
        (self.bin / "uv").chmod(0o755)

    def start(self, *arguments, env=None, cwd=None):
        """The started process; `env` is laid over HOME, PATH and where notes are taken."""
        base = {"HOME": str(self.home), "PATH": str(self.bin), "NOTES": str(self.notes)}
        return subprocess.Popen(
            ["sh", str(self.root / "actions" / "run.sh"), *arguments],
            env={name: value for name, value in {**base, **(env or {})}.items() if value is not None},
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments, **more):
        """(exit code, standard output, standard error)"""
        with self.start(*arguments, **more) as process:
            output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    def made(self):
        """How many environments were begun."""
        return len(self.notes.read_text().splitlines()) if self.notes.exists() else 0

    def kept(self, cache=None):
        """The names on the shelf."""
        return sorted(path.name for path in ((cache or self.home / ".cache") / "respondby").iterdir())


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def said(result):
    code, output, errors = result
    assert code == 0, errors
    return json.loads(output)


def test_the_first_run_makes_the_environment_and_later_ones_use_it(checkout):
    code, output, errors = checkout.run("triage")
    assert code == 0, errors
    assert "chatter" in errors
    assert "once on this machine" in errors
    assert output.count("\n") == 1, "only the verb writes to standard output"
    assert checkout.run("triage") == (0, output, "")
    assert checkout.made() == 1


def test_arguments_arrive_as_they_were_given(checkout):
    arguments = ["explain", "a b", "$(touch /tmp/x)", "*", "--json", ""]
    assert said(checkout.run(*arguments))["arguments"] == arguments


@pytest.mark.parametrize(
    "verb, lock",
    [
        ("triage", "runtime"),
        ("enforce", "runtime"),
        ("--help", "runtime"),
        ("rehearse", "sandbox"),
        ("sandbox", "sandbox"),
    ],
)
def test_the_verb_chooses_the_lock(checkout, verb, lock):
    assert said(checkout.run(verb))["lock"] == f"{lock}.txt"


def test_a_changed_lock_gets_an_environment_of_its_own(checkout):
    checkout.run("triage")
    with (checkout.root / "locks" / "runtime.txt").open("a") as lock:
        lock.write("# one more\n")
    checkout.run("triage")
    assert checkout.made() == 2


def test_the_runner_s_tool_cache_comes_before_the_user_s_cache(checkout, tmp_path):
    checkout.run("triage", env={"RUNNER_TOOL_CACHE": str(tmp_path / "tools"), "XDG_CACHE_HOME": str(tmp_path / "xdg")})
    checkout.run("triage", env={"XDG_CACHE_HOME": str(tmp_path / "xdg")})
    assert checkout.made() == 2
    assert len(checkout.kept(tmp_path / "tools")) == len(checkout.kept(tmp_path / "xdg")) == 2
    assert not (checkout.home / ".cache").exists()


def test_two_runs_at_once_both_work_and_leave_one_environment(checkout):
    hold = Path(f"{checkout.notes}.hold")
    hold.touch()
    first, second = checkout.start("triage"), checkout.start("triage")
    with first, second:
        while checkout.made() < 2:
            assert first.poll() is None
            assert second.poll() is None
        hold.unlink()
        (out, first_errors), (other, second_errors) = first.communicate(timeout=60), second.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), first_errors + second_errors
    assert out == other
    assert len(checkout.kept()) == 2, "the link and what it names"


def test_an_environment_that_lost_a_file_is_made_anew(checkout):
    where = Path(said(checkout.run("triage"))["prefix"])
    next(where.glob("lib/*/site-packages/locked.py")).unlink()
    assert said(checkout.run("triage"))["prefix"] != str(where)
    assert checkout.made() == 2
    assert not where.exists()
    assert len(checkout.kept()) == 2


def test_an_environment_with_a_file_that_lost_its_content_is_made_anew(checkout):
    """What a full disk leaves."""
    where = Path(said(checkout.run("triage"))["prefix"])
    next(where.glob("lib/*/site-packages/locked.py")).write_text("")
    assert said(checkout.run("triage"))["lock"] == "runtime.txt"
    assert checkout.made() == 2


@pytest.mark.parametrize(
    "damage",
    ["the link leads nowhere", "a folder in its place", "an empty folder in its place", "a plain file in its place"],
)
def test_a_cache_that_was_restored_badly_is_made_anew(checkout, damage):
    where = Path(said(checkout.run("triage"))["prefix"])
    [link] = [path for path in where.parent.iterdir() if path.is_symlink()]
    if damage == "the link leads nowhere":
        shutil.rmtree(where)
    else:
        target = link.readlink()
        link.unlink()
        if "file" in damage:
            link.write_text(str(target))  # as a cache without links keeps one
            assert said(checkout.run("triage"))["lock"] == "runtime.txt"
            assert checkout.made() == 2
            assert checkout.run("triage")[2] == "", "and it stays"
            return
        link.mkdir() if "empty" in damage else shutil.copytree(where, link, symlinks=True)
        next(link.glob("lib/*/site-packages/locked.py"), link / "nothing").unlink(missing_ok=True)
    assert said(checkout.run("triage"))["lock"] == "runtime.txt"
    assert checkout.made() == 2
    assert checkout.run("triage")[2] == "", "and it stays"


NO_NETWORK = {
    **dict.fromkeys(("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"), "http://127.0.0.1:9/simple"),
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
    "PIP_RETRIES": "0",
    "UV_HTTP_RETRIES": "0",
}


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_first_run_without_a_network_says_what_it_needs_and_leaves_nothing(checkout, installer, tmp_path):
    """The real installers, which find no index; then one that does, and from then on nobody asks for a network."""
    fake = (checkout.bin / "uv").read_text()
    (checkout.bin / "uv").unlink()
    if installer == "uv":
        (checkout.bin / "uv").symlink_to(Path(sys.executable).parent / "uv")
    (checkout.root / "locks" / "runtime.txt").write_text(f"click==8.1.8 --hash=sha256:{'0' * 64}\n")
    offline = {**NO_NETWORK, "UV_CACHE_DIR": str(tmp_path / "uv"), "PIP_CACHE_DIR": str(tmp_path / "pip")}
    code, output, errors = checkout.run("triage", env=offline)
    assert (code, output) == (1, "")
    assert "The first run on a machine needs a package index; later ones none." in errors
    assert checkout.kept() == []
    (checkout.bin / "uv").unlink(missing_ok=True)
    (checkout.bin / "uv").write_text(fake)
    (checkout.bin / "uv").chmod(0o755)
    said(checkout.run("triage"))
    (checkout.bin / "uv").write_text("#!/bin/sh\necho 'nobody may install' >&2\nexit 1\n")
    assert said(checkout.run("triage", env=offline))["lock"] == "runtime.txt"


def test_the_real_environment_starts_without_a_network():
    """The one in which these tests run: what it needs is there, whatever the network says."""
    given = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **NO_NETWORK}
    for name in ("RUNNER_TOOL_CACHE", "XDG_CACHE_HOME"):
        if name in os.environ:
            given[name] = os.environ[name]
    done = subprocess.run(
        ["sh", str(RUN_SH), "--python", "test"], env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert Path(done.stdout.strip()).parents[1].samefile(sys.prefix)


def test_an_environment_whose_python_is_gone_is_made_anew(checkout):
    where = Path(said(checkout.run("triage"))["prefix"])
    (where / "bin" / "python").unlink()
    assert said(checkout.run("triage"))["lock"] == "runtime.txt"
    assert checkout.made() == 2


def test_a_failed_installation_leaves_nothing_and_the_next_run_tries_again(checkout):
    fail = Path(f"{checkout.notes}.fail")
    fail.touch()
    code, output, errors = checkout.run("triage")
    assert (code, output) == (1, "")
    assert "no matching hash" in errors
    assert "could not install locks/runtime.txt" in errors
    assert checkout.kept() == []
    fail.unlink()
    assert said(checkout.run("triage"))["lock"] == "runtime.txt"


def test_a_run_that_is_stopped_while_it_installs_leaves_nothing(checkout):
    hold = Path(f"{checkout.notes}.hold")
    hold.touch()
    with checkout.start("triage") as process:
        while checkout.made() < 1:
            assert process.poll() is None
        process.terminate()
        hold.unlink()
        process.communicate(timeout=60)
    assert process.returncode != 0
    assert checkout.kept() == []


def test_a_module_in_the_working_folder_is_not_imported(checkout, tmp_path):
    (tmp_path / "locked.py").write_text("LOCK = 'mine'")
    (tmp_path / "json.py").write_text("raise SystemExit('taken over')")
    assert said(checkout.run("triage", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}))["lock"] == "runtime.txt"


def test_bytecode_is_kept_also_where_the_caller_switched_that_off(checkout):
    assert said(checkout.run("triage", env={"PYTHONDONTWRITEBYTECODE": "1"}))["bytecode"]


def compiled(folder):
    """The modules whose bytecode lies somewhere below the folder."""
    return {path.name.partition(".")[0] for path in folder.rglob("*.pyc")}


def test_the_desk_is_compiled_while_its_environment_is_made(checkout):
    package = checkout.root / "actions" / "respondby"
    (package / "sandbox").mkdir()
    for name in ("used_tomorrow.py", "sandbox/used_by_no_job.py"):
        (package / name).write_text("A_NUMBER = 1\n")
    said(checkout.run("triage"))
    assert compiled(package) == {"__main__", "used_tomorrow"}


def test_a_desk_that_cannot_be_compiled_runs_all_the_same(checkout):
    (checkout.root / "actions" / "respondby" / "__pycache__").write_text("no folder\n")
    (checkout.root / "actions" / "respondby" / "broken.py").write_text("no python\n")
    code, output, errors = checkout.run("triage")
    assert (code, json.loads(output)["lock"], errors.count("\n")) == (0, "runtime.txt", 2), errors


def test_a_runner_of_one_s_own_keeps_the_bytecode_of_a_desk_that_is_unpacked_anew(checkout):
    program = checkout.root / "actions" / "respondby"
    (program / "__main__.py").write_text(PROGRAM + "import respondby.part\n")
    (program / "part.py").write_text("")
    for environment, kept in (("github-hosted", set()), ("self-hosted", {"part", "locked"})):
        prefix = Path(said(checkout.run("triage", env={"RUNNER_ENVIRONMENT": environment}))["prefix"])
        assert compiled(prefix / "bytecode") & {"part", "locked"} == kept
    checkout.run("triage", env={"RUNNER_ENVIRONMENT": "self-hosted"})
    assert checkout.made() == 1, "what is kept beside the environment makes it no other one"


def test_the_python_of_a_lock_can_be_asked_for(checkout):
    code, output, _ = checkout.run("--python", "test")
    assert code == 0
    python = Path(output.strip())
    assert subprocess.check_output([python, "-c", "import locked; print(locked.LOCK)"], text=True) == "test.txt\n"


@pytest.mark.parametrize(
    "arguments, env, says",
    [
        (["--python"], {}, "usage"),
        (["--python", "other"], {}, "there is no lock"),
        (["triage"], {"HOME": None}, "set RUNNER_TOOL_CACHE, XDG_CACHE_HOME or HOME"),
    ],
)
def test_wrong_usage_says_what_to_do(checkout, arguments, env, says):
    code, output, errors = checkout.run(*arguments, env=env)
    assert (code, output) == (2, "")
    assert says in errors


def test_without_a_python_that_is_new_enough_it_says_so(checkout):
    (checkout.bin / "python3").unlink()
    (checkout.bin / "python3").write_text("#!/bin/sh\nexit 1\n")
    (checkout.bin / "python3").chmod(0o755)
    code, _, errors = checkout.run("triage")
    assert code == 2
    assert "found no Python 3.11 or newer" in errors


def test_a_cache_that_cannot_be_written_says_so(checkout, tmp_path):
    (tmp_path / "file").touch()
    code, _, errors = checkout.run("triage", env={"XDG_CACHE_HOME": str(tmp_path / "file")})
    assert code == 1
    assert "cannot write to" in errors


def wheel(folder, text):
    """A wheel of one module `locked` in the folder, made by hand, and the line of a lock that asks for it."""
    file = folder / "locked-1-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("locked.py", text)
        archive.writestr("locked-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: locked\nVersion: 1\n")
        archive.writestr("locked-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("locked-1.dist-info/RECORD", "")
    return f"locked==1 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


class QuietFiles(SimpleHTTPRequestHandler):
    """A folder's listings and files, which is what an index is to pip."""

    def log_message(self, format, *args):
        pass


class KeptPackages:
    """A lock with one package, an index over HTTP that has it, and the folder that is kept."""

    def __init__(self, checkout, tmp_path, index):
        self.checkout, self.index, self.kept = checkout, index, tmp_path / "kept"
        self.there = tmp_path / "index" / "locked"
        lock = wheel(self.there, "LOCK = 'from the lock'\n")
        (checkout.root / "locks" / "runtime.txt").write_text(lock)
        # A step of Actions has uv where the image has it; packages that are kept are installed by pip all the same.
        self.offline = {**NO_NETWORK, "PIP_CACHE_DIR": str(tmp_path / "pip"), "RESPONDBY_PACKAGES": str(self.kept)}

    def run(self, *, index=True):
        online = {"PIP_INDEX_URL": self.index, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} if index else {}
        return self.checkout.run("triage", env={**self.offline, **online})

    def outputs(self):
        code, output, errors = self.checkout.run("--packages", "runtime")
        assert code == 0, errors
        return dict(line.split("=") for line in output.splitlines())

    def forget(self):
        shutil.rmtree(self.checkout.home / ".cache")

    def keep(self):
        """Keep what a first run keeps, on a machine that has no environment yet; the file that is kept."""
        shutil.copytree(self.there, self.kept)
        [file] = self.kept.iterdir()
        return file


@pytest.fixture
def packages(checkout, tmp_path):
    (tmp_path / "index").mkdir()
    listing = functools.partial(QuietFiles, directory=tmp_path / "index")
    with ThreadingHTTPServer(("127.0.0.1", 0), listing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield KeptPackages(checkout, tmp_path, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def test_packages_that_were_kept_serve_the_next_machine_when_the_index_is_down(packages):
    assert said(packages.run())["lock"] == "from the lock"
    assert [path.name for path in packages.kept.iterdir()] == ["locked-1-py3-none-any.whl"]
    packages.forget()
    result = packages.run(index=False)
    assert said(result)["lock"] == "from the lock"
    assert "package index" not in result[2]
    assert packages.checkout.made() == 0, "pip installed it, whose hashes are compared"


@pytest.mark.parametrize("kept", ["another package's bytes", "an empty file", "nothing", "half of it"])
def test_what_is_kept_and_does_not_fit_the_lock_is_never_installed(packages, kept):
    file = packages.keep()
    whole = file.read_bytes()
    if kept == "another package's bytes":
        wheel(packages.kept, "raise SystemExit('somebody else decides what runs')\n")
    elif kept == "nothing":
        file.unlink()
    else:
        file.write_bytes(whole[: len(whole) // 2] if kept == "half of it" else b"")
    code, output, errors = packages.run(index=False)
    assert (code, output) == (1, ""), "without the index there is nothing that may be installed"
    assert "are not those of the lock; asking the package index" in errors
    assert not (packages.checkout.home / ".cache" / "respondby").exists() or packages.checkout.kept() == []
    result = packages.run()
    assert said(result)["lock"] == "from the lock"
    assert packages.kept.joinpath(file.name).read_bytes() == whole, "and what fits is kept again"


def test_a_step_learns_whether_packages_are_missing_and_what_they_are_kept_under(packages):
    before = packages.outputs()
    assert before["missing"] == "true"
    assert before["key"].startswith("runtime-3.")
    said(packages.run())
    assert packages.outputs() == {**before, "missing": "false"}
    with (packages.checkout.root / "locks" / "runtime.txt").open("a") as lock:
        lock.write("# one more\n")
    after = packages.outputs()
    assert after["missing"] == "true"
    assert after["key"] != before["key"]
