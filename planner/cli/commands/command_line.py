"""`planner help` and `completion`: the command line itself."""

from __future__ import annotations

import argparse

import planner
from planner.cli.answers import Answer
from planner.cli.commands.shared import Command
from planner.cli.completion import SHELLS, commands_of, script
from planner.errors import UsageError
from planner.progress import Progress


def _declare_help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", metavar="COMMAND", nargs="?", help="the command to explain; without it all are listed")


def _help(args: argparse.Namespace, progress: Progress) -> Answer:
    known = commands_of(args.whole)
    if args.topic is not None and args.topic not in known:
        raise UsageError(f"{args.topic} is no command; `planner help` lists all")
    asked = args.whole if args.topic is None else known[args.topic]
    lines = asked.format_help().rstrip().splitlines()
    return Answer({"topic": args.topic, "lines": lines}, lines, quiet=lines)


def _declare_completion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"one of {', '.join(SHELLS)}")


def _completion(args: argparse.Namespace, progress: Progress) -> Answer:
    """The script, with the shipped plans, the keys of a plan and the codes that it completes."""
    text = script(args.shell, args.whole, planner.completions())
    return Answer({"shell": args.shell, "script": text}, text.splitlines(), quiet=text.splitlines())


HELP = Command(
    "explain a command, or list all",
    "no effect: the help is all that is printed",
    _declare_help,
    _help,
    ("planner help sweep", "what `planner sweep` does and takes, as `planner sweep --help` says"),
)
COMPLETION = Command(
    "print a script with which bash, zsh or fish completes commands, options, plans and keys",
    "no effect: the script is all that is printed",
    _declare_completion,
    _completion,
    (
        "planner completion bash > ~/.local/share/bash-completion/completions/planner",
        "bash completes from the next shell on; zsh wants it as _planner in $fpath, fish in ~/.config/fish/completions",
    ),
)
