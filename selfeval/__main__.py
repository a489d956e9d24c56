"""`python -m selfeval`."""

import os
import sys

# Python looks for modules in the working folder first: a user's html.py or csv.py there is none of ours.
if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:  # noqa: PTH109 - pathlib is not loaded yet
    del sys.path[0]

from selfeval.cli.app import main

main()
