"""A GitHub Actions job's own surface: its environment, event file, outputs, step summary, annotations and log.

Nothing here knows of cases or promises, and nothing here talks to GitHub's API.
"""
