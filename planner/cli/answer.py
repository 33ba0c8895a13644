"""What a command has to say."""

from __future__ import annotations

from typing import Any

from planner.cli.exit_codes import STATUS


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
