"""`respondby postmortem`: the commands about post-mortems, one file each."""
