"""What a run starts from: the policy that holds, teams, other cases, answers at pagers, how late it is."""
