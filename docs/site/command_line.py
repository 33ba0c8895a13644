"""The page of every command and option, from the parser of the command line."""

from __future__ import annotations

import argparse

from docs.site.layout import code, page as page_of, table, text
from planner.cli import COMMANDS, make_parser
from planner.cli.answers import EXIT_CODES
from planner.cli.completion import commands_of

COMMON = ("help", "json", "quiet", "verbose")


def page() -> str:
    """Each command with its use, an example, its arguments and its options; what all have in common once."""
    parsers = commands_of(make_parser())
    shared = [action for action in parsers["run"]._actions if action.dest in COMMON and action.dest != "quiet"]
    return page_of(
        "Every command",
        "Made from the parser of the command line: what `planner help COMMAND` prints. "
        "[Commands](../commands.md) says what each is for.",
        table(("command", "does"), ((f"[`{name}`](#planner-{name})", text(each.words)) for name, each in COMMANDS.items())),
        "## Options of every command",
        table(("option", "meaning"), map(_row, shared)),
        "`planner --version` (`-V`) prints the version.",
        "## Exit codes",
        f"```text\n{EXIT_CODES}```",
        *(_command(name, parser) for name, parser in parsers.items()),
    )


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    example, meaning = COMMANDS[name].example
    own = [action for action in parser._actions if action.dest not in COMMON]
    quiet = [action for action in parser._actions if action.dest == "quiet"]
    return "\n\n".join(
        [
            f"## planner {name}",
            text(str(parser.description)),
            f"Example, {text(meaning)}:",
            f"```sh\n{example}\n```",
            table(("argument or option", "meaning"), map(_row, [*own, *quiet])),
        ]
    )


def _row(action: argparse.Action) -> tuple[str, str]:
    value = action.metavar or "|".join(map(str, action.choices or ()))
    names = [f"{name} {value}".strip() if action.nargs != 0 else name for name in action.option_strings] or [str(value)]
    help_text = (action.help or "").replace("%%", "%")
    choices = ", ".join(map(str, action.choices or ())) if action.metavar else ""
    return ", ".join(map(code, names)), text(help_text + (f"; one of {choices}" if choices else ""))
