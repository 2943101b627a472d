"""Which data of the world's clocks and holidays decide when promises are due: what `doctor` and `--version` name."""

from importlib.metadata import PackageNotFoundError, version

from respondby.calendars.zones import IANA_VERSION


def time_data() -> str:
    """`time zones IANA 2026f, public holidays 0.109`: the zone database, and the library that knows holidays."""
    try:
        holidays = version("holidays")
    except PackageNotFoundError:  # unpacked without its metadata
        holidays = "of an unknown version"
    return f"time zones IANA {IANA_VERSION}, public holidays {holidays}"
