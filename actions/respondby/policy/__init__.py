"""What was promised: the model, its loader with line numbers, the checks of sense, forms made from it.

Import from the file that holds the thing:

    model, clocks, conditions, requests, duties   the frozen policy
    loader        load(text, path=, files=, commit=) -> Policy or PolicyError; named_files(text): what to hand in;
                  examine(text, …) -> Reading, which also knows what was referred to and where everything stands
    problems      Problem, PolicyError, worst_first, readable (at most twenty), suggestion (the nearest valid name)
    holders       holders(policy, role, at, state) who holds a role now; can_hold(policy, role, person, …) rule 13
    checks        check(text, Surroundings(now, workflows, forms)): what stops a policy from loading, else what makes
                  no sense; one rule is one function and one line in its family's file (check_*.py)
    forms         issue_form(policy, form), form_files(policy): GitHub issue forms
    shape         shape_problems(root, schema): what a JSON Schema of the project refuses, with places
    yaml_text     read(text, path=) -> Node: YAML whose scalars stay what was written

A text becomes a policy in three steps: `yaml_text` makes nodes that know their places, `cursor` walks them and collects
what is wrong, and the `parse_*` files say what each section means. Names are judged last, by `references`.
"""
