"""What is known of the sources that rows name: where publications are to be found, and the ranges of estimates.

Nothing is computed with these rows: they are for the report, and for who checks a number."""

from __future__ import annotations

from planner.schema.fields import LARGEST, Field
from planner.schema.table_schema import optional

PUBLICATION, JUDGEMENT = "publication", "judgement"
KINDS = (PUBLICATION, JUDGEMENT)

CITATIONS = (
    optional(
        "sources",
        "Publications and judgements that rows name as their source: where they are to be found, and the range of an estimate",
        (
            Field("source_id", "name", "name of the publication, or of the judgement as rows name it", key=True),
            Field("kind", "choice", "what it is", choices=KINDS),
            Field("cited_as", "text", "how rows name it in their source; empty for the source_id", required=False, default=""),
            Field("url", "text", "where it is to be found", required=False, default=""),
            Field(
                "input",
                "text",
                "the number that it is the estimate of: table.column, or a key of the plan",
                required=False,
                default="",
            ),
            Field("low", "number", "low end of the estimate", ge=-LARGEST, le=LARGEST, required=False),
            Field("high", "number", "high end of the estimate", ge=-LARGEST, le=LARGEST, required=False),
            Field("unit", "text", "unit of both; empty for that of the input", required=False, default=""),
            Field(
                "effect_musd",
                "number",
                "what 10 % more of each number of its rows does to the cost, without signs (planner explain RUN --estimates)",
                ge=0,
                required=False,
                plausible=(0.01, 100_000_000),
            ),
        ),
    ),
)
