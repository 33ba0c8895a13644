"""Cell styles by name: in a spreadsheet program all inputs, results or checks of a workbook can be chosen or changed at once.

XlsxWriter knows the style Normal alone; here its part `styles.xml` gets ours besides."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.styles import Styles, XFormatType

CELL_STYLES: dict[str, dict[str, Any]] = {"Input": {"font_color": "#1F3FA0"}, "Result": {}, "Check": {}}
"""What cells of each style have in common: inputs are blue, as in financial models."""
BUILT_IN = {"Input": 20}
"""Numbers of those that Excel has too, in a look of its own."""


def give_style(made: Format, name: str) -> None:
    """Let a format be one of a style; formats of different styles stay apart though they look the same."""
    made._format_key = f"{made._get_format_key()}:{name}"
    made.cell_style = name


class StylePackager(Packager):  # type: ignore[misc]
    """Writes the parts of a workbook, with the styles ``cell_styles`` of the workbook by name."""

    def _write_styles_file(self) -> None:
        book, styles = self.workbook, NamedStyles(self.workbook.cell_styles)
        styles._set_style_properties(
            [
                book.xf_formats,
                book.palette,
                book.font_count,
                book.num_formats,
                book.border_count,
                book.fill_count,
                book.custom_colors,
                book.dxf_formats,
                book.has_comments,
            ]
        )
        styles._set_xml_writer(self._filename("xl/styles.xml"))
        styles._assemble_xml_file()


class NamedStyles(Styles):  # type: ignore[misc]
    """The part `styles.xml`. ``named``: the plain format of each style."""

    def __init__(self, named: dict[str, Format]) -> None:
        super().__init__()
        self.named = named

    @property
    def first(self) -> int:
        """The number of the first style of ours, after Normal and that of links."""
        return 2 if self.has_hyperlink else 1

    def _write_xf(self, xf_format: Format, xf_type: XFormatType) -> None:
        name = getattr(xf_format, "cell_style", "")
        if name:
            xf_format.xf_id = self.first + list(self.named).index(name)
        super()._write_xf(xf_format, xf_type)

    def _write_cell_style_xfs(self) -> None:
        self._xml_start_tag("cellStyleXfs", [("count", self.first + len(self.named))])
        self._write_xf(self.xf_formats[0], XFormatType.STYLE)
        if self.has_hyperlink:
            self._write_style_xf(True, self.hyperlink_font_id)
        for plain in self.named.values():
            self._write_xf(plain, XFormatType.STYLE)
        self._xml_end_tag("cellStyleXfs")

    def _write_cell_styles(self) -> None:
        self._xml_start_tag("cellStyles", [("count", self.first + len(self.named))])
        if self.has_hyperlink:
            self._write_cell_style("Hyperlink", 1, 8)
        self._write_cell_style()
        for number, name in enumerate(self.named, start=self.first):
            own: list[tuple[str, Any]] = [("name", name), ("xfId", number)]
            if name in BUILT_IN:
                own += [("builtinId", BUILT_IN[name]), ("customBuiltin", 1)]
            self._xml_empty_tag("cellStyle", own)
        self._xml_end_tag("cellStyles")
