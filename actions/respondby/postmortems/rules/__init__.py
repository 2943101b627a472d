"""What a post-mortem is looked at for: one rule a file, each with what it flags and what it leaves alone.

A file here that holds a `RULE` is a rule: nothing else names it. `docs/postmortem-rules.md` has its row, which
`respondby postmortem rules` writes.
"""
