"""respondby: a support desk on GitHub that keeps its promises."""

__version__ = "0.1.0.dev0"
