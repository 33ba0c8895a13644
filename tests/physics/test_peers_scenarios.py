"""A published peer with four whole scenarios, as `test_peers.py` has the others: power, heat, mass, price and break-even."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from planner.physics import heat, light, mass, money, power
from planner.physics.heat import Surroundings

# --- space-datacentre-model: power, heat, mass, price and break-even of four scenarios ---------------------------------


@dataclass(frozen=True)
class Station:
    """Inputs of ferhat00/space-datacentre-model:odc/model.py@94a2312 (class P) that bear on orbit, per kW of IT sold."""

    array_loss: float = 0.02
    array_w_per_kg: float = 110.0
    array_usd_per_w: float = 30.0
    bus_share: float = 0.08
    battery_wh_per_kg: float = 160.0
    battery_usd_per_kwh: float = 600.0
    battery_depth: float = 0.80
    radiator_k: float = 320.0
    radiator_kg_per_m2: float = 6.0
    radiator_usd_per_m2: float = 3000.0
    it_kg_per_kw: float = 13.0
    it_usd_per_w: float = 32.0
    shield_kg_per_kw: float = 1.8
    spare_share: float = 0.20
    checks_share: float = 0.05
    upright_share: float = 0.95
    structure: float = 0.18
    avionics_usd_per_kw: float = 7000.0
    integration_usd_per_kw: float = 10_000.0
    insurance: float = 0.07
    operation_usd_per_kw_year: float = 1500.0
    life_years: int = 5
    launch_usd_per_kg: float = 1600.0
    sold_share: float = 0.90
    rate: float = 0.15
    pointing: float = 0.97
    battery_efficiency: float = 0.93
    emissivity: float = 0.90
    fin: float = 0.90
    sink_k: float = 230.0
    eclipse_frac: float = 35 / 1440
    eclipse_h: float = 35 / 60

    def bus(self) -> float:
        return (1 + self.spare_share) * (1 + self.bus_share)

    def array_w(self) -> float:
        """Sized for the end of life, not for the mean."""
        load = power.array_power_w_per_kw(self.bus(), 1.0, self.eclipse_frac, self.battery_efficiency)
        return float(load / (money.survival_frac(self.life_years, self.array_loss) * self.pointing))

    def battery_kg(self) -> float:
        sizing = (self.battery_depth, self.battery_wh_per_kg)
        return float(power.battery_mass_kg_per_kw(self.bus(), 1.0, self.eclipse_h, *sizing))

    def radiator_m2(self) -> float:
        """Two faces against a sink temperature that the fin sees as well."""
        panel, sink = (
            heat.black_body_flux_w_per_m2(kelvin - 273.15, self.emissivity * self.fin, 2)
            for kelvin in (self.radiator_k, self.sink_k)
        )
        return float(heat.radiator_area_m2(1000 * self.bus(), panel - sink))

    def kg_per_kw(self) -> float:
        return mass.roll_up(
            array_kg_per_kw=float(power.array_mass_kg(self.array_w(), self.array_w_per_kg)),
            battery_kg_per_kw=self.battery_kg(),
            radiator_kg_per_kw=self.radiator_m2() * self.radiator_kg_per_m2,
            loop_kg_per_kw=0.0,
            it_kg_per_kw=self.it_kg_per_kw * (1 + self.spare_share),
            shielding_kg_per_kw=self.shield_kg_per_kw,
            communications_kg_per_kw=0.0,
            structure_frac=self.structure,
            margin_frac=0.0,
        ).total_kg_per_kw

    def hardware_usd(self) -> float:
        """Processors and platform, without launch, insurance and integration (which it does not insure)."""
        processors = self.it_usd_per_w * 1000 * (1 + self.spare_share)
        array, panels = self.array_w() * self.array_usd_per_w, self.radiator_m2() * self.radiator_usd_per_m2
        battery = self.battery_kg() * self.battery_wh_per_kg / 1000 * self.battery_usd_per_kwh
        return processors + array + panels + battery + self.avionics_usd_per_kw

    def capital_usd(self) -> float:
        launch = self.kg_per_kw() * self.launch_usd_per_kg
        return (self.hardware_usd() + launch) * (1 + self.insurance) + self.integration_usd_per_kw

    def crf(self) -> float:
        """Its annuity: a nominal yearly rate compounded monthly, paid at the end of each month (ours: at its start)."""
        month = self.rate / 12
        return money.monthly_crf_frac_per_year((1 + month) ** 12 - 1, self.life_years) * (1 + month)

    def sold_mwh(self) -> float:
        return 8.76 * self.sold_share * (1 - self.checks_share) * self.upright_share

    def usd_per_gpu_hour(self) -> float:
        price = money.usd_per_mwh(self.capital_usd(), self.crf(), self.operation_usd_per_kw_year, self.sold_mwh())
        return float(price) / 1000 * self.sold_share * 30.5 / 16

    def break_even_usd_per_kg(self, ground_usd_per_gpu_hour: float) -> float:
        target = ground_usd_per_gpu_hour / (self.sold_share * 30.5 / 16) * 1000
        return float(
            money.break_even_launch_usd_per_kg(
                target,
                kg_per_kw=self.kg_per_kw(),
                build_usd_per_kw=self.hardware_usd() + self.integration_usd_per_kw / (1 + self.insurance),
                insurance_frac=self.insurance,
                crf_frac_per_year=self.crf(),
                upkeep_usd_per_kw_year=self.operation_usd_per_kw_year,
                energy_mwh_per_kw_year=self.sold_mwh(),
            )
        )


TODAY = Station()
EARLY = Station(
    array_loss=0.015, array_w_per_kg=180, array_usd_per_w=12, bus_share=0.07, battery_wh_per_kg=200, battery_usd_per_kwh=300,
    radiator_k=325, radiator_kg_per_m2=4, radiator_usd_per_m2=1500, it_kg_per_kw=11, it_usd_per_w=28, shield_kg_per_kw=1.5,
    spare_share=0.15, checks_share=0.04, upright_share=0.96, structure=0.15, avionics_usd_per_kw=5000,
    integration_usd_per_kw=6000, insurance=0.06, operation_usd_per_kw_year=1000, launch_usd_per_kg=700, rate=0.125,
)  # fmt: skip
MATURE = Station(
    array_loss=0.01, array_w_per_kg=350, array_usd_per_w=4, bus_share=0.06, battery_wh_per_kg=260, battery_usd_per_kwh=150,
    battery_depth=0.85, radiator_k=330, radiator_kg_per_m2=2.5, radiator_usd_per_m2=600, it_kg_per_kw=8, it_usd_per_w=24,
    shield_kg_per_kw=1, spare_share=0.10, checks_share=0.03, upright_share=0.98, structure=0.12, avionics_usd_per_kw=3000,
    integration_usd_per_kw=3000, insurance=0.04, operation_usd_per_kw_year=600, life_years=8, launch_usd_per_kg=250, rate=0.103,
)  # fmt: skip
SEMIANALYSIS = Station(
    array_w_per_kg=150, array_usd_per_w=22, bus_share=0.06, battery_wh_per_kg=200, battery_usd_per_kwh=300, radiator_k=322,
    radiator_kg_per_m2=3.5, radiator_usd_per_m2=1100, it_kg_per_kw=11, it_usd_per_w=32.3, shield_kg_per_kw=1,
    checks_share=0.0, structure=0.14, avionics_usd_per_kw=4500, integration_usd_per_kw=8000, insurance=0.06,
    operation_usd_per_kw_year=1650, sold_share=0.80,
)  # fmt: skip


@pytest.mark.parametrize(
    ("station", "tonnes_per_mw", "capital_musd_per_mw", "usd_per_gpu_hour"),
    [
        pytest.param(TODAY, 56.8, 211, 14.89, id="today"),
        pytest.param(EARLY, 37.8, 94, 6.24, id="early Starship"),
        pytest.param(MATURE, 22.6, 46, 2.08, id="mature Starship"),
        pytest.param(SEMIANALYSIS, 39.7, 158, 10.73, id="SemiAnalysis 2026"),
    ],
)
def test_station_reproduced(
    station: Station, tonnes_per_mw: float, capital_musd_per_mw: float, usd_per_gpu_hour: float
) -> None:
    """ferhat00/space-datacentre-model:README.md@558df43 (headline results), odc/model.py@94a2312, odc/scenarios.py@388b8db.

    Half of the last digit published. SemiAnalysis's own 10.91 USD is known only from that page: its preset is 1.6 % off.
    """
    assert station.kg_per_kw() == pytest.approx(tonnes_per_mw, abs=0.05)
    assert station.capital_usd() / 1000 == pytest.approx(capital_musd_per_mw, abs=0.5)
    assert station.usd_per_gpu_hour() == pytest.approx(usd_per_gpu_hour, abs=0.0055)


def test_station_break_even_reproduced() -> None:
    """Same table: +367 USD/kg for the mature case, negative for the others, against the ground's price per GPU-hour.

    That price has two decimals: 0.005 USD is worth 7 USD/kg.
    """
    assert MATURE.break_even_usd_per_kg(2.19) == pytest.approx(367, abs=7)
    for station, ground_usd_per_gpu_hour in ((TODAY, 2.67), (EARLY, 2.43), (SEMIANALYSIS, 2.48)):
        assert station.break_even_usd_per_kg(ground_usd_per_gpu_hour) < 0


def test_station_step() -> None:
    """Wrong: one eclipse of 35 minutes a day at 550 km. In season there is one in each revolution, none above 22 minutes.

    In the worst month 22 % of the light is lost, so that a station that carries its whole load through the dark needs an
    array 27 % larger, and a battery 38 % smaller. Its sink of 230 K is harder than an edge-on panel meets (about 185 K):
    that makes its radiator a fifth too large.
    """
    dark, longest_h = light.worst_month(550, 6.0)[1], light.longest_eclipse_h(550, 6.0)
    ours = replace(TODAY, eclipse_frac=dark, eclipse_h=longest_h)
    assert dark == pytest.approx(0.222, abs=0.002)
    assert longest_h * 60 == pytest.approx(21.6, abs=0.1)
    assert ours.array_w() / TODAY.array_w() == pytest.approx(1.274, abs=0.005)
    assert ours.battery_kg() / TODAY.battery_kg() == pytest.approx(0.618, abs=0.005)
    sink_k = float(heat.coldest_panel_c(Surroundings(float(heat.edge_on_view_factor(550)), 0.2, 1.0), 0.90, 0.15)) + 273.15
    assert sink_k == pytest.approx(185, abs=2)
    assert TODAY.radiator_m2() / replace(TODAY, sink_k=sink_k).radiator_m2() == pytest.approx(1.21, abs=0.02)
