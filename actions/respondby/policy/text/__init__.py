"""A file's text: YAML nodes that know their places, a cursor over them, and one shape for whatever is wrong."""
