"""A GitHub-compatible forge on this machine: REST, GraphQL, web pages, SQLite and a clock that can be moved.

It knows nothing of the desk, as GitHub doesn't. Real clients run against it unchanged, and everything that
is not GitHub's own (people, tokens, the clock, faults, what would have been delivered) is under `/_sandbox/`.
"""
