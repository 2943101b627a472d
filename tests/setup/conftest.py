"""One sandbox for all tests of this folder, as those of `jobs` have it; each test makes its own repository in it."""

from tests.jobs.conftest import repository, sandbox

__all__ = ["repository", "sandbox"]
