"""`python -m respondby`: what `actions/run.sh` starts."""

import gc

# A command makes many objects, throws few of them away and ends soon: looking for circles among them every few hundred
# objects is a fifth of a short run's time. One case's run comes to some 110,000; only sweeps and reports make more.
gc.set_threshold(200_000, 50, 50)

if __name__ == "__main__":
    try:
        from respondby.cli.main import main

        main(prog_name="respondby")
    except KeyboardInterrupt:  # before there was a command
        raise SystemExit(130) from None
    finally:
        gc.freeze()  # else the interpreter looks through all of them twice more before it ends
