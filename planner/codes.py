"""The code of every finding, warning and note: a short name that stays the same while its sentence may improve.

A finding cannot be made without one. The name of a member is its code: E_ROW_DUPLICATE is E-ROW-DUPLICATE.
`python -m docs.findings` writes `docs/findings.md` from here."""

from __future__ import annotations

from enum import Enum, unique
from typing import Literal

LEVELS: dict[str, Literal["error", "warning", "note"]] = {"E": "error", "W": "warning", "N": "note"}


@unique
class Code(Enum):
    """What it means, its likely cause, the way out."""

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
        "A comma inside a number or text that is not quoted.",
        'Quote the cell: "1,000".',
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

    W_PRICE_BELOW_ZERO = (
        "Prices below zero count as zero.",
        "A profile moves the energy price below zero.",
        "Nothing, if few hours are below zero; else raise the price.",
    )
    W_VALUE_IMPLAUSIBLE = (
        "A number is outside what is known of its column or key.",
        "Another unit, or a misplaced decimal point.",
        "Write the unit next to the number; the message suggests which.",
    )
    W_VALUE_APART = (
        "One value of a column is far from all others.",
        "Another unit, or a misplaced decimal point.",
        "Compare the value with its source.",
    )
    W_PROPORTION = (
        "A number is at odds with those beside it.",
        "Units where thousands are expected, or a price per kWh among prices per MWh.",
        "Compare both numbers with their sources.",
    )
    W_NAME_CASE = "Two names differ in capital letters only.", "A slip.", "Use one of the two."
    W_COORDINATES = "A place is not where its country is.", "Coordinates swapped or without a sign.", "Correct them."
    W_DELAY_TOO_SHORT = (
        "A delay is below that of light over its distance.",
        "Seconds instead of milliseconds, or there and back swapped with one way.",
        "Correct the delay.",
    )
    W_CHIPS_PAST_LIFE = (
        "All chips of a row are past their life when the plan begins.",
        "A late start, an early delivery or a short life.",
        "Correct the month of delivery, or delete the row.",
    )
    W_CHIPS_WITHOUT_PLACE = (
        "Chips are allowed in no place of the plan.",
        "Export rules, or a halls' requirement that no place meets.",
        "Relax the rule, or leave out the generation.",
    )
    W_DEMAND_UNSERVABLE = (
        "Demand that may not go unserved is more than can run.",
        "Too few chips or too little power for the demand stated.",
        "Set unserved=allowed, or lower the demand.",
    )
    W_DEMAND_UNREACHABLE = (
        "Demand cannot be served from any place.",
        "A delay limit, residency, or regions that can hold no chip.",
        "Add a region within reach, or relax the rule.",
    )
    W_TARGET_MISSED = (
        "Pairs of places miss a target for their delay, or it names no pair.",
        "The distance is too long for the target.",
        "Relax the target, or move a region.",
    )
    W_START_SHORT = (
        "The chips of a region need more power or halls than it has at the start.",
        "Fleet and power come from different sources.",
        "Raise start_mw or shell_start_mw, or move chips.",
    )
    W_REGION_EMPTY = (
        "No chip can be installed in a region.",
        "It has no power or no halls within the plan.",
        "Add rows of power or halls, or leave the region out.",
    )
    W_OPTION_LATE = (
        "An option comes after the end of the plan.",
        "Its lead time is longer than the plan.",
        "Lengthen the plan, or shorten lead_months.",
    )
    W_NATION_UNBOUNDED = (
        "The grid power of a country has no national envelope.",
        "countries has no row for it.",
        "Add the row, if the country shall have an envelope.",
    )
    W_NATION_ZERO = (
        "A national envelope is zero.",
        "A share of AI or a growth of generation that is 0.",
        "Raise the share or the growth.",
    )
    W_SHARE_VOID = (
        "A share applies to nothing in the plan.",
        "Its months or its demand are outside the plan.",
        "Correct its months or places, or delete it.",
    )
    W_SHARE_IMPOSSIBLE = (
        "A least share is more than can be met, or than leaves much to be served.",
        "Power, halls or chips at the places of the share grow too slowly.",
        "Lower min_frac to what the message says.",
    )
    W_COMMITMENT_IMPOSSIBLE = (
        "Orders or closures exceed what is possible: no plan can meet them.",
        "A closure of more than exists, or orders beyond what is delivered.",
        "Lower the order, or raise its limit.",
    )
    W_CARBON_OUTSIDE = "A carbon cap is for a year outside the plan.", "The plan was moved.", "Delete it or correct the year."
    W_HOURS_FLAT = (
        "A price or the output of a plant is the same in every hour.",
        "power names no profile for it.",
        "Name a profile, or solve with one slice a day.",
    )
    W_WINDOW_UNUSED = (
        "A class has a window but no flexible demand.",
        "flexible_frac is 0.",
        "State flexible_frac, or leave the window empty.",
    )
    W_STORAGE_IDLE = "Storage has nothing to shift.", "The days of the plan have one segment.", "Raise slices."
    W_STORAGE_FIRM = (
        "Storage counts as firm however long an outage lasts.",
        "longest_outage_h is not stated.",
        "State longest_outage_h.",
    )
    W_ROWS_IGNORED = (
        "Rows are ignored: the plan has no such month or day type.",
        "The plan was moved or shortened, or a day type is misspelt.",
        "Nothing, if that is meant; else correct start, months or days.",
    )
    W_DELIVERIES_END = (
        "No chips arrive in some months of the plan.",
        "deliveries begins after the plan or ends before it.",
        "Add rows, or move start.",
    )
    W_SHEET_HIDDEN = (
        "Hidden sheets, rows or columns are read like others.",
        "They were hidden in the spreadsheet program.",
        "Show them and look at them, or delete them.",
    )
    W_WORKBOOK_LINKED = (
        "Cells take values from another workbook, which is not opened.",
        "Formulas with links.",
        "Update the links and save, or write the values.",
    )

    N_CHIPS = "What all chips could serve, compared with demand.", "Always stated.", "Nothing to do."
    N_START = "What is installed at the start, and the power it needs.", "Always stated.", "Nothing to do."
    N_NO_DEMAND = "There is no demand.", "start_kh100e is 0 in every row.", "State demand, if there is any."
    N_CHIPS_PAST_LIFE = (
        "Part of the chips of a row are past their life when the plan begins.",
        "They were delivered over years.",
        "Nothing, or correct the months of delivery.",
    )
    N_CHIPS_WITHOUT_PLACE = (
        "A generation that has no chips is allowed in no place.",
        "Export rules, and no deliveries.",
        "Nothing, or leave out the generation.",
    )
    N_CLOCKS = (
        "The clocks that profiles follow.",
        "Stated when the plan tells hours apart.",
        "Correct utc_offset_h if one is wrong.",
    )
    N_TARGET_MET = "Every pair of places meets a target for its delay.", "Stated for each target.", "Nothing to do."
    N_OWNERS = "The share of firm power of each owner.", "Stated when chips have owners.", "Nothing to do."
    N_COMMITMENT_EARLY = (
        "An order comes before its lead time: it is taken as signed.",
        "It was signed before the plan begins.",
        "Nothing, or correct the month.",
    )
    N_CARBON_PART = (
        "A carbon cap is for a year that is in the plan in part.",
        "The plan begins or ends within the year.",
        "Nothing: the cap counts in proportion.",
    )
    N_WITHOUT_EFFECT = (
        "A row, a name or a key changes nothing.",
        "What it needs is not in the plan.",
        "Delete it, or add what it needs.",
    )
    N_SHEET_IGNORED = "A sheet is not a table and is not read.", "Notes or charts of your own.", "Nothing to do."
    N_FORMULAS = (
        "Cells are computed by formulas and read as stored.",
        "The workbook computes its inputs.",
        "Save it in a spreadsheet program after a change.",
    )

    def __init__(self, means: str, cause: str, way_out: str) -> None:
        self.means, self.cause, self.way_out = means, cause, way_out

    @property
    def level(self) -> Literal["error", "warning", "note"]:
        """Whether it stops a plan, is worth a look, or only says how something was understood."""
        return LEVELS[self.name[0]]

    def __str__(self) -> str:
        return self.name.replace("_", "-")
