"""Workbooks of users, made here: formulas and charts that point at our sheets, names, conditional formats, a pivot."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FORMULAS = {
    "A1": "=plan_cost/1000",
    "A2": "=SUM(plan_launch[2027-01])",
    "A3": '=SUMIFS(plan_power[2027-02],plan_power[measure],"capacity_mw")',
    "A4": "=INDEX(plan_league!$B$2:$B$9,1)",
    "A5": "=Budget-plan_cost",
}


def model(path: Path) -> Path:
    """A user's workbook as XlsxWriter makes it, before any sheet of ours is in it."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("My model")
    for cell, formula in FORMULAS.items():
        page.write_formula(cell, formula)
    page.write_column("C1", [3, 1, 2])
    page.conditional_format("C1:C3", {"type": "3_color_scale"})
    page.data_validation("D1", {"validate": "list", "source": ["low", "high"]})
    page.write_comment("C1", "mine")
    page.insert_textbox("F20", "what I think")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='My model'!$C$1:$C$3", "name": "mine"})
    page.insert_chart("F1", chart)
    of_ours = book.add_chart({"type": "line"})
    of_ours.add_series({"values": "=plan_costs!$D$2:$G$2", "values_data": [1, 2, 3, 4], "name": "of the plan"})
    page.insert_chart("F10", of_ours)
    book.define_name("Budget", "='My model'!$C$2")
    data = book.add_worksheet("Data")
    data.add_table(
        "A1:B4", {"name": "mine", "data": [["a", 1], ["b", 2], ["a", 3]], "columns": [{"header": "k"}, {"header": "v"}]}
    )
    book.add_worksheet("Pivot")
    book.add_worksheet("plan_notes").write("A1", "a sheet of mine whose name begins like yours")
    book.close()
    return path


def with_pivot(path: Path) -> Path:
    """The same with a pivot table on the sheet Pivot, of the table on the sheet Data: parts as Excel writes them."""
    with zipfile.ZipFile(path) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def related(kind: str, target: str, number: int = 1) -> str:
        return f'<Relationship Id="rIdP{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'

    def all_related(text: str) -> bytes:
        return f'{HEAD}<Relationships xmlns="{relations}">{text}</Relationships>'.encode()

    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'{HEAD}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rIdP1" refreshedBy="me" recordCount="3">'
        '<cacheSource type="worksheet"><worksheetSource ref="A1:B4" sheet="Data"/></cacheSource><cacheFields count="2">'
        '<cacheField name="k" numFmtId="0"><sharedItems count="2"><s v="a"/><s v="b"/></sharedItems></cacheField>'
        '<cacheField name="v" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" '
        'containsInteger="1" minValue="1" maxValue="3"/></cacheField></cacheFields></pivotCacheDefinition>'
    ).encode()
    parts["xl/pivotCache/pivotCacheRecords1.xml"] = (
        f'{HEAD}<pivotCacheRecords xmlns="{MAIN}" count="3"><r><x v="0"/><n v="1"/></r><r><x v="1"/><n v="2"/></r>'
        '<r><x v="0"/><n v="3"/></r></pivotCacheRecords>'
    ).encode()
    parts["xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels"] = all_related(
        related("pivotCacheRecords", "pivotCacheRecords1.xml")
    )
    parts["xl/pivotTables/pivotTable1.xml"] = (
        f'{HEAD}<pivotTableDefinition xmlns="{MAIN}" name="MyPivot" cacheId="7" dataCaption="Values" applyNumberFormats="0">'
        '<location ref="A3:B6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="2">'
        '<pivotField axis="axisRow" showAll="0"><items count="3"><item x="0"/><item x="1"/>'
        '<item t="default"/></items></pivotField>'
        '<pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields>'
        '<rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Sum of v" fld="1" baseField="0" baseItem="0"/></dataFields>'
        "</pivotTableDefinition>"
    ).encode()
    parts["xl/pivotTables/_rels/pivotTable1.xml.rels"] = all_related(
        related("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    )
    parts["xl/worksheets/_rels/sheet3.xml.rels"] = all_related(related("pivotTable", "../pivotTables/pivotTable1.xml"))
    rels = "xl/_rels/workbook.xml.rels"
    link = related("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", 9)
    parts[rels] = parts[rels].replace(b"</Relationships>", link.encode() + b"</Relationships>")
    caches = b'<pivotCaches><pivotCache cacheId="7" r:id="rIdP9"/></pivotCaches></workbook>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</workbook>", caches)
    types = "".join(
        f'<Override PartName="/xl/{name}1.xml" ContentType="{kinds}.{kind}+xml"/>'
        for name, kind in (
            ("pivotCache/pivotCacheDefinition", "pivotCacheDefinition"),
            ("pivotCache/pivotCacheRecords", "pivotCacheRecords"),
            ("pivotTables/pivotTable", "pivotTable"),
        )
    )
    name = "[Content_Types].xml"
    parts[name] = parts[name].replace(b"</Types>", types.encode() + b"</Types>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for part, data in parts.items():
            zipped.writestr(part, data)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    """Every part of a workbook."""
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}
