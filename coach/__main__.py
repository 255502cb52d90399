"""Lets `python -m coach` stand for the command `coach`.

It leaves out everything but that.
"""

import sys

from coach.cli import main

if __name__ == "__main__":
    sys.exit(main())
