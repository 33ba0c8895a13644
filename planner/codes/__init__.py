"""The codes of findings: of what is refused, of warnings and of notes, each with its cause and way out."""

from planner.codes.refusals import AnyCode, Code
from planner.codes.remarks import Remark

EVERY_CODE: tuple[AnyCode, ...] = (*Code, *Remark)

__all__ = ["EVERY_CODE", "AnyCode", "Code", "Remark"]
