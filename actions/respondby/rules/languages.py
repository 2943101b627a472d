"""In which language the desk speaks to somebody: the customer's to customers, its own to everybody else.

The card speaks its customer's language, a reply the speaker's, a call the called one's. A comment that calls several
people speaks their language where they share one, else the desk's.
"""

from __future__ import annotations

from collections.abc import Iterable

from respondby.desk.state import customer_of
from respondby.policy.model.policy import Policy


def language_of(policy: Policy, login: str, repository: str) -> str | None:
    """The language of the customer whom this person belongs to; None, the desk's own, for staff and strangers.

    People of the desk stay its people in a customer's repository.
    """
    customer = customer_of(policy, login, "")
    if customer is None and login.lower() not in (name.lower() for name in policy.people):
        customer = customer_of(policy, login, repository)
    return customer.language if customer is not None else None


def shared_language(policy: Policy, logins: Iterable[str], repository: str) -> str | None:
    """The language of all of them, None where they have different ones."""
    languages = {language_of(policy, login, repository) for login in logins}
    return languages.pop() if len(languages) == 1 else None
