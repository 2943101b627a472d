"""GitHub's REST API, for API version 2026-03-10."""
