"""What each exit code means, in words and for `--json`."""

from __future__ import annotations

INTERRUPTED, BROKEN_PIPE, TERMINATED = 130, 141, 143
STATUS = {
    0: "ok",
    1: "error",
    2: "usage",
    3: "input_refused",
    4: "infeasible",
    5: "numerical_trouble",
    6: "time_limit",
    7: "verification_failed",
    8: "different",
    INTERRUPTED: "interrupted",
    TERMINATED: "interrupted",
}
EXIT_CODES = """\
exit codes:
  0  done; for `run`: optimal and verified     6  time limit: a plan with its gap, if one was found
  1  internal error, or cannot write           7  verification failed
  2  usage                                     8  `compare` found differences
  3  input refused                           130  interrupted (Ctrl-C): a whole result folder or none
  4  infeasible                              143  the same, by SIGTERM
  5  unbounded, or numerical trouble
"""
