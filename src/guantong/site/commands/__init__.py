"""One file per command: a docstring that is its help, `options(parser)` and `run(options)`."""
