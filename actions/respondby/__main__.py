"""`python -m respondby`: what `actions/run.sh` starts."""

from respondby.cli.main import main

if __name__ == "__main__":
    main(prog_name="respondby")
