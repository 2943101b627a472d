"""What was promised: the model, its loader with line numbers, the checks of sense, forms made from it.

Floors, the upper ones first; each uses only those below it. Import from the file that holds the thing.

    checks        table: check(text, Surroundings(now, workflows, forms)) says what stops a policy from loading, else
                  what makes no sense; one rule is one function and one line in its family's file
    loading       loader: load(text, path=, files=, commit=) -> Policy or PolicyError; named_files(text): what it
                  names; examine(text, …) -> Examination, which also knows what it refers to and where everything stands
    people        holders: holders(policy, role, at, state) who holds a role now; can_hold(…) at all, rule 13
    repository    forms: issue_form(policy, form), form_files(policy); the secrets that workflows must pass
    model         policy, clocks, conditions, requests, duties: the frozen policy
    text          yaml_text: read(text, path=) -> Node, YAML whose scalars stay what was written; problems: Problem,
                  PolicyError, worst_first, readable (at most twenty), suggestion (the nearest valid name);
                  shape: shape_problems(root, schema), what a JSON Schema of the project refuses, with places

A text becomes a policy in three steps: `text.yaml_text` makes nodes that know their places, `text.cursor` walks them
and collects what is wrong, and the `loading.parse_*` files say what each section means. Names are judged last, by
`loading.references`.
"""
