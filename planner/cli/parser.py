"""The parser of the command line: argparse with errors like every other, and one way to declare a command."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from planner.cli.commands import COMMANDS
from planner.cli.exit_codes import EXIT_CODES
from planner.errors import UsageError


class Parser(argparse.ArgumentParser):
    """argparse, but what it refuses is a UsageError like every other, with the nearest valid name."""

    def error(self, message: str) -> NoReturn:
        if message.endswith("required: COMMAND"):
            raise UsageError(f"{message}\n{self.format_help().strip()}")
        raise UsageError(f"{message}{self._nearest(message)}\n{self.format_usage().strip()}")

    def _nearest(self, message: str) -> str:
        import difflib
        import re

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


def make_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="planner",
        description="Plans where accelerators stand and what feeds them, month by month, on Earth and in orbit.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, command in COMMANDS.items():
        each = commands.add_parser(
            name,
            help=command.WORDS,
            description=command.WORDS[0].upper() + command.WORDS[1:] + ".",
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.declare(each)
        each.add_argument("--json", action="store_true", help="one machine-readable object on stdout, also for errors")
        each.add_argument("--quiet", action="store_true", help=command.QUIET)
        each.add_argument("--verbose", action="store_true", help="keep every phase on the screen; trace internal errors")
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"planner {version('compute-planner')}")
        except PackageNotFoundError:
            print("planner (not installed)")
        parser.exit()
