"""The few types that every module of this room shares."""

from __future__ import annotations

import sqlite3
from typing import Any

Json = dict[str, Any]
"""A JSON object, as it will be sent."""

Row = sqlite3.Row
"""One row of the database; columns are named in `tables.sql`."""
