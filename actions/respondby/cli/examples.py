"""An example or two of each command, shown with its help and in docs/commands.md.

What stands in a command's own text as a block of examples is not repeated here. A test parses every one of them.
"""

from __future__ import annotations

from textwrap import wrap

from respondby.terminal import width

#: By the command's name below `respondby`: (what to type, what it is for).
EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "alerts": (
        ("respondby alerts --list", "the systems whose alerts are read"),
        ("respondby alerts --source alertmanager payload.json", "what a payload says"),
    ),
    "check": (
        ("respondby check", "this repository's desk"),
        ("respondby check docs/processes", "every policy and scenario below a folder"),
        ("respondby check --json", "for a program"),
    ),
    "comment": (("respondby comment --dry-run", "in a job: what the comment would cause"),),
    "completion": (
        ("respondby completion bash > ~/.local/share/bash-completion/completions/respondby", "bash"),
        ("respondby completion zsh > ~/.zfunc/_respondby", "zsh, with ~/.zfunc in fpath"),
        ("respondby completion fish > ~/.config/fish/completions/respondby.fish", "fish"),
    ),
    "cost": (("respondby cost --requests 200", "what a month costs in a private repository"),),
    "doctor": (
        ("respondby doctor", "with GITHUB_REPOSITORY and GITHUB_TOKEN set"),
        ("respondby doctor --json", "for a program"),
    ),
    "duty": (("respondby duty", "what recurs, and what is open of it"),),
    "enforce": (
        ("respondby enforce --dry-run", "what a sweep would do now"),
        ("respondby enforce --issue 7 --dry-run", "for one issue"),
    ),
    "explain": (
        ("respondby explain 7", "why issue 7 is due when it is"),
        ("respondby explain 7 --markdown", "to paste into a comment"),
    ),
    "fleet": (
        ("respondby fleet check", "the fleet of .github/fleet.yml"),
        ("respondby fleet sweep --dry-run", "what its first part would do"),
    ),
    "fleet check": (("respondby fleet check --repository acme/web", "its whole policy, key by key"),),
    "fleet last-run": (("respondby fleet last-run", "in a job: as `run=ID`, for GITHUB_OUTPUT"),),
    "fleet plan": (("respondby fleet plan --matrix", "for `fromJSON` in a workflow"),),
    "fleet oncall": (("respondby fleet oncall --person ann", "where Ann is on call now"),),
    "fleet report": (("respondby fleet report --month 2026-10", "a table in markdown"),),
    "fleet sync": (
        ("respondby fleet sync", "what each repository lacks"),
        ("respondby fleet sync --apply", "pull requests and labels"),
    ),
    "fleet sweep": (("respondby fleet sweep --shard 2 --state fleet", "the second part, by hand"),),
    "impact": (
        ("respondby impact", "what your edits would have changed in 90 days"),
        ("respondby impact --base main --days 30 --json", "for a program"),
    ),
    "page": (
        ("respondby page --test ann", "does a call reach Ann by every channel?"),
        ("respondby page --test ann --via pager", "by this one"),
    ),
    "parse": (("respondby parse --form .github/ISSUE_TEMPLATE/problem.yml body.md", "the answers in a body"),),
    "postmortem": (("respondby postmortem --dry-run", "in a job: which drafts would be proposed"),),
    "postmortem check": (
        ("respondby postmortem check", "those of docs/incidents"),
        ("respondby postmortem check --fix report.md", "one, mended where that is safe"),
    ),
    "postmortem draft": (("respondby postmortem draft 7", "as far as the facts of issue 7 go"),),
    "postmortem follow-up": (("respondby postmortem follow-up", "the action items that are open"),),
    "postmortem index": (("respondby postmortem index --print", "the list, without writing it"),),
    "postmortem rules": (("respondby postmortem rules", "what is checked"),),
    "queue": (
        ("respondby queue", "what to answer next"),
        ("respondby queue --person ann", "what is ann's"),
        ("respondby queue --watch --every 30s", "kept in sight, in a terminal"),
        ("respondby queue --unassigned --product shop", "what nobody has taken of one product"),
    ),
    "promises": (
        ("respondby promises", "the table of this repository's desk"),
        ("respondby promises --write docs/processes/README.md docs/processes", "into a page"),
    ),
    "receive": (("respondby receive --dry-run", "in a job: what the dispatched event would cause"),),
    "rehearse": (
        ("respondby rehearse", "a day at a desk, to watch"),
        ("respondby rehearse .github/scenarios", "your own stories"),
        ("respondby rehearse my-story.yml --keep runs", "with what every run said and wrote"),
    ),
    "publish": (
        ("respondby publish _site", "the status page that the policy's `publish` names"),
        ("respondby publish _site --json", "and what was left out of it, for a program"),
    ),
    "related": (("respondby related 7", "was there something like issue 7?"),),
    "report": (
        ("respondby report", "last month, in markdown"),
        ("respondby report --month 2026-11 --as csv", "figures for a spreadsheet"),
    ),
    "sandbox": (
        ("respondby sandbox", "a forge on port 8080, whose clock runs"),
        ("respondby sandbox --port 0 --now 2026-01-05T09:00Z", "whose clock stands still"),
    ),
    "sync": (
        ("respondby sync --forms --workflows", "write what follows from the policy"),
        ("respondby sync --labels --apply", "create and update the repository's labels"),
        ("respondby sync --forms --check", "in CI: is anything out of step?"),
    ),
    "watch": (
        ("respondby watch --repo acme/support", "on a host of yours, with GITHUB_TOKEN set"),
        ("respondby watch --for 5h --json", "in a job"),
    ),
    "triage": (("respondby triage --dry-run", "in a job: what the issue's event would cause"),),
}


def epilog(name: str) -> str | None:
    """The examples as click prints them below a command's options; None where there are none here."""
    found = EXAMPLES.get(name)
    if found is None:
        return None
    wide = width() - 2  # click indents all of it
    column = min(max(len(line) for line, _ in found), 40)
    rows = []
    for line, what in found:
        if len(line) <= column and 2 + column + 2 + len(what) <= wide:
            rows.append(f"  {line:<{column}}  {what}")
        else:
            rows += [f"  {line}", *wrap(what, wide, initial_indent=" " * 4, subsequent_indent=" " * 4)]
    return "\b\nExamples:\n" + "\n".join(rows)
