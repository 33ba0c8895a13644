"""The scripts that a report carries are those of the package that draws its other charts."""

from __future__ import annotations

import pytest
import vl_convert

from docs.vega import SCRIPT, script


def test_the_licence_names_the_versions_of_the_package() -> None:
    first = SCRIPT.with_name("vega.LICENSE").read_text(encoding="utf-8").splitlines()[0]
    lite, embed = vl_convert.get_vegalite_versions()[-1], vl_convert.get_vega_embed_version()
    assert f"Vega {vl_convert.get_vega_version()}, Vega-Lite {lite} and vega-embed {embed} as" in first


@pytest.mark.slow
def test_the_script_is_what_the_package_bundles() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == script(), "run `python -m docs.vega`"
