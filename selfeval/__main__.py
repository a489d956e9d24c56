"""`python -m selfeval`."""

from selfeval.cli import main

main()
