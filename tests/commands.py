"""What tests of the command line share."""

from collections.abc import Callable

Run = Callable[..., tuple[int, str, str]]
"""`run(ARGUMENT, ...)` runs `legato ARGUMENT ...`: exit code, stdout, stderr."""
