"""Hours: prices, availability and demand by slice, from their profiles, and where the day is cut into segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from planner.plan.calendar import Calendar, calendar_of, hours_of
from planner.plan.day import DAY, Array, RepresentativeDays, best_starts, day_shares
from planner.plan.profiles import SUN, Profile, Tables, mean_of, profiles_of, sun_curve
from planner.plan.series import doubling_months, held, keyed
from planner.plan.time_zones import clock_of
from planner.schema.hours import PRICE, PRICE_SHAPE
from planner.schema.settings import Settings

Pair = tuple[str, str]


class Hours:
    """The representative days of a plan, and its profiles by UTC hour at every place that uses them, [day types, 12, 24]."""

    def __init__(self, settings: Settings, tables: Tables) -> None:
        self._tables = tables
        self._year = int(settings.start[:4])
        self._shares = day_shares(settings.days)
        self._profiles = profiles_of(tables["profiles"], self._shares)
        self._prices = self._price_curves()
        self._available = self._availability_curves()
        self._demand = self._demand_curves(calendar_of(settings), doubling_months(settings, tables))
        asked = settings.slices
        self.days = RepresentativeDays(self._shares, asked if isinstance(asked, tuple) else best_starts(self._stacked(), asked))

    def time_of(self, months: tuple[str, ...]) -> dict[str, Any]:
        """Every field of PlanData about time within the month."""
        by_month = {t: self.days.hours(hours_of(month)) for t, month in enumerate(months, start=1)}
        return {
            "slices": self.days.slices,
            "hours_h": {(t, k): hours for t, by_slice in by_month.items() for k, hours in by_slice.items()},
            "day_of": self.days.day_of(),
            "start_h": self.days.start_h(),
            "length_h": self.days.length_h(),
        }

    def energy_price(self, energy: dict[tuple[str, str, int], float], months: tuple[str, ...]) -> dict[Any, float]:
        """[r,p,t,k] price of energy from [r,p,t], never below zero."""
        means = {pair: (kind, self.days.means(curve)) for pair, (kind, curve) in self._prices.items()}
        flat = (PRICE, np.zeros((12, len(self.days.slices))))
        prices = {}
        for (r, p, t), usd in energy.items():
            kind, moved = means.get((r, p), flat)
            for k, value in zip(self.days.slices, moved[int(months[t - 1][5:]) - 1].tolist(), strict=True):
                prices[r, p, t, k] = max(0.0, usd + value if kind == PRICE else usd * value)
        return prices

    def power_availability(self, pairs: list[Pair], calendar: Calendar) -> dict[Any, float]:
        """[r,p,t,k] share of capacity that is available."""
        stated = keyed(self._tables["power"], "availability_frac", calendar)
        means = {
            (pair, frac): self.days.means(self._availability_curve(pair, frac))
            for pair in self._available
            for frac in dict.fromkeys(stated[*pair, t] for t, _ in enumerate(calendar.months, start=1))
        }
        return {
            (*pair, t, k): float(means[pair, frac][int(month[5:]) - 1, k - 1]) if pair in self._available else frac
            for pair in pairs
            for t, month in enumerate(calendar.months, start=1)
            for frac in (stated[*pair, t],)
            for k in self.days.slices
        }

    def demand_shape(
        self, demand: dict[tuple[str, str, int], float], months: tuple[str, ...]
    ) -> dict[tuple[str, str, int, int], float]:
        """[z,w,t,k] demand over its mean, of which the mean weighted by hours is 1."""
        means = [{key: self.days.means(curve) for key, curve in curves.items()} for curves in self._demand]
        return {
            (z, w, t, k): float(of[z, w][int(months[t - 1][5:]) - 1, k - 1]) if (z, w) in of else 1.0
            for z, w, t in demand
            for of in (means[min(t, len(means)) - 1],)
            for k in self.days.slices
        }

    def _price_curves(self) -> dict[Pair, tuple[str, Array]]:
        """What is added to a price (the deviation from the mean of the year), or what multiplies it."""
        curves = {}
        for r, p, name in self._tables["power"].select("region_id", "option_id", "profile_id"):
            if name:
                profile = self._profiles[name]
                mean = mean_of(profile.local, self._shares)
                hourly = profile.at(clock_of(self._tables["regions"], r, self._year))
                curves[r, p] = profile.kind, hourly / mean if profile.kind == PRICE_SHAPE else hourly - mean
        return curves

    def _availability_curves(self) -> dict[Pair, Array]:
        """Share of capacity by hour, the share of the row at the start included."""
        columns = ("region_id", "option_id", "availability_profile_id", "availability_frac")
        rows = self._tables["power"].select(*columns)
        return {(r, p): self._availability_curve((r, p), frac) for r, p, name, frac in rows if name}

    def _availability_curve(self, pair: Pair, frac: float) -> Array:
        """Share of capacity by hour of an option with a profile, whose mean is a share of it, as the row states."""
        region, name = pair[0], self._tables["power"].value("availability_profile_id", *pair)
        if name == SUN:
            return np.repeat(sun_curve(self._tables, region, frac)[None], len(self._shares), axis=0)
        return frac * self._profiles[name].at(clock_of(self._tables["regions"], region, self._year))

    def _demand_curves(self, calendar: Calendar, doubling: Mapping[str, float]) -> list[dict[Pair, Array]]:
        """By month, or once where the zones of a class grow alike, demand over its mean by hour.

        Of a pool it is the mean of its zones, each by its own clock and by what it asks, without growth since the start."""
        tables, elapsed = self._tables, calendar.elapsed()
        bloc = tables["zones"].mapping("zone_id", "bloc")
        classes = {w: row for w, *row in tables["classes"].select("class_id", "profile_id", "latency_ms")}
        count = len(elapsed) if tables["demand"].dated("start_kh100e") else 1
        curves: list[dict[Pair, Array]] = [{} for _ in range(count)]
        weight: list[dict[Pair, float]] = [{} for _ in range(count)]
        for (zone, w), path in zip(tables["demand"].keys, held(tables["demand"], "start_kh100e", calendar), strict=True):
            name, latency = classes[w]
            if not name:
                continue
            profile: Profile = self._profiles[name]
            key = (zone if latency is not None else bloc[zone], w)
            hourly = profile.at(clock_of(tables["zones"], zone, self._year)) / mean_of(profile.local, self._shares)
            for t, one in enumerate(path[:count]):
                kh100e = one.value * 2 ** ((one.grown - elapsed[t]) / doubling[w])
                if kh100e > 0:
                    curves[t][key] = curves[t].get(key, 0.0) + kh100e * hourly
                    weight[t][key] = weight[t].get(key, 0.0) + kh100e
        return [{key: curve / weight[t][key] for key, curve in of.items()} for t, of in enumerate(curves)]

    def _stacked(self) -> Array:
        """Everything that varies by hour, as curves: prices, availability and demand have equal weight.

        Prices count by the days of their day type, as costs do; the others all alike, as limits hold on every day."""
        usd = {(r, p): price for r, p, price in self._tables["power"].select("region_id", "option_id", "energy_usd_per_mwh")}
        prices = [curve if kind == PRICE else usd[pair] * curve for pair, (kind, curve) in self._prices.items()]
        days = np.sqrt([share for _, share in self._shares])[:, None, None]
        rows = []
        for kind, weight in ((prices, days), (list(self._available.values()), 1.0), (list(self._demand[0].values()), 1.0)):
            if kind:
                curves = (np.stack(kind) * weight).reshape(-1, DAY)
                spread = float(np.square(curves - curves.mean(axis=1, keepdims=True)).sum())
                if spread > 0:
                    rows.append(curves / np.sqrt(spread))
        return np.concatenate(rows) if rows else np.zeros((1, DAY))
