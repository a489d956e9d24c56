"""`python -m selfeval`."""

from selfeval.cli.app import main

main()
