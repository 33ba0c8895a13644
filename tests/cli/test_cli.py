"""The command line: what it prints where, its exit codes, its errors; the work itself is a stand-in."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner import cli, errors
from planner.cli import entry
from planner.codes import Code
from planner.errors import Finding, InputError, PlannerError
from planner.write.folder.replace import OutputError
from planner.write.text.run import run_lines
from tests.cli.toy_api import Api, Line, Run
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


FINDING = Finding(
    Code.E_KEY_UNKNOWN, "plan.yaml", 3, 7, "monhts", "a key of the plan", "unknown key monhts (did you mean months?)"
)
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
    assert err == "warning: no row for FI [W-NATION-UNBOUNDED]\n"
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
    assert list(record) == [
        "command",
        "status",
        "exit_code",
        "plan",
        "folder",
        "replaced",
        "set",
        "allowed",
        "summary",
        "notices",
    ]
    assert (record["command"], record["status"], record["exit_code"]) == ("run", "optimal", 0)
    assert record["summary"][0] == {"key": "cost", "value": 12.5, "unit": "million USD", "text": "cost 12.5 million USD"}
    assert record["summary"][1]["value"] is None
    assert record["notices"] == [{"level": "warning", "code": "W-NATION-UNBOUNDED", "text": "no row for FI"}]


def test_check(main: Main) -> None:
    code, out, err = main("check", "toy.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "warning: no row for FI [W-NATION-UNBOUNDED]",
        "toy: the plan and its 1 table are sound; 1 warning",
    ]
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
    more = ["more_may_follow"] if isinstance(error, InputError) else []
    assert list(record) == ["command", "status", "exit_code", "message", "findings", *more]
    assert (record["command"], record["status"]) == (command, status)


@pytest.mark.parametrize("command", ["check", "run"])
def test_too_little_memory_is_said_in_words(main: Main, command: str) -> None:
    code, out, err = main(command, "toy.yaml", api=raising(MemoryError()))
    assert (code, out) == (1, "")
    assert "out of memory" in err
    assert "internal error" not in err
    assert "Traceback" not in err


def test_findings_are_listed_with_their_place(main: Main) -> None:
    other = Finding(Code.E_CELL_VALUE, "regions.csv", 5, 2, "-1", "a number >= 0", "start_mw is -1: expected a number >= 0")
    _, _, err = main("check", "toy.yaml", api=raising(InputError([FINDING, other])))
    assert err.splitlines() == [
        "plan.yaml:3:7: unknown key monhts (did you mean months?) [E-KEY-UNKNOWN]",
        "regions.csv:5:2: start_mw is -1: expected a number >= 0 [E-CELL-VALUE]",
        "planner: 2 findings, nothing was solved",
    ]
    record = json.loads(main("check", "toy.yaml", "--json", api=raising(InputError([FINDING])))[1])
    assert record["findings"] == [
        {
            "code": "E-KEY-UNKNOWN",
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


def test_an_error_that_ctrl_c_was_turned_into_is_ctrl_c(main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "_interrupted_s", [])
    with pytest.raises(KeyboardInterrupt):
        entry._interrupt()
    entry._interrupt()  # at once again: nothing
    assert main("run", "toy.yaml", api=raising(ImportError("initialisation failed")))[0] == 130


def test_an_error_that_sigterm_was_turned_into_is_sigterm(main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "_terminated", [])
    with pytest.raises(entry._Terminated):
        entry._terminate(signal.SIGTERM)
    assert main("run", "toy.yaml", api=raising(AssertionError("a set was built in part")))[0] == 143


def test_letters_stand_for_the_options_of_every_command(main: Main, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("run", "toy.yaml", "-q", "-o", "there") == (0, "there\n", "")
    assert json.loads(main("run", "toy.yaml", "-j")[1])["command"] == "run"
    assert json.loads(main("rnu", "-qj")[1])["status"] == "usage"
    _, _, err = main("run", "toy.yaml", "-v", api=raising(ZeroDivisionError("x")))
    assert "Traceback" in err
    with pytest.raises(SystemExit):
        cli.main(["-V"])
    assert capsys.readouterr().out.startswith("planner ")


def test_a_plan_of_the_other_ending_is_read(main: Main, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").touch()
    api = Api()
    assert main("run", "plan.yml", api=api)[2].splitlines()[0] == "plan.yml: no such file; reading plan.yaml"
    assert api.calls[0][:2] == ("load", Path("plan.yaml"))
    (tmp_path / "plan.yml").touch()
    assert main("run", "plan.yml")[2].splitlines()[0] == "warning: no row for FI [W-NATION-UNBOUNDED]"


def test_a_headline_breaks_between_words_in_a_terminal_alone(main: Main, monkeypatch: pytest.MonkeyPatch) -> None:
    long = Run(Path("there"), summary=(Line("cost", 1.0, "USD", " ".join(["word"] * 30)),))
    assert run_lines(long) == [" ".join(["word"] * 30)]
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("planner.write.text.run.charts", lambda done: [])
    lines = run_lines(long)
    assert len(lines) == 3
    assert max(map(len, lines)) <= 70
    assert " ".join(line.strip() for line in lines) == " ".join(["word"] * 30)
