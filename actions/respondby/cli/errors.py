"""Every error that ends a command, with its exit code. The error's own text says what to do next.

An error that is not listed is a fault of ours: it ends the run with a traceback and exit code 1.
"""

# By name, so that a command which cannot meet an error does not import the room that raises it.
EXIT_CODES = {
    "respondby.runner.environment.EnvironmentProblem": 2,
    "respondby.runner.event.EventProblem": 2,
    "respondby.runner.results.CannotHandOn": 1,
    "respondby.calendars.errors.TimeError": 2,
    "respondby.policy.text.problems.PolicyError": 2,
    "respondby.cli.base_policy.NoSuchCommit": 2,
    "respondby.cli.init.NotStarted": 1,
    "respondby.cli.swap.Refused": 1,
    "respondby.jobs.inputs.policy_in_force.NoPolicy": 2,
    "respondby.reports.status_page.NotPublished": 2,
    "respondby.reports.status_page.NamesPrivate": 2,
    "respondby.forge.errors.WrongPace": 2,
    "respondby.jobs.page_tests.NoRecipient": 2,
    "respondby.forge.errors.ForgeError": 1,
    "respondby.desk.ledger.LedgerError": 1,
}


def exit_code(error: BaseException) -> int | None:
    """The exit code of that error, or of the kind of error that it is one of; None where it is a fault of ours."""
    names = (f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__)
    return next((EXIT_CODES[name] for name in names if name in EXIT_CODES), None)
