"""GitHub's GraphQL API: a subset of its schema, with its errors and limits."""
