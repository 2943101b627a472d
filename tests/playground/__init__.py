"""The desk that one plays in a browser."""

from pathlib import Path

FOLDER = Path(__file__).parent
