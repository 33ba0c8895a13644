"""The codes of warnings and notes, beside those of refusals in `refusals.py`."""

from __future__ import annotations

from enum import unique

from planner.codes.refusals import AnyCode


@unique
class Remark(AnyCode):
    """Codes of what does not stop a plan."""

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
    W_TIME_LIMIT = (
        "The time limit ends before there is a plan at all.",
        "Reading and building a large plan takes longer than the limit, and so does a plan that adds nothing.",
        "Raise --time-limit, or expect the command to take as long as the message says.",
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
    W_TARGET_VOID = (
        "A target for what is served applies to nothing in the plan.",
        "Its demand or its months are outside the plan, or its share is 0.",
        "Correct its demand, months or share, or delete it.",
    )
    W_TARGET_IMPOSSIBLE = (
        "A target for what is served is more than can be served.",
        "Power, halls or chips grow too slowly, or nothing within reach may serve the demand.",
        "Lower min_served_frac to what the message says, or state a penalty.",
    )
    W_RESERVATION_IMPOSSIBLE = (
        "Reserved capacity is more than can stand in its region.",
        "Power, halls or chips of the region grow too slowly.",
        "Lower kh100e to what the message says, move it to a later month, or state a penalty.",
    )
    W_COMMITMENT_IMPOSSIBLE = (
        "Orders or closures exceed what is possible: no plan can meet them.",
        "A closure of more than exists, or orders beyond what is delivered.",
        "Lower the order, or raise its limit.",
    )
    W_PROJECT_IMPOSSIBLE = (
        "A project cannot be taken in any of its months.",
        "Its months are outside the plan, or it is larger than what is delivered in a month.",
        "Correct its months or its size, raise supply, or let it be taken in part.",
    )
    W_CARBON_OUTSIDE = "A carbon cap is for a year outside the plan.", "The plan was moved.", "Delete it or correct the year."
    W_BUDGET_OUTSIDE = "A budget is for a year outside the plan.", "The plan was moved.", "Delete it or correct the year."
    W_BUDGET_IMPOSSIBLE = (
        "What is ordered costs more than the budget of a year: no plan can meet both.",
        "An order that the budget does not hold, or one whose payments fall into other years.",
        "Raise the budget, cancel the order, or correct the payments.",
    )
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
    W_ACTUAL_FAR = (
        "An actual is at least ten times what was planned, or at most a tenth of it.",
        "Another unit, a slip of the decimal point, or an unusual month.",
        "Correct the cell; if it is right, change nothing: the new plan follows it.",
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
    N_SITE_CLOSES = (
        "A region closes within the plan: what it loses.",
        "The order book has a row of option_id site.",
        "Nothing, or name ways in chip_moves on which its chips may leave.",
    )
    N_CARBON_PART = (
        "A carbon cap is for a year that is in the plan in part.",
        "The plan begins or ends within the year.",
        "Nothing: the cap counts in proportion.",
    )
    N_BUDGET_PART = (
        "A budget is for a year that is in the plan in part.",
        "The plan begins or ends within the year.",
        "Nothing: the budget counts in proportion.",
    )
    N_WITHOUT_EFFECT = (
        "A row, a name or a key changes nothing.",
        "What it needs is not in the plan.",
        "Delete it, or add what it needs.",
    )
    N_SHEET_IGNORED = "A sheet is not a table and is not read.", "Notes or charts of your own.", "Nothing to do."
    N_FILE_FORM = (
        "A file is not written as the planner writes one, and was read all the same.",
        "A spreadsheet program of another language, or an export of another program.",
        "Nothing, where the message is right; else save it as CSV in UTF-8 with commas, or state its form in a map.",
    )
    N_TABLE_MAPPED = (
        "A table was read from a file of another shape by its map; the message says what became of the rows.",
        "The plan states a map.",
        "Nothing, if the numbers of rows are those you expect; `planner check` shows the first rows before and after.",
    )
    N_ROWS_LEFT_OUT = (
        "Rows with names that no table of the plan has were left out.",
        "The map of the table says unknown: leave_out.",
        "Nothing, or correct the names with values in the map.",
    )
    N_FORMULAS = (
        "Cells are computed by formulas and read as stored.",
        "The workbook computes its inputs.",
        "Save it in a spreadsheet program after a change.",
    )
