"""The codes of what refuses an input. Those of warnings and notes: `remarks.py`.

A code is a short name that stays the same while its sentence may improve; a finding cannot be made without one.
The name of a member is its code: E_ROW_DUPLICATE is E-ROW-DUPLICATE.
`python -m docs.findings` writes `docs/findings.md` from here."""

from __future__ import annotations

from enum import Enum, unique
from typing import Literal

LEVELS: dict[str, Literal["error", "warning", "note"]] = {"E": "error", "W": "warning", "N": "note"}


class AnyCode(Enum):
    """What it means, its likely cause, the way out."""

    def __init__(self, means: str, cause: str, way_out: str) -> None:
        self.means, self.cause, self.way_out = means, cause, way_out

    @property
    def level(self) -> Literal["error", "warning", "note"]:
        """Whether it stops a plan, is worth a look, or only says how something was understood."""
        return LEVELS[self.name[0]]

    def __str__(self) -> str:
        return self.name.replace("_", "-")


@unique
class Code(AnyCode):
    """Codes of what is refused."""

    E_FILE_MISSING = "A file does not exist.", "A slip in a path, or a file that was moved.", "Correct the path."
    E_FILE_KIND = (
        "A path leads to a file of another kind.",
        "A folder, a device or another format where a plan or a table is expected.",
        "Name a file with the ending that the message states.",
    )
    E_FILE_LARGE = (
        "A file is larger than a plan can need.",
        "An export of raw data, or a damaged file.",
        "Leave out what the plan does not use; tables belong in CSV files.",
    )
    E_FILE_UNREADABLE = (
        "A file exists but cannot be read.",
        "Missing permissions, or a failing disk.",
        "Make the file readable.",
    )
    E_FILE_OUTSIDE = (
        "A path leaves the folders of the plan.",
        "An absolute path, backslashes, or a file far above the plan.",
        "Move the file beside the plan and name it relative to it, with /.",
    )
    E_TEXT_ENCODING = (
        "A file is not text in UTF-8.",
        "A spreadsheet program saved it in an older encoding, or it is no text.",
        "Save it as UTF-8.",
    )
    E_CSV_SYNTAX = (
        "A file is not valid CSV.",
        "Semicolons or tabs between columns, or a quotation mark that is not closed.",
        "Separate columns by commas and close the quotation mark.",
    )
    E_YAML_SYNTAX = (
        "A plan file is not valid YAML.",
        "Wrong indentation, or a missing colon or quotation mark.",
        "Correct the line that the message names.",
    )
    E_YAML_FORBIDDEN = (
        "A plan uses a part of YAML that no plan needs.",
        "Tags, or aliases that multiply or contain themselves.",
        "Write the values out.",
    )
    E_WORKBOOK_DAMAGED = (
        "A file is not a workbook that can be read.",
        "Damage, encryption, an older format, or far more content than a plan has.",
        "Open it in a spreadsheet program and save it as .xlsx.",
    )
    E_SHEET_MISSING = "A workbook lacks a sheet.", "A sheet was renamed or deleted.", "Give the sheet the name in the message."
    E_SHEET_UNKNOWN = (
        "The name of a sheet resembles that of a table but is another.",
        "A slip in the name.",
        "Rename the sheet as the message suggests.",
    )
    E_SHEET_LAYOUT = (
        "A sheet does not begin with one header above one table.",
        "A title above the header, a second table, merged cells, or cells beside the table.",
        "Begin with the header and keep one table on a sheet, without merged cells.",
    )
    E_TABLE_DUPLICATE = "A table is named twice.", "A sheet and the list of tables both give it.", "Keep one of the two."
    E_TABLE_EMPTY = "A table has no rows.", "A file that was emptied or only begun.", "Add a row, or leave the table out."
    E_TABLE_MISSING = (
        "A table that the plan needs is missing.",
        "No line of tables names it, or another table requires it.",
        "Name its file under tables.",
    )
    E_TABLE_UNKNOWN = "A name is that of no table.", "A slip in the name.", "Use a name of the dictionary (planner schema)."
    E_COLUMN_DUPLICATE = "A column occurs twice.", "A column was copied.", "Delete one of the two."
    E_COLUMN_MISSING = "A column is missing.", "It was renamed or deleted.", "Add the column; the message says what it holds."
    E_COLUMN_UNKNOWN = "A table has no such column.", "A slip in the name.", "Rename or delete the column."
    E_COLUMN_UNNAMED = "A column has no name.", "A comma too many, or a note beside the table.", "Name it or delete it."
    E_ROW_DUPLICATE = "Two rows have the same key.", "A row was copied and not changed.", "Delete one of the two."
    E_ROW_WIDTH = (
        "A row has more or fewer cells than the header.",
        "A comma inside a number or text that is not quoted, or a header that is another line.",
        'Quote the cell: "1,000"; or name the line of the header in a map: rows: {header: 3}.',
    )
    E_ROW_INCOMPLETE = (
        "A row that adjust adds lacks values.",
        "A slip in its key, or columns left out.",
        "Correct the key, or state every column.",
    )
    E_ROW_UNKNOWN = "A change meets no row.", "A slip in a key, or a table without rows.", "Name a row that the table has."
    E_ROW_MISSING = (
        "A row needs a row of another table that does not exist.",
        "A row was deleted there, or is still to be written.",
        "Add the row, or delete the one that needs it.",
    )
    E_CELL_VALUE = (
        "A cell holds something else than its column allows.",
        "A text for a number, a value out of bounds, an unknown unit.",
        "Write a value as the message describes it.",
    )
    E_NAME_UNKNOWN = (
        "A name does not exist in the table that it points to.",
        "A slip, or the row was deleted or renamed there.",
        "Use a name that exists, or add its row.",
    )
    E_NAME_TAKEN = (
        "A name is reserved, or stands for two things.",
        "A word such as sun, orbit or halls, or the name of a place that is also a bloc.",
        "Choose another name.",
    )
    E_COUNTRY_UNKNOWN = (
        "A code is not that of a country.",
        "The name of a country or of a group instead of its code.",
        "Use the two letters of ISO 3166.",
    )
    E_KEY_DUPLICATE = (
        "A key of the plan has two values.",
        "A line was copied, or a key and one below it are both stated.",
        "Keep one of the two.",
    )
    E_KEY_MISSING = (
        "A key of the plan is missing.",
        "It was deleted or never written.",
        "Add it; the message says what it holds.",
    )
    E_KEY_UNKNOWN = "A plan has no such key.", "A slip in the name, or a wrong indentation.", "Use the key suggested."
    E_KEY_VALUE = (
        "A key of the plan holds something else than it allows.",
        "A value of the wrong kind or out of bounds.",
        "Write a value as the message describes it.",
    )
    E_EXTENDS = (
        "The chain of plans that extend each other cannot be followed.",
        "A circle, a chain that is too long, or a file that is no plan.",
        "Let each plan extend one other plan, and say why.",
    )
    E_ADJUST = (
        "A change under adjust cannot be made.",
        "Two actions in one change, or an action that the table does not allow.",
        "Write one action for each change.",
    )
    E_CHANGE = (
        "A value cannot be changed in this way.",
        "A key of a table, a text, or a column without numbers is to be set or scaled.",
        "Change a column that may be changed, or edit the file.",
    )
    E_SET_SYNTAX = (
        "An argument of --set cannot be read.",
        "A missing = or quotation marks.",
        "Write KEY=VALUE, in quotation marks.",
    )
    E_QUESTION = (
        "A question to explain --why cannot be answered.",
        "A slip in a name, or a part of the question is missing.",
        "Ask as the example in the message does.",
    )
    E_OWN_LIMITS = (
        "A file of limits of your own cannot be used.",
        "An error in its Python, or a name that the planner uses.",
        "Correct the line that the message names; see own-limits.md.",
    )
    E_MONTHS_MISSING = (
        "A table lacks rows for months of the plan.",
        "The plan was moved or lengthened, and the table was not.",
        "Add the rows, or end the plan where the table ends.",
    )
    E_MONTHS_OVERLAP = (
        "Two rows of a series hold in the same month.",
        "A row begins before the until_month of the one before it is over.",
        "Let one begin later or the other end sooner, as the message says; without until_month a row ends as the next begins.",
    )
    E_MONTHS_ORDER = (
        "A month comes before the month from which it counts, or on the wrong side of the start.",
        "Two months were swapped, or start was moved.",
        "Correct the month.",
    )
    E_GROWTH = (
        "Demand grows beyond any number that a solver can represent.",
        "A doubling time or growth rate in the wrong unit.",
        "Let demand grow more slowly.",
    )
    E_RANGE = (
        "Two values that belong together contradict each other.",
        "A least above a greatest value, a core worth less than the rest, shares above 1, or neither of two values.",
        "Change one of the two.",
    )
    E_DAYS = "Day types leave no typical days.", "More days than a month has.", "Give the day types fewer days."
    E_AS_OF = (
        "A plan starts in another month than the one that its tables of existing assets describe.",
        "`start` was changed, while the fleet, dark chips, power and halls are still those of the month in `as_of`.",
        "Write the plan of the later month with `planner roll`, or bring the tables up to date and state their month.",
    )
    E_ROLL = (
        "A feature of the plan is not carried to a later month by `planner roll`.",
        "The plan of the later month could not say what the feature needs to know of the months before.",
        "Roll a plan without it, or to a month in which the message does not apply.",
    )
    E_ACTUAL = (
        "What is stated of a month that is past cannot have happened.",
        "Another month or place, or chips and megawatts that were not there: what left was not stated, or what came was not.",
        "Correct the cell, or state also the flow that the message names.",
    )
    E_PAYMENTS = (
        "The shares of an asset's capital that are due do not add up to 1.",
        "A payment is missing or stated twice.",
        "State all payments of the asset, or none: all is then due when service begins.",
    )
    E_PROFILE = (
        "A profile is incomplete or holds values that its kind does not allow.",
        "An hour is missing or stated twice, or percent stand where fractions are expected.",
        "State every hour once, in the unit of its kind.",
    )
    E_PAIR = (
        "A pair of places is stated twice, priced twice or with itself.",
        "Both directions of a pair are rows, or two routes overlap.",
        "State each pair once.",
    )
    E_POOL = (
        "A target or a reservation names a part of those whose demand is pooled.",
        "The class has no latency limit, so that the demand of its bloc is served together.",
        "Name the whole bloc, or give the class a latency_ms.",
    )
    E_DESIGN = (
        "A satellite cannot be built as stated.",
        "Values that physics does not allow together.",
        "Change the value that the message names.",
    )
    E_FUEL = (
        "An option and its fuel or its emissions do not fit each other.",
        "A heat rate without a fuel, or emissions that nobody states.",
        "State both, or neither.",
    )
    E_STORAGE = (
        "Storage is described in part, or as if it burned or emitted something.",
        "A duration without an efficiency, or a row copied from a power plant.",
        "State duration and efficiency; leave fuel and emissions empty.",
    )
