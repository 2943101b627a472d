"""Rows of the database in the shapes that GitHub's REST API and webhooks send."""
