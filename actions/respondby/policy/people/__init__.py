"""Who holds a role, and when: for one case, by the time of day alone, and over weeks."""
