"""Charts, as Vega-Lite, for every medium but Excel: drawn as SVG for the report and as PNG for folders."""
