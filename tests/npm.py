"""npm packages that tests run: installed once on a machine for each lock, as Python's are (see `actions/run.sh`)."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def packages(lock: Path) -> Path:
    """The `node_modules` of that `package-lock.json`, whose package.json lies beside it.

    Where npm is missing the test is skipped, unless RESPONDBY_REQUIRE_NPM is 1, as in `.ci/run`.
    """
    if not (shutil.which("npm") and shutil.which("node")):
        assert os.environ.get("RESPONDBY_REQUIRE_NPM") != "1", "npm and node are needed here, and are not installed"
        pytest.skip("npm is not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "respondby"
    version = subprocess.run(["node", "--version"], check=True, capture_output=True).stdout
    shelf = cache / f"npm-{hashlib.sha256(lock.read_bytes() + version).hexdigest()[:16]}"
    if not shelf.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        built = Path(tempfile.mkdtemp(prefix=f"{shelf.name}.", dir=cache))
        for name in ("package.json", "package-lock.json"):
            shutil.copy(lock.with_name(name), built)
        install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(install, cwd=built, check=True, capture_output=True, text=True)
        try:
            built.rename(shelf)
        except OSError:  # another process was first: its packages serve us too
            shutil.rmtree(built)
            assert shelf.is_dir()
    return shelf / "node_modules"
