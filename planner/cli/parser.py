"""The parser of the command line: argparse with errors like every other."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import Any, NoReturn

from planner.cli.answers import EXIT_CODES
from planner.cli.commands import COMMANDS
from planner.cli.commands.shared import installed_version
from planner.errors import UsageError


class Parser(argparse.ArgumentParser):
    """argparse, except that what it refuses is a UsageError with the nearest valid name."""

    def error(self, message: str) -> NoReturn:
        if message.endswith("required: COMMAND"):
            raise UsageError(f"{message}\n{self.format_help().strip()}")
        raise UsageError(f"{message}{self._nearest(message)}\n{self.format_usage().strip()}")

    def _nearest(self, message: str) -> str:
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        wrong = found.group(1) if found else message.removeprefix("unrecognized arguments: ").split(" ")[0]
        if not found and not wrong.startswith("-"):
            return ""
        options = (option for action in self._actions for option in action.option_strings if option.startswith("--"))
        known = {name.removeprefix("--"): name for name in (COMMANDS if found else options)}
        near = difflib.get_close_matches(wrong.strip("-").split("=")[0], known, n=1)
        return f"; did you mean {known[near[0]]}?" if near else ""


class CommandParser(Parser):
    """Refuses by itself what it does not know: its usage is the one to show, its options the ones to suggest."""

    def parse_known_args(self, *words: Any, **names: Any) -> Any:
        known, rest = super().parse_known_args(*words, **names)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return known, rest


class Layout(argparse.RawDescriptionHelpFormatter):
    """Help whose first column has room for the longest name of a command: argparse does not count the indent of these names."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if action.nargs == argparse.PARSER:
            self._action_max_length += self._indent_increment


def make_parser() -> Parser:
    """The parser of the whole command line."""
    layout: dict[str, Any] = {
        "formatter_class": Layout,
        "allow_abbrev": False,
    }
    words = "Plans where accelerators are installed and what powers them, month by month, on Earth and in orbit."
    parser = Parser(prog="planner", description=words, epilog=EXIT_CODES, **layout)
    parser.add_argument("-V", "--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, command in COMMANDS.items():
        description = f"{command.words[:1].upper()}{command.words[1:]}."
        line, meaning = command.example
        epilog = f"example: {meaning}\n  {line}\n\n{EXIT_CODES}"
        each = commands.add_parser(name, help=command.words, description=description, epilog=epilog, **layout)
        command.declare(each)
        each.add_argument("-j", "--json", action="store_true", help="print one machine-readable object, also for errors")
        each.add_argument("-q", "--quiet", action="store_true", help=command.quiet)
        each.add_argument("-v", "--verbose", action="store_true", help="keep every phase on the screen; trace internal errors")
    parser.set_defaults(whole=parser)  # for the commands that speak of the command line itself
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(f"planner {installed_version()}")
        parser.exit()
