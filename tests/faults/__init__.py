"""Campaigns: every scenario that exists, played while things go wrong, must end as it does when nothing does."""
