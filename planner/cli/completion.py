"""Scripts with which a shell completes the command line, made from its parser: they start no program while one types.

The METAVAR of an option or argument says what may stand there: a PLAN is a shipped name or a file, a RUN a folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

SHELLS = ("bash", "zsh", "fish")
FOLDERS = ("RUN", "A", "B", "BASE", "DIR")
PLANS = ("yaml", "yml", "xlsx")

Words = Mapping[str, Sequence[str]]
"""The words that may follow, by METAVAR: the shipped plans for PLAN, keys for KEY=VALUE, codes for CODE."""


@dataclass(frozen=True)
class Value:
    """What may stand in one place: words, folders, files with some endings. ``open_ended``: a word is not the end (`KEY=`)."""

    words: tuple[str, ...] = ()
    folders: bool = False
    endings: tuple[str, ...] = ()
    open_ended: bool = False


@dataclass(frozen=True)
class Option:
    """An option with its help in one line and what follows it, if anything does."""

    names: tuple[str, ...]
    help: str
    value: Value | None


@dataclass(frozen=True)
class Parsed:
    """One command as the shells need it."""

    name: str
    help: str
    options: tuple[Option, ...]
    places: tuple[Value, ...]


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each command, in the order of the help."""
    return next(dict(action.choices) for action in parser._actions if isinstance(action.choices, dict))


def script(shell: str, parser: argparse.ArgumentParser, words: Words) -> str:
    """The script of one of SHELLS."""
    known = commands_of(parser)
    texts = {each.dest: each.help or "" for action in parser._actions for each in getattr(action, "_choices_actions", ())}
    names = {**words, "COMMAND": list(known)}
    commands = [_parsed(name, texts.get(name, ""), each, names) for name, each in known.items()]
    write: dict[str, Callable[[list[Parsed]], Iterator[str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    return "\n".join(write[shell](commands)) + "\n"


def _parsed(name: str, text: str, parser: argparse.ArgumentParser, words: Words) -> Parsed:
    options, places = [], []
    for action in parser._actions:
        value = _value(action, words)
        if action.option_strings:
            takes = value if action.nargs != 0 else None
            options.append(Option(tuple(action.option_strings), _line(action.help), takes))
        else:
            places.append(value)
    return Parsed(name, text, tuple(options), tuple(places))


def _value(action: argparse.Action, words: Words) -> Value:
    metavar = str(action.metavar or "")
    if action.choices is not None:
        return Value(tuple(map(str, action.choices)))
    if metavar == "PLAN":
        return Value(tuple(words["PLAN"]), endings=PLANS)
    if metavar in FOLDERS:
        return Value(folders=True)
    if "." in metavar:
        return Value(endings=(metavar.rpartition(".")[2],))
    if metavar.startswith("KEY=") and action.dest != "why":
        return Value(tuple(words["KEY=VALUE"]), open_ended=True)
    return Value(tuple(words.get(metavar, metavar.split("|") if "|" in metavar else ())))


def _line(text: str | None) -> str:
    """The first clause of a help text, without what a shell would take for its own."""
    clause = (text or "").replace("%%", "%").partition(";")[0].partition(". ")[0].partition(": ")[0]
    return "".join(letter for letter in clause if letter not in "'\"`[]$\\:")


def _bash(commands: list[Parsed]) -> Iterator[str]:
    yield "# completion of planner for bash"
    yield "_planner() {"
    yield "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' word"
    yield "    [[ $cur == '=' ]] && cur='' && prev=''"
    yield '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield f"        case $word in {'|'.join(each.name for each in commands)}) command=$word; break;; esac"
    yield "    done"
    yield "    _planner_files() {"
    yield "        local ending IFS=$'\\n'"
    yield "        compopt -o filenames 2>/dev/null"
    yield '        COMPREPLY+=($(compgen -d -- "$cur"))'
    yield '        for ending in "$@"; do COMPREPLY+=($(compgen -f -X "!*.$ending" -- "$cur")); done'
    yield "    }"
    yield "    COMPREPLY=()"
    yield "    case $command:$prev in"
    for each in commands:
        for option in each.options:
            if option.value is not None:
                cases = "|".join(f"{each.name}:{name}" for name in option.names)
                yield f"        {cases}) {_bash_value(option.value)}; return;;"
    yield "    esac"
    yield "    case $command:$cur in"
    for each in commands:
        names = [name for option in each.options for name in option.names]
        yield f"        {each.name}:-*) {_bash_words(names)}; return;;"
    yield "    esac"
    yield "    case $command in"
    yield f"        '') {_bash_words([*(each.name for each in commands), '--help', '--version'])};;"
    for each in commands:
        yield f"        {each.name}) {'; '.join(dict.fromkeys(map(_bash_value, each.places))) or ':'};;"
    yield "    esac"
    yield "}"
    yield "complete -F _planner planner"


def _bash_words(words: Sequence[str]) -> str:
    return f"COMPREPLY+=($(compgen -W '{' '.join(words)}' -- \"$cur\"))" if words else ":"


def _bash_value(value: Value) -> str:
    parts = [_bash_words([f"{word}=" if value.open_ended else word for word in value.words])] if value.words else []
    parts += ["compopt -o nospace 2>/dev/null"] if value.open_ended else []
    if value.folders or value.endings:
        parts.append(" ".join(["_planner_files", *value.endings]))
    return "; ".join(parts) or ":"


def _zsh(commands: list[Parsed]) -> Iterator[str]:
    yield "#compdef planner"
    yield "_planner() {"
    yield "    local -a commands"
    yield "    commands=("
    yield from (f"        '{each.name}:{_line(each.help)}'" for each in commands)
    yield "    )"
    yield "    if (( CURRENT == 2 )); then"
    yield "        _describe -t commands command commands"
    yield "        [[ $PREFIX == -* ]] && compadd -- --help --version"
    yield "        return"
    yield "    fi"
    yield "    local command=$words[2]"
    yield "    shift words; (( CURRENT-- ))"
    yield "    case $command in"
    for each in commands:
        specs = [spec for option in each.options for spec in _zsh_option(option)]
        specs += [f"'{'*' if place is each.places[-1] else ''}:value:{_zsh_value(place)}'" for place in each.places]
        yield f"        {each.name}) _arguments {' '.join(specs)};;"
    yield "    esac"
    yield "}"
    yield 'if [[ "$funcstack[1]" == _planner ]]; then _planner "$@"; else compdef _planner planner; fi'


def _zsh_option(option: Option) -> Iterator[str]:
    for name in option.names:
        takes = "" if option.value is None else f":value:{_zsh_value(option.value)}"
        yield f"'*{name}[{option.help}]{takes}'"


def _zsh_value(value: Value) -> str:
    files = f'_files -g "*.({"|".join(value.endings)})(-.)"' if value.endings else "_files -/" if value.folders else ""
    words = " ".join(value.words)
    if value.open_ended:
        return f"{{compadd -S = -- {words}}}"
    if files and words:
        return f"{{compadd -- {words}; {files}}}"
    return files or (f"({words})" if words else " ")


def _fish(commands: list[Parsed]) -> Iterator[str]:
    yield "# completion of planner for fish"
    yield "complete -c planner -f"
    none = "not __fish_seen_subcommand_from " + " ".join(each.name for each in commands)
    for each in commands:
        yield f"complete -c planner -n '{none}' -a {each.name} -d '{_line(each.help)}'"
    yield f"complete -c planner -n '{none}' -l help -d 'show help'"
    yield f"complete -c planner -n '{none}' -s V -l version -d 'print the version'"
    for each in commands:
        here = f"complete -c planner -n '__fish_seen_subcommand_from {each.name}'"
        for option in each.options:
            flags = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
            takes = "" if option.value is None else f" -x{_fish_value(option.value)}"
            yield f"{here} {flags} -d '{option.help}'{takes}"
        for place in dict.fromkeys(each.places):
            if _fish_value(place):
                yield f"{here}{_fish_value(place)}"


def _fish_value(value: Value) -> str:
    parts = [word + "=" if value.open_ended else word for word in value.words]
    if value.folders:
        parts.append("(__fish_complete_directories)")
    parts += [f"(__fish_complete_suffix .{ending})" for ending in value.endings]
    return f" -a '{' '.join(parts)}'" if parts else ""
