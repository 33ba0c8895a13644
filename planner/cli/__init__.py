"""The command line: parse, call, print, exit code. It computes no number.

Results go to stdout, everything else to stderr. Nothing heavy is imported before it is needed: `--help` answers at once.
"""

from __future__ import annotations

import sys

try:  # Ctrl-C while this is read ends it without a word, as everywhere before the first file is opened
    from planner.cli.commands import COMMANDS
    from planner.cli.entry import main, run_and_exit
    from planner.cli.parser import make_parser
except KeyboardInterrupt:
    sys.exit(130)

__all__ = ["COMMANDS", "main", "make_parser", "run_and_exit"]
