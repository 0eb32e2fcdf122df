"""The `legato` command: typer verbs over the Python API.

Verbs import what they need when they run, so that `legato --help` answers at once.
"""

from legato.cli.app import main

__all__ = ["main"]
