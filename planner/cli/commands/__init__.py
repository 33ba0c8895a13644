"""The commands, in the order of the help."""

from __future__ import annotations

from planner.cli.commands.backtest import BACKTEST
from planner.cli.commands.command_line import COMPLETION, HELP
from planner.cli.commands.finished import ANSWER, COMPARE, EXPORT, GROUPS, REPORT, VERIFY
from planner.cli.commands.near_optimal import ALTERNATIVES, RANGES, SENSITIVITY
from planner.cli.commands.plans import CHECK, MAP, NEW, ROLL, SCHEMA
from planner.cli.commands.run import REFRESH, RUN
from planner.cli.commands.shared import Command
from planner.cli.commands.studies import CROSSOVER, EXPLAIN, ORBIT, OVERTURN, SWEEP

COMMANDS: dict[str, Command] = {
    "new": NEW,
    "check": CHECK,
    "map": MAP,
    "run": RUN,
    "roll": ROLL,
    "backtest": BACKTEST,
    "report": REPORT,
    "refresh": REFRESH,
    "export": EXPORT,
    "verify": VERIFY,
    "answer": ANSWER,
    "explain": EXPLAIN,
    "overturn": OVERTURN,
    "ranges": RANGES,
    "alternatives": ALTERNATIVES,
    "compare": COMPARE,
    "groups": GROUPS,
    "crossover": CROSSOVER,
    "sweep": SWEEP,
    "sensitivity": SENSITIVITY,
    "orbit": ORBIT,
    "schema": SCHEMA,
    "completion": COMPLETION,
    "help": HELP,
}
