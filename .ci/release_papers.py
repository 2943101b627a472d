"""What accompanies a release: `release_papers.py SOURCE COMMIT FOLDER` writes sbom.json and notes.md into the folder.

The bill of materials is CycloneDX 1.5: the wheel with everything that its locked environment holds. The notes are the
changelog's part of this version, and how a workflow names the actions of this commit.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def version_of(source: Path) -> str:
    """The version in the package."""
    found = re.search(r'^__version__ = "([^"]+)"', (source / "actions/respondby/__init__.py").read_text(), re.MULTILINE)
    assert found is not None, "the package names its version"
    return found[1]


def bill(source: Path, commit: str) -> dict[str, object]:
    """The bill of materials of the wheel with the packages of locks/sandbox.txt, which is all that it can run with."""
    version = version_of(source)
    pins = sorted(set(PIN.findall((source / "locks/sandbox.txt").read_text())))
    purls = [f"pkg:pypi/{name}@{pin}" for name, pin in pins]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "respondby",
                "name": "respondby",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
                "properties": [{"name": "respondby:commit", "value": commit}],
            }
        },
        "components": [
            {"type": "library", "bom-ref": purl, "name": name, "version": pin, "purl": purl}
            for (name, pin), purl in zip(pins, purls, strict=True)
        ],
        "dependencies": [{"ref": "respondby", "dependsOn": purls}],
    }


def notes(source: Path, commit: str) -> str:
    """The release's text. SystemExit where the changelog says nothing of this version."""
    version = version_of(source)
    heads = version if re.fullmatch(r"[\d.]+", version) else "Unreleased"
    part = rf"^## {re.escape(heads)}\b[^\n]*\n(.*?)(?=^## |\Z)"
    changes = re.search(part, (source / "CHANGELOG.md").read_text(), re.MULTILINE | re.DOTALL)
    if changes is None:
        raise SystemExit(f"CHANGELOG.md has no part “{heads}”")
    return f"""\
Workflows name the actions of this release by its commit, which no tag can move:

    uses: OWNER/respondby/actions/triage@{commit} # v{version}

Upgrade notes: docs/upgrading.md. Who built this, and from what: `gh attestation verify FILE --repo OWNER/respondby`.

{changes[1].strip()}
"""


if __name__ == "__main__":
    source, commit, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    (folder / "sbom.json").write_text(json.dumps(bill(source, commit), indent=2) + "\n")
    (folder / "notes.md").write_text(notes(source, commit))
