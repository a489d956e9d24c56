"""The commands: one module each, named as the user types it; only they print and exit.

Arguments enter; text on the terminal and an exit code leave. `app` joins the commands, `terminal` shows findings and
progress, `typer_zh` makes the help Chinese.
"""

from selfeval.cli.app import main

__all__ = ["main"]
