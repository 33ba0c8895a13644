"""The command line: parse, call, print, exit code. It computes no number.

Results go to stdout, talk goes to stderr. Nothing heavy is imported before it is needed, so that `--help` answers at once.
"""

from __future__ import annotations

import sys

try:  # Ctrl-C while this is read ends it without a word, as everywhere before the first file is opened
    import argparse
    import os
    import signal
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from time import monotonic
    from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

    from planner.errors import InputError, PlannerError, UsageError
    from planner.progress import Lines, Progress, Terminal, put
except KeyboardInterrupt:
    sys.exit(130)

if TYPE_CHECKING:
    from planner.analyse.crossover import Crossover
    from planner.analyse.verify import Verdict
    from planner.errors import Finding
    from planner.read.places import Notice
    from planner.read.plan import Plan
    from planner.result import SummaryLine

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
  0  done; for `run`: optimal and verified     5  unbounded, or numerical trouble
  1  internal error, or cannot write           7  verification failed
  2  usage                                   130  interrupted (Ctrl-C): a whole result folder or none
  3  input refused                           143  the same, by SIGTERM
  4  infeasible
"""


class Run(Protocol):
    """What the command line needs to know of a finished run."""

    @property
    def folder(self) -> Path: ...
    @property
    def status(self) -> str: ...
    @property
    def exit_code(self) -> int: ...
    @property
    def summary(self) -> Sequence[SummaryLine]: ...


class Api(Protocol):
    """The calls of `planner.api` that the commands make."""

    def load(self, path: Path, overrides: Sequence[str] = ()) -> Plan: ...
    def check(self, plan: Plan) -> Sequence[Notice]: ...
    def run(self, plan: Plan, out: Path, progress: Progress) -> Run: ...
    def verify(self, folder: Path) -> Verdict: ...
    def crossover(self, plan: Plan, progress: Progress) -> Crossover: ...


def api() -> Api:
    """The Python interface, imported when a command needs it."""
    import importlib

    return cast(Api, importlib.import_module("planner.api"))


# ---- commands


def new(args: argparse.Namespace, progress: Progress) -> Answer:
    """Copy the starting plan."""
    from importlib.resources import as_file, files

    target: Path = args.dir
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} exists and is not empty: give the name of a new folder")
    with as_file(files("planner") / "new") as template:
        copied = _copy(template, target)
    plan = target / "plan.yaml"
    lines = [f"A plan to start from: {plan}", f"Next: planner run {_shell(plan)}"]
    return Answer({"folder": str(target), "plan": str(plan), "files": copied}, lines, quiet=[str(plan)])


def check(args: argparse.Namespace, progress: Progress) -> Answer:
    """Read and check everything, solve nothing."""
    path = _plan_file(args.plan)
    with progress.phase("check"):
        plan = api().load(path, args.set)
        notices = list(api().check(plan))
    tables = len(plan.tables)
    count = f"{len(notices)} notice{'' if len(notices) == 1 else 's'}" if notices else "nothing to note"
    lines = [*map(str, notices), f"{plan.name}: the plan and its {tables} tables are sound; {count}"]
    return Answer({"plan": plan.name, "tables": tables, "notices": [_record(each) for each in notices]}, lines, quiet=[])


def run(args: argparse.Namespace, progress: Progress) -> Answer:
    """Check, build, solve, verify, write."""
    from planner.write.dictionary import changed_words
    from planner.write.folder import check_target, has_result

    path = _plan_file(args.plan)
    if args.out is not None:
        check_target(args.out)
    with progress.phase("read"):
        plan = api().load(path, args.set)
        notices = list(api().check(plan))
    out: Path = args.out or Path("results") / plan.name
    check_target(out)
    replaced = has_result(out)
    for notice in notices:
        progress.say(str(notice))
    done = api().run(plan, out, progress=progress)
    workbook = done.folder / "plan.xlsx"
    written = f"written: {done.folder}{os.sep}" + (f" (read {workbook.name} first)" if workbook.exists() else "")
    if replaced:
        written += "; replaced the earlier result"
    changed = changed_words(args.set)
    result = {
        "plan": plan.name,
        "folder": str(done.folder),
        "replaced": replaced,
        "set": list(args.set),
        "summary": [{"key": each.key, "value": each.value, "unit": each.unit, "text": each.text} for each in done.summary],
        "notices": [_record(each) for each in notices],
    }
    lines = [*summary_lines(done.summary), "", *([changed] if changed else []), written]
    return Answer(
        result, lines, quiet=[str(done.folder)], exit_code=done.exit_code, status=done.status, stands=_stands(done.folder)
    )


def verify(args: argparse.Namespace, progress: Progress) -> Answer:
    """Judge a finished run from its written tables alone."""
    if not args.run.is_dir():
        raise UsageError(f"{args.run} is not a folder: give the result folder of a run")
    if not (args.run / "manifest.json").exists() and not (args.run / "tables").exists():
        raise UsageError(f"{args.run} is not a result of this planner: give the result folder of a run")
    with progress.phase("verify"):
        verdict = api().verify(args.run)
    return Answer({"folder": str(args.run), **verdict.to_dict()}, verdict.lines(), quiet=[], exit_code=0 if verdict.ok else 7)


def orbit(args: argparse.Namespace, progress: Progress) -> Answer:
    """Each orbital design of a plan, from physics and prices alone: nothing is solved."""
    from importlib.resources import as_file, files

    from planner.analyse.orbit_report import orbit_report
    from planner.write.orbit_folder import check_orbit_target, write_orbit
    from planner.write.orbit_text import report_lines

    path = None if args.plan is None else _plan_file(args.plan)
    if args.out is not None:
        check_orbit_target(args.out)
    if path is None:
        progress.say("no plan given: this is the one that `planner new` copies")
    with progress.phase("read"), as_file(files("planner") / "new") as template:
        plan = api().load(path or template / "plan.yaml", args.set)
    with progress.phase("orbit"):
        report = orbit_report(plan)
    record: dict[str, Any] = {"plan": plan.name, "folder": None, "files": []}
    lines = report_lines(report)
    if args.out is not None:
        with progress.phase("write"):
            record |= {"folder": str(args.out), "files": write_orbit(report, args.out)}
        lines += ["", f"written: {args.out}{os.sep} (tables as CSV, a picture a design)"]
    record["tables"] = {name: table.to_dict("records") for name, table in report.tables().items()}
    return Answer(record, lines, quiet=[] if args.out is None else [str(args.out)], stands=_stands(args.out))


def crossover(args: argparse.Namespace, progress: Progress) -> Answer:
    """How far orbit is from entering a plan, under both boundaries, each threshold solved on both sides."""
    from planner.write.folder import check_new, write_tables

    path = _plan_file(args.plan)
    if args.out is not None:
        check_new(args.out)
    with progress.phase("read"):
        plan = api().load(path, args.set)
    if not len(plan.tables["designs"]):
        raise UsageError(f"{plan.name} has no orbital design: give a plan with a table of designs")
    found = api().crossover(plan, progress)
    record: dict[str, Any] = {"plan": plan.name, "folder": None, "thresholds": found.thresholds.to_dict("records")}
    record["distance"] = {boundary: entry.to_dict("records") for boundary, entry in found.entries.items()}
    if args.out is not None:
        tables = {"crossover": found.thresholds} | {f"entry_{boundary}": entry for boundary, entry in found.entries.items()}
        with progress.phase("write"):
            record["folder"] = str(write_tables(tables, args.out))
    return Answer(record, found.lines(), quiet=[] if args.out is None else [str(args.out)], stands=_stands(args.out))


def _plan_file(path: Path) -> Path:
    """The plan that was named, which must not be a folder."""
    if os.path.isdir(path):
        inside = path / "plan.yaml"
        raise UsageError(
            f"{path} is a folder: give a plan file" + (f"; did you mean {_shell(inside)}?" if inside.is_file() else "")
        )
    return path


def _stands(out: Path | None) -> str:
    return "" if out is None else f"the result stands at {out}"


# ---- what commands answer


class Answer:
    """What a command has to say: one record for `--json`, lines for people, and the one thing that `--quiet` prints.

    `stands` says what was done, should none of this be printable."""

    def __init__(
        self,
        record: dict[str, Any],
        lines: list[str],
        quiet: list[str],
        exit_code: int = 0,
        status: str | None = None,
        stands: str = "",
    ) -> None:
        self.record, self.lines, self.quiet, self.stands = record, lines, quiet, stands
        self.exit_code, self.status = exit_code, status or STATUS[exit_code]


def summary_lines(summary: Iterable[SummaryLine]) -> list[str]:
    """The sentences of the summary; a line without one is a number for machines."""
    return [line.text for line in summary if line.text]


def _record(notice: Notice) -> dict[str, Any]:
    """A notice as JSON."""
    record: dict[str, Any] = {"level": notice.level, "text": notice.text}
    if notice.place is not None:
        finding = notice.place.finding(notice.text)
        record |= {"file": finding.file, "line": finding.line, "column": finding.column}
    return record


def _print_answer(answer: Answer, args: argparse.Namespace, command: str) -> None:
    """Raises UnprintableError where stdout takes nothing, on a full disk for one; the work is done all the same."""
    try:
        if args.json:
            _print_json({"command": command, "status": answer.status, "exit_code": answer.exit_code, **answer.record})
        else:
            for line in answer.quiet if args.quiet else answer.lines:
                print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        words = f"; {answer.stands}" if answer.stands else ""
        raise UnprintableError(f"cannot print to stdout: {error.strerror or error}{words}") from error


class UnprintableError(PlannerError):
    """Everything is done but the printing."""


def _print_error(error: PlannerError, as_json: bool, command: str | None) -> None:
    code, findings = error.exit_code, error.findings if isinstance(error, InputError) else ()
    if as_json and not isinstance(error, UnprintableError):
        head = {"command": command, "status": STATUS.get(code, "error"), "exit_code": code}
        _print_failure({**head, "message": str(error), "findings": [_finding(each) for each in findings]})
    for number, line in enumerate(str(error).splitlines() or [type(error).__name__]):
        below = number and isinstance(error, UsageError)  # how to use it, as argparse lays it out
        _tell(line if findings or below else f"planner: {line}")
    if findings:
        _tell(f"planner: {len(findings)} finding{'' if len(findings) == 1 else 's'}, nothing was solved")


def _finding(finding: Finding) -> dict[str, Any]:
    names = ("file", "line", "column", "value", "expected", "message")
    return {name: getattr(finding, name) for name in names}


def _print_json(record: dict[str, Any]) -> None:
    from planner.write.json import json_text

    text = json_text(record)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # what JSON can say in ASCII is the same JSON
        import json

        text = json.dumps(json.loads(text), indent=2)
    print(text)


def _print_failure(record: dict[str, Any]) -> None:
    """Say on stdout what went wrong. Where that cannot be said, the exit code still does, and stderr."""
    try:
        _print_json(record)
    except BrokenPipeError:
        raise
    except OSError:
        pass


def _tell(line: str) -> None:
    put(sys.stderr, line + "\n")


def _shell(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _copy(template: Path, target: Path) -> list[str]:
    """Copy the files of the template, none that Python left beside them."""
    import shutil

    names = sorted(
        path.relative_to(template).as_posix()
        for path in template.rglob("*")
        if path.is_file() and path.suffix in (".yaml", ".csv", ".md")
    )
    for name in names:
        try:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template / name, target / name)
        except OSError as error:
            raise UsageError(f"cannot write {error.filename or target}: {error.strerror or error}") from error
    return names


# ---- parsing


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


Command = Callable[[argparse.Namespace, Progress], Answer]
COMMANDS: dict[str, tuple[Command, str]] = {
    "new": (new, "write a working plan to start from, commented"),
    "check": (check, "read and check a plan, solve nothing"),
    "run": (run, "check, build, solve, verify and write a plan"),
    "verify": (verify, "judge a finished run from its written tables alone"),
    "crossover": (crossover, "how far orbit is from entering a plan, each threshold solved on both sides"),
    "orbit": (orbit, "mass, size, light, price and break-even of each orbital design of a plan, solving nothing"),
}
QUIET = {
    "new": "no talk: print only the path of the plan file",
    "check": "print nothing about a sound plan: the exit code tells",
    "run": "no talk: print only the result folder",
    "verify": "print nothing: the exit code tells",
    "crossover": "no talk: print only the folder given with --out, if any",
    "orbit": "no talk: print only the folder given with --out, if any",
}


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
    made = {}
    for name, (_, words) in COMMANDS.items():
        made[name] = commands.add_parser(
            name,
            help=words,
            description=words[0].upper() + words[1:] + ".",
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    made["new"].add_argument("dir", metavar="DIR", type=Path, help="a folder that does not exist yet, or is empty")
    made["check"].add_argument("plan", metavar="PLAN", type=Path, help="the plan file (YAML)")
    made["run"].add_argument("plan", metavar="PLAN", type=Path, help="the plan file (YAML)")
    made["crossover"].add_argument("plan", metavar="PLAN", type=Path, help="the plan file (YAML)")
    made["crossover"].add_argument("--out", metavar="DIR", type=Path, help="a folder for the same as CSV tables")
    made["orbit"].add_argument("plan", metavar="PLAN", type=Path, nargs="?", help="the plan file (default: the starting plan)")
    for name in ("check", "run", "orbit", "crossover"):
        made[name].add_argument(
            "--set",
            metavar="KEY=VALUE",
            action="append",
            default=[],
            help="override one value, a column or a row of a table; repeatable. "
            'Examples: demand.doubling_months=4, "power[us_ercot_texas,grid].step_mw_per_month*=2"',
        )
    made["run"].add_argument("--out", metavar="DIR", type=Path, help="result folder (default: results/<plan name>)")
    made["orbit"].add_argument("--out", metavar="DIR", type=Path, help="a folder for CSV tables and a picture a design")
    made["verify"].add_argument("run", metavar="RUN", type=Path, help="the result folder of a run")
    for name, each in made.items():
        each.add_argument("--json", action="store_true", help="one machine-readable object on stdout, also for errors")
        each.add_argument("--quiet", action="store_true", help=QUIET[name])
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


def _progress(args: argparse.Namespace) -> Progress:
    if args.quiet:
        return Progress()
    if sys.stderr is None:
        return Progress()
    if sys.stderr.isatty():
        return Terminal(sys.stderr, keep=args.verbose)
    return Lines(sys.stderr) if args.verbose else Notices(sys.stderr)


class Notices(Lines):
    """Keeps to the notices: nobody watches the phases."""

    def _end(self, name: str, spent_s: float) -> None:
        """Say nothing."""


# ---- entry


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code; raises SystemExit only for --help and --version."""
    try:
        return _main(argv)
    except BrokenPipeError:  # who reads has left: nothing to say, and nobody to say it to
        return BROKEN_PIPE


def _main(argv: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    as_json, verbose = "--json" in words, "--verbose" in words
    command = next((word for word in words if word in COMMANDS), None)
    try:
        args = make_parser().parse_args(words)
        answer = COMMANDS[args.command][0](args, _progress(args))
        _print_answer(answer, args, args.command)
        return answer.exit_code
    except PlannerError as error:
        _print_error(error, as_json, command)
        return error.exit_code
    except KeyboardInterrupt:
        return _stopped(as_json, command, INTERRUPTED)
    except _Terminated:
        return _stopped(as_json, command, TERMINATED)
    except BrokenPipeError:
        raise
    except Exception as error:
        if _interrupted_s:  # some packages make another error of it
            return _stopped(as_json, command, INTERRUPTED)
        if verbose:
            import traceback

            _tell(traceback.format_exc().rstrip())
        hint = "" if verbose else "; --verbose shows where"
        _print_error(PlannerError(f"internal error: {type(error).__name__}: {error}{hint}"), as_json, command)
        return 1


def _stopped(as_json: bool, command: str | None, code: int) -> int:
    if as_json:
        record: dict[str, Any] = {
            "command": command,
            "status": STATUS[code],
            "exit_code": code,
            "message": "interrupted",
            "findings": [],
        }
        _print_failure(record)
    _tell("planner: interrupted; results are as they were before")
    return code


class _Terminated(BaseException):
    """SIGTERM, raised where the program stands, so that it cleans up as after Ctrl-C."""


def _terminate(*_: object) -> None:
    raise _Terminated


_interrupted_s: list[float] = []
AGAIN_S = 2.0
"""Ctrl-C pressed twice means it once: for these seconds after the first, cleaning up goes on."""


def _interrupt(*_: object) -> None:
    """Ctrl-C."""
    now = monotonic()
    if not _interrupted_s or now - _interrupted_s[-1] > AGAIN_S:
        _interrupted_s.append(now)
        raise KeyboardInterrupt


def _open_streams() -> None:
    """Streams that were closed lead nowhere; the others print every name, in another way where their encoding lacks a letter.

    Without this the next file opened would be stdout to whatever writes there."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if number == 0 else "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def run_and_exit() -> NoReturn:
    """The entry point of the `planner` script."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, _terminate)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell leaves it for what runs in the background
            signal.signal(signal.SIGINT, _interrupt)
        _open_streams()
        code = main()
    except SystemExit as done:  # --help, --version
        code = int(done.code or 0)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except _Terminated:
        code = TERMINATED
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # the work is done, and its exit code stands
    exec("")  # Python remembers a Ctrl-C that came inside generated code, and would end by that signal instead of this code
    sys.exit(_flushed(code))


def _flushed(code: int) -> int:
    """The exit code once everything is printed. What a stream does not take is dropped, or Python would complain of it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if isinstance(error, BrokenPipeError):
                code = BROKEN_PIPE
            elif stream is sys.stdout and code == 0:
                _tell(f"planner: cannot print to stdout: {error.strerror or error}")
                code = 1
    return code
