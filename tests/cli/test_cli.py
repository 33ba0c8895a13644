"""The command line: what it prints where, its exit codes, its errors; the work itself is a stand-in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import planner.api
from planner import cli, errors
from planner.cli import entry
from planner.cli.answers import BROKEN_PIPE
from planner.errors import Finding, InputError, PlannerError
from planner.write.folder.replace import OutputError
from tests.cli.toy_api import Api
from tests.read.toy import write_plan

REPOSITORY = Path(cli.__file__).resolve().parents[2]
Main = Callable[..., tuple[int, str, str]]


@pytest.fixture
def main(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Main:
    """Run the command line in an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, api: Api | None = None) -> tuple[int, str, str]:
        monkeypatch.setattr("planner.api", api or Api())
        code = cli.main(words)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def raising(error: BaseException) -> Api:
    def fail() -> None:
        raise error

    return Api(fail)


FINDING = Finding("plan.yaml", 3, 7, "monhts", "a key of the plan", "unknown key monhts (did you mean months?)")
EVERY_ERROR = [
    (PlannerError("no idea"), 1, "error"),
    (OutputError("cannot write results/toy: No space left on device"), 1, "error"),
    (errors.UsageError("that is not a folder"), 2, "usage"),
    (InputError([FINDING]), 3, "input_refused"),
    (errors.InfeasibleError("limit_power_growth and share eu cannot both hold"), 4, "infeasible"),
    (errors.UnboundedError("the plan earns without end"), 5, "numerical_trouble"),
    (errors.NumericalError("the solver does not trust its numbers"), 5, "numerical_trouble"),
    (errors.TimeLimitError("gap 0.2 %"), 6, "time_limit"),
    (errors.VerificationError("chips do not add up"), 7, "verification_failed"),
    (KeyboardInterrupt(), 130, "interrupted"),
    (ZeroDivisionError("division by zero"), 1, "error"),
]


def test_interrupted_on_its_way_into_a_workbook_the_result_stands(main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Api):
        def refresh(self, folder: Path, model: Path) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr("planner.write.xlsx.user_workbook.require_refreshable", lambda model: None)
    code, out, err = main("run", "plan.yaml", "--out", "here", "--into", "mine.xlsx", api=Stopped())
    here = "the result is in here, but not in the workbook: planner refresh here mine.xlsx"
    assert (code, out, err.splitlines()[-1]) == (130, "", f"planner: interrupted; {here}")


@pytest.mark.parametrize("words", [[], ["new"], ["check"], ["run"], ["verify"]])
def test_help_of_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main([*words, "--help"])
    assert done.value.code == 0
    text = capsys.readouterr().out
    assert "exit codes:" in text
    if words:
        for option in ("--json", "--quiet", "--verbose"):
            assert option in text
    else:
        assert all(command in text for command in cli.COMMANDS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out.startswith("planner ")


def test_run_prints_sentences_and_the_folder_on_stdout_and_notices_on_stderr(main: Main) -> None:
    api = Api()
    code, out, err = main("run", "toy.yaml", "--set", "a=1", "--set", "b=2", api=api)
    assert code == 0
    assert out == f"cost 12.5 million USD\n\nchanged for this run: a=1; b=2\nwritten: results/toy{os.sep}\n"
    assert err == "warning: no row for FI\n"
    assert api.calls == [("load", Path("toy.yaml"), ["a=1", "b=2"]), ("run", "toy", Path("results/toy"))]


def test_what_a_shorter_plan_ignores_is_one_line_and_each_table_where_more_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write_plan(tmp_path, months=6))
    lines = {}
    for more in ("", "--verbose"):
        assert cli.main(["check", path, "--set", "months=4", *more.split()]) == 0
        lines[more] = [line for line in capsys.readouterr().out.splitlines() if "outside the plan and ignored" in line]
    assert len(lines[""]) == 1
    assert "10 rows are outside the plan and ignored (4 of deliveries, " in lines[""][0]
    assert lines["--verbose"][:1] == lines[""]
    assert len(lines["--verbose"]) == 5
    assert cli.main(["check", path, "--set", "months=4", "--json"]) == 0
    texts = [each["text"] for each in json.loads(capsys.readouterr().out)["notices"]]
    assert sum("outside the plan and ignored" in text for text in texts) == 4


def test_a_result_that_was_replaced_is_said_to_be(main: Main, tmp_path: Path) -> None:
    earlier = tmp_path / "results" / "toy"
    earlier.mkdir(parents=True)
    (earlier / "manifest.json").touch()
    assert main("run", "toy.yaml")[1].splitlines()[-1] == f"written: results/toy{os.sep}; replaced the earlier result"
    record = json.loads(main("run", "toy.yaml", "--json", "--set", "a=1")[1])
    assert (record["replaced"], record["set"]) == (True, ["a=1"])


@pytest.mark.parametrize("command", ["check", "run", "crossover", "orbit"])
def test_a_folder_is_no_plan_but_may_hold_one(main: Main, tmp_path: Path, command: str) -> None:
    (tmp_path / "my plan").mkdir()
    code, _, err = main(command, "my plan")
    assert (code, err) == (2, "planner: my plan is a folder: give a plan file\n")
    (tmp_path / "my plan" / "plan.yaml").touch()
    assert main(command, "my plan")[2].endswith("give a plan file; did you mean 'my plan/plan.yaml'?\n")


@pytest.mark.parametrize("command", ["run", "orbit", "crossover"])
@pytest.mark.parametrize("out", ["x" * 300, "x" * 256 + "/y"])
def test_a_name_too_long_is_refused_before_the_work(main: Main, tmp_path: Path, command: str, out: str) -> None:
    api = Api()
    code, _, err = main(command, "toy.yaml", "--out", out, api=api)
    assert (code, api.calls) == (2, [])
    assert "at most 255 bytes" in err


def test_out_names_the_result_folder(main: Main) -> None:
    api = Api()
    main("run", "toy.yaml", "--out", "elsewhere/x", api=api)
    assert api.calls[-1] == ("run", "toy", Path("elsewhere/x"))


def test_out_that_is_no_result_is_refused_before_the_work(main: Main, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    api = Api()
    code, _, err = main("run", "toy.yaml", "--out", ".", api=api)
    assert code == 2
    assert "give another folder with --out" in err
    assert all(call[0] != "run" for call in api.calls)


def test_quiet_prints_the_folder_alone(main: Main) -> None:
    assert main("run", "toy.yaml", "--quiet") == (0, "results/toy\n", "")
    assert main("check", "toy.yaml", "--quiet") == (0, "", "")


def test_verbose_without_a_terminal_keeps_a_line_a_phase(main: Main) -> None:
    _, _, err = main("run", "toy.yaml", "--verbose")
    assert [line.split()[0] for line in err.splitlines()] == ["read", "warning:", "solve"]


def test_run_as_json(main: Main) -> None:
    code, out, _ = main("run", "toy.yaml", "--json")
    record = json.loads(out)
    assert code == 0
    assert list(record) == ["command", "status", "exit_code", "plan", "folder", "replaced", "set", "summary", "notices"]
    assert (record["command"], record["status"], record["exit_code"]) == ("run", "optimal", 0)
    assert record["summary"][0] == {"key": "cost", "value": 12.5, "unit": "million USD", "text": "cost 12.5 million USD"}
    assert record["summary"][1]["value"] is None
    assert record["notices"] == [{"level": "warning", "text": "no row for FI"}]


def test_check(main: Main) -> None:
    code, out, err = main("check", "toy.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["warning: no row for FI", "toy: the plan and its 1 tables are sound; 1 notice"]
    assert json.loads(main("check", "toy.yaml", "--json")[1])["status"] == "ok"


@pytest.mark.parametrize(("verified", "code", "status"), [(True, 0, "ok"), (False, 7, "verification_failed")])
def test_verify(main: Main, tmp_path: Path, verified: bool, code: int, status: str) -> None:
    (tmp_path / "tables").mkdir()
    found, out, _ = main("verify", str(tmp_path), api=Api(verified=verified))
    assert found == code
    assert out == ("verified: 3 checks, all hold\n" if verified else "not verified: 1 of 3 checks fail\n")
    record = json.loads(main("verify", str(tmp_path), "--json", api=Api(verified=verified))[1])
    assert (record["status"], record["exit_code"], record["ok"]) == (status, code, verified)


def test_verify_of_nothing_is_usage(main: Main) -> None:
    assert main("verify", "nowhere")[0] == 2


def test_verify_of_a_folder_that_is_no_result_is_usage(main: Main, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    code, out, err = main("verify", ".")
    assert (code, out) == (2, "")
    assert "not a result of this planner" in err


@pytest.mark.parametrize(("error", "code", "status"), EVERY_ERROR, ids=[type(error).__name__ for error, _, _ in EVERY_ERROR])
@pytest.mark.parametrize("command", ["check", "run"])
def test_errors_are_words_and_exit_codes(main: Main, command: str, error: BaseException, code: int, status: str) -> None:
    found, out, err = main(command, "toy.yaml", api=raising(error))
    assert (found, out) == (code, "")
    assert err
    assert "Traceback" not in err
    found, out, _ = main(command, "toy.yaml", "--json", api=raising(error))
    record = json.loads(out)
    assert found == record["exit_code"] == code
    assert list(record) == ["command", "status", "exit_code", "message", "findings"]
    assert (record["command"], record["status"]) == (command, status)


def test_findings_are_listed_with_their_place(main: Main) -> None:
    other = Finding("regions.csv", 5, 2, "-1", "a number >= 0", "start_mw is -1: expected a number >= 0")
    _, _, err = main("check", "toy.yaml", api=raising(InputError([FINDING, other])))
    assert err.splitlines() == [
        "plan.yaml:3:7: unknown key monhts (did you mean months?)",
        "regions.csv:5:2: start_mw is -1: expected a number >= 0",
        "planner: 2 findings, nothing was solved",
    ]
    record = json.loads(main("check", "toy.yaml", "--json", api=raising(InputError([FINDING])))[1])
    assert record["findings"] == [
        {
            "file": "plan.yaml",
            "line": 3,
            "column": 7,
            "sheet": "",
            "value": "monhts",
            "expected": "a key of the plan",
            "message": "unknown key monhts (did you mean months?)",
        }
    ]


def test_an_internal_error_is_one_line_and_verbose_shows_where(main: Main) -> None:
    _, _, err = main("run", "toy.yaml", api=raising(ZeroDivisionError("division by zero")))
    assert err == "planner: internal error: ZeroDivisionError: division by zero; --verbose shows where\n"
    _, _, err = main("run", "toy.yaml", "--verbose", api=raising(ZeroDivisionError("division by zero")))
    assert "Traceback" in err
    assert "toy_api.py" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["rnu", "x"], "did you mean run?"),
        (["run"], "the following arguments are required: PLAN"),
        (["run", "x", "--stet", "a=1"], "did you mean --set?"),
        (["check", "x", "--out", "y"], "unrecognized arguments: --out y\n"),
        (["check", "x", "--jsno"], "did you mean --json?"),
        (["run", "x", "--quite=1"], "did you mean --quiet?"),
        (["run", "x", "y"], "unrecognized arguments: y"),
        (["run", "x", "--set"], "expected one argument"),
        (["verify"], "the following arguments are required: RUN"),
    ],
)
def test_usage(main: Main, words: list[str], said: str) -> None:
    code, out, err = main(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "usage: planner" in err
    record = json.loads(main(*words, "--json")[1])
    assert (record["status"], record["exit_code"]) == ("usage", 2)


def test_without_a_command_the_commands_are_listed(main: Main) -> None:
    code, out, err = main()
    assert (code, out) == (2, "")
    assert all(command.words in " ".join(err.split()) for command in cli.COMMANDS.values())
    assert "exit codes:" in err


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_help_says_what_quiet_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    assert cli.COMMANDS[name].quiet in " ".join(capsys.readouterr().out.split())


def test_closed_streams_are_no_error(main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert main("run", "toy.yaml")[0] == 0
    assert main("run", "toy.yaml", "--verbose", api=raising(ZeroDivisionError("x")))[:2] == (1, "")
    monkeypatch.setattr(sys, "stdout", None)
    assert main("run", "toy.yaml")[0] == 0
    assert main("run", "toy.yaml", "--json", api=raising(errors.UsageError("x")))[0] == 2


def planner(*words: str, **options: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        [sys.executable, "-m", "planner", *words],
        env=environment,
        **{"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def test_a_plan_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    process = planner("check", "nowhere.yaml", "--json", cwd=tmp_path)
    out, err = process.communicate()
    assert process.returncode == 3
    record = json.loads(out)
    assert record["status"] == "input_refused"
    assert "nowhere.yaml" in record["findings"][0]["file"]
    assert "Traceback" not in err


def test_help_imports_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "pyomo", "highspy", "scipy", "pydantic", "yaml", "xlsxwriter", "openpyxl")
    code = "import sys, planner.cli\ntry: planner.cli.main(['run', '--help'])\nexcept SystemExit: pass\n"
    code += f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("words", [["--help"], ["verify", "nowhere", "--json"]])
def test_a_reader_that_leaves_early_is_no_error(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = planner(*words, stdout=writer)
    os.close(writer)
    _, err = process.communicate()
    assert process.returncode in (0, BROKEN_PIPE)  # argparse itself keeps quiet about an unbuffered pipe
    assert "Broken" not in err
    assert "Traceback" not in err


TOY = """
import sys
sys.path.insert(0, {repository!r})
import planner
import planner.cli as cli
from tests.cli import toy_api
planner.api = toy_api.Api()
sys.argv = ["planner", *sys.argv[1:]]
cli.run_and_exit()
"""
NAME = "r\u00e9gion\u5730\U0001f6f0"


def toy(redirect: str, words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The toy on a command line of the shell, with its streams as they are asked for."""
    line = f'exec "{sys.executable}" -c "$TOY" {words} {redirect}'
    known = {**os.environ, "TOY": TOY.format(repository=str(REPOSITORY)), **environment}
    return subprocess.run(["sh", "-c", line], cwd=cwd, env=known, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("redirect", "words", "code"),
    [
        (">&-", "run toy.yaml", 0),
        ("2>&-", "run toy.yaml", 0),
        ("<&- >&- 2>&-", "run toy.yaml", 0),
        (">&-", "check nowhere/", 0),
        ("2>&-", "verify nowhere", 2),
        (">&-", "--help", 0),
        (">&-", "", 2),
    ],
)
def test_streams_that_are_closed(redirect: str, words: str, code: int, tmp_path: Path) -> None:
    done = toy(redirect, words, tmp_path)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"internal error:" not in done.stderr + done.stdout
    if redirect == "2>&-" and code:
        assert done.stdout == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("form", ["", "--quiet", "--json"])
def test_a_summary_that_cannot_be_printed_leaves_the_result(form: str, tmp_path: Path) -> None:
    done = toy(">/dev/full", f"run toy.yaml {form}", tmp_path)
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert last == "planner: cannot print to stdout: No space left on device; the result is in results/toy"
    for words, codes in (("--help", (0, 1)), ("verify nowhere --json", (2,))):  # argparse keeps quiet about an unbuffered one
        done = toy(">/dev/full", words, tmp_path)
        assert done.returncode in codes
        assert b"Exception" not in done.stderr
    assert toy("2>/dev/full", f"run toy.yaml {form}", tmp_path).returncode == 0


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_names_that_the_output_cannot_hold_are_printed_another_way(encoding: str, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "plan.yaml").touch()
    out = f"'{NAME}/out'"
    done = toy("", f"run toy.yaml --quiet --out {out}", tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding).strip() == f"{NAME}/out".encode(encoding, "backslashreplace").decode(encoding)
    done = toy("", f"run toy.yaml --json --out {out}", tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert json.loads(done.stdout.decode(encoding))["folder"] == f"{NAME}/out"
    done = toy("", f"run '{NAME}'", tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 2
    assert b"is a folder" in done.stderr


def test_a_locale_of_ascii_alone_prints_names_as_they_were_typed(tmp_path: Path) -> None:
    name = "résumé"
    (tmp_path / name).mkdir()
    done = toy("", f"check '{name}'", tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 2
    assert f"{name} is a folder" in done.stderr.decode("utf-8")


def test_ctrl_c_while_the_program_is_read_says_nothing() -> None:
    code = """
import sys
class Pressed:
    def find_spec(self, name, *_):
        if name == "planner.errors":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Pressed())
import planner.cli
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_error_that_ctrl_c_was_turned_into_is_ctrl_c(main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "_interrupted_s", [])
    with pytest.raises(KeyboardInterrupt):
        entry._interrupt()
    entry._interrupt()  # at once again: nothing
    assert main("run", "toy.yaml", api=raising(ImportError("initialisation failed")))[0] == 130


SLEEPER = """
import sys, time
from pathlib import Path
sys.path.insert(0, {repository!r})
import signal
import planner
import planner.cli as cli
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
from tests.cli.toy_api import Api
def sleep():
    try:
        Path("ready").touch()
        time.sleep(60)
    finally:
        Path("cleaning").touch()
        time.sleep(0.3)
        Path("cleaned").touch()
planner.api = Api(sleep)
sys.argv = ["planner", "run", "toy.yaml"]
cli.run_and_exit()
"""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_with_one_line(tmp_path: Path, sent: signal.Signals, code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPER.format(repository=str(REPOSITORY))],
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(tmp_path / "ready")
    process.send_signal(sent)
    wait_for(tmp_path / "cleaning")
    if sent == signal.SIGINT:
        process.send_signal(sent)  # pressed again: it cleans up all the same
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert err == "planner: interrupted; results are as they were before\n"
    assert not (tmp_path / "results").exists()
    assert (tmp_path / "cleaned").exists()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
