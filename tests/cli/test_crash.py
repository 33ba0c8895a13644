"""A run that is killed, interrupted, or out of room at any moment: the result folder is the old one or the new one, whole.
`MOMENTS=50 pytest -m slow` tries more of them.

The runs are forked from a process that has imported everything, so that the moments fall into the work and not into imports."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from planner import verify
from tests.read.toy import write_plan

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
MOMENTS = int(os.environ.get("MOMENTS", "16"))

FORKS = f"""
import json, os, resource, signal, sys, traceback
sys.path.insert(0, {str(REPOSITORY)!r})
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
import planner.cli, planner.api, planner.verify, planner.tables.decisions, planner.tables.costs, planner.tables.orbit_entry
import planner.check.checks, planner.solve.solution, planner.write.folder.result_folder, planner.write.xlsx.run_workbook
import xlsxwriter
for line in sys.stdin:
    order = json.loads(line)
    said, says = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.dup2(says, 1)
            os.dup2(says, 2)
            sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8") for number in (1, 2))
            if order["bytes"]:
                resource.setrlimit(resource.RLIMIT_FSIZE, (order["bytes"], resource.RLIM_INFINITY))
            sys.argv = ["planner", *order["words"]]
            planner.cli.run_and_exit()
        except KeyboardInterrupt:
            os._exit(130)
        except SystemExit as done:
            os._exit(done.code)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(99)
    os.close(says)
    print(child, flush=True)
    with open(said, encoding="utf-8") as stream:
        words = stream.read()
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words]), flush=True)
"""


class Forks:
    """Runs the planner in processes of its own that start at once."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, *words: object, sent: int = 0, after_s: float = 0.0, most_bytes: int = 0) -> tuple[int, str]:
        """Exit code and what was printed; a signal is sent after so many seconds."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"words": [str(word) for word in words], "bytes": most_bytes}
        print(json.dumps(order), file=self.process.stdin, flush=True)
        child = int(self.process.stdout.readline())
        if sent:
            time.sleep(after_s)
            with suppress(ProcessLookupError):  # it was done before
                os.kill(child, sent)
        code, said = json.loads(self.process.stdout.readline())
        return code, said


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    started = Forks()
    yield started
    assert started.process.stdin is not None
    started.process.stdin.close()
    started.process.wait(timeout=30)
    assert started.process.stdout is not None
    started.process.stdout.close()


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("plans")
    return [write_plan(folder / str(months), months=months) for months in (2, 3)]


def contents(folder: Path) -> dict[str, bytes]:
    """All that a run writes but its record, which holds the time it took."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "manifest.json"}


def test_killed_at_any_moment(forks: Forks, plans: list[Path], tmp_path: Path) -> None:
    results = tmp_path / "results"
    out, known, durations = results / "toy", [], []
    for plan in [*plans, *plans]:
        start = time.monotonic()
        code, said = forks.run("run", plan, "--out", out)
        assert code == 0, said
        durations.append(time.monotonic() - start)
        known.append(contents(out))
    assert known[:2] == known[2:]
    assert known[0] != known[1]
    chance, stands, outcomes = random.Random(20270101), 1, []
    for number in range(MOMENTS):
        sent = chance.choice([signal.SIGKILL] * 3 + [signal.SIGINT, signal.SIGTERM])
        part = chance.random() if number % 2 else 0.6 + 0.5 * chance.random()  # half of them while it is written
        target = 1 - stands
        code, said = forks.run("run", plans[target], "--out", out, sent=sent, after_s=part * durations[2 + target])
        assert code in (0, -sent, {signal.SIGINT: 130, signal.SIGTERM: 143}.get(sent)), said
        assert "Traceback" not in said
        if not out.exists():  # the one moment between two renames; reading brings it back
            assert sent == signal.SIGKILL
        assert forks.run("verify", out)[0] == 0
        now = contents(out)
        assert now in known
        stands = known.index(now)
        assert stands == target or code != 0  # what says that it is done is done
        if code in (130, 143):
            assert ("the new result is in place" if stands == target else "results are as they were before") in said
        if sent != signal.SIGKILL:
            assert not list(results.glob(".previous-*"))
        outcomes.append(code)
    assert forks.run("run", plans[0], "--out", out)[0] == 0
    assert [path.name for path in results.iterdir()] == ["toy"]  # the next run has removed whatever was left
    assert sum(code != 0 for code in outcomes) > MOMENTS // 8  # others were done before the signal came
    assert verify(out).ok


@pytest.mark.parametrize("most_bytes", [100, 1_000, 8_000, 20_000])
def test_no_room_for_a_file(most_bytes: int, forks: Forks, plans: list[Path], tmp_path: Path) -> None:
    """The system refuses to write more of a file than so many bytes: another file each time, the workbook among them."""
    out = tmp_path / "toy"
    code, said = forks.run("run", plans[0], "--out", out)
    assert code == 0, said
    before = contents(tmp_path)
    code, said = forks.run("run", plans[1], "--out", out, most_bytes=most_bytes)
    assert code == 1, said
    assert said.splitlines()[-1].startswith(f"planner: cannot write {out}")
    assert said.endswith("File too large; the previous result is untouched\n")
    assert contents(tmp_path) == before
    code, said = forks.run("run", plans[1], "--out", tmp_path / "new" / "er", most_bytes=most_bytes)
    assert code == 1
    assert said.endswith("File too large\n")
    assert [path.name for path in tmp_path.iterdir()] == ["toy"]


SHELL = """
set -e
mount -t tmpfs -o size=4m none disk
planner() { "$PYTHON" -m planner "$@"; }
planner run "$OLD" --out disk/toy --quiet
dd if=/dev/zero of=disk/fill bs=1k count=10000 2> fill.txt || true
code=0; planner run "$NEW" --out disk/toy --quiet 2> full.txt || code=$?; echo $code >> codes
planner verify disk/toy --quiet; ls -A disk > names
rm disk/fill
mount -o remount,ro disk
code=0; planner run "$NEW" --out disk/toy --quiet 2> locked.txt || code=$?; echo $code >> codes
planner verify disk/toy --quiet
"""


@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0,
    reason="needs a mount of its own",
)
def test_a_full_disk_and_one_that_is_read_only(plans: list[Path], tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    names = {"PYTHON": sys.executable, "PYTHONPATH": str(REPOSITORY), "OLD": str(plans[0]), "NEW": str(plans[1])}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", SHELL], cwd=tmp_path, env={**os.environ, **names}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "codes").read_text().split() == ["1", "1"]
    full, locked = (tmp_path / name for name in ("full.txt", "locked.txt"))
    assert full.read_text().endswith("No space left on device; the previous result is untouched\n")
    assert (tmp_path / "names").read_text().split() == ["fill", "toy"]
    assert "disk cannot be written to: give another folder with --out\n" in locked.read_text()
