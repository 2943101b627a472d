"""What a policy wants of repositories: form files, secrets in workflows, dispatched events, other repositories."""
