"""What other people call the columns of the planner's tables: words by which a title of their file is recognised."""

from __future__ import annotations

import re

from planner.schema.written import OTHER_MONEY

TITLES = {
    "region_id": "region, cloud region, google cloud region, region name, site, site id, datacenter, state, campus, code",
    "name": "name, location, site name, title",
    "country_iso2": "country, country code, iso2, iso country",
    "latitude_deg": "latitude, lat",
    "longitude_deg": "longitude, lon, lng, long",
    "pue": "pue, power usage effectiveness",
    "generation_id": "chip, model, accelerator, gpu, hardware, hardware name, sku, part, product",
    "kunit": "quantity, qty, units, count, number, menge, pieces, ordered",
    "month": "month, date, delivery, delivery date, delivery month, period, prop date, launch date, year month, cod, monat",
    "delivered_from": "in service, in service date, install date, installed, commissioned, purchase date, delivered from, date",
    "delivered_to": "delivered to",
    "one_way_ms": "latency, milliseconds, ms, one way, latency ms, rtt, round trip, average round trip",
    "from_id": "from, source region, sending region, origin, source, from region, average round trip",
    "to_id": "to, destination, target, to region, destination region, receiving region, target region",
    "energy_usd_per_mwh": "price, tariff, energy price, electricity price",
    "carbon_kg_per_mwh": "carbon intensity, grid carbon intensity, co2 intensity, emissions, emission factor",
    "capex_usd_per_kw": "capex, investment, overnight cost, capital cost",
    "option_id": "technology, type, generation type, fuel, source of power, resource",
    "start_mw": "capacity, import capacity, connected, power",
    "build_mw": "capacity, mw, size, mw1, power",
    "h100e_per_unit": "performance, tensor performance, tensor fp16 bf16 performance, flop s, peak flops",
    "kw_per_unit": "tdp, power, board power, tdp w",
    "price_usd_per_unit": "price, release price, unit price, list price",
    "usd_per_kg": "price, price per kg, cost per kg, launch price, launch cost",
    "usd_per_mmbtu": "price, gas price, spot price, delivered price, natural gas spot price",
    "fuel_id": "fuel, commodity",
    "from_month": "month, date, from month, period, year month, monat",
    "value": "total lmp da, total lmp rt, lmp, lbmp, rrp, price, mw, settlement point price, preis, spot price",
    "start_kh100e": "demand, forecast",
    "life_years": "lifetime, life, economic life",
    "status": "status, queue status, q status",
}
"""By column, with commas between."""

BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def words_of(title: str) -> str:
    """A title in plain words, without what stands in brackets: `Import cap. (kVA)` is `import cap`."""
    return " ".join(re.findall(r"[a-z0-9äöüß]+", BRACKETS.sub(" ", title).casefold()))


def unit_in(title: str) -> str:
    """What stands in the last brackets of a title, which is often its unit, or a last word such as ct/kWh."""
    found = BRACKETS.findall(title) or re.findall(r"\s([^\s/]+/[^\s/]+)$", title)
    return found[-1].strip() if found else ""


def money_in(title: str) -> str:
    """The currency other than USD that a title names: EUR in `price_eur_mwh`; empty for none."""
    words = [word.upper() for word in re.findall(r"[^\W\d_]+|[€£¥₹₩]", title)]
    return next((word for word in words if word in OTHER_MONEY), "")


def is_round_trip(title: str) -> bool:
    """Whether a title speaks of a delay there and back."""
    return bool({"rtt", "round", "roundtrip", "ping"}.intersection(words_of(title).split()))


def known_words(column: str) -> list[str]:
    """What a column is called: its own name, and what people call it."""
    return [words_of(column), *(word.strip() for word in TITLES.get(column, "").split(",") if word.strip())]
