"""The command line as a process of its own: streams that are closed or full, locales, signals, what it imports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from planner import cli
from planner.cli.answers import BROKEN_PIPE

REPOSITORY = Path(cli.__file__).resolve().parents[2]


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


def test_a_solve_loads_neither_solver_plugins_nor_statistics() -> None:
    unused = ("pyomo.environ", "pyomo.gdp", "scipy.stats", "scipy.spatial")
    code = "import sys, planner\nplanner.solve(planner.load('planner/new/plan.yaml', ['months=1']))\n"
    code += f"print([name for name in {unused!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=True)
    assert done.stdout.strip() == "[]"


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


@pytest.mark.sampled(3)
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


@pytest.mark.sampled(1)
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


@pytest.mark.sampled(1)
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
