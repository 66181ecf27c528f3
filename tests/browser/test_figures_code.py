"""What draws figures begins without a single error, for each of which a browser would read it again (figures_code.py)."""

from __future__ import annotations

import pytest

from tests.browser.running import settle

pytestmark = pytest.mark.browser


def test_no_error_happens_in_what_draws_figures(page_of_its_own):
    page = page_of_its_own
    scripts, happened = {}, []
    session = page.context.new_cdp_session(page)
    session.on("Debugger.scriptParsed", lambda script: scripts.update({script["scriptId"]: script["url"]}))

    def note(paused: dict) -> None:
        where = scripts[paused["callFrames"][0]["location"]["scriptId"]]
        happened.append((where, paused.get("data", {}).get("description")))
        session.send("Debugger.resume")

    session.on("Debugger.paused", note)
    session.send("Debugger.enable")
    session.send("Debugger.setPauseOnExceptions", {"state": "all"})
    page.goto("/overview")
    settle(page)
    assert page.locator("[data-testid=stPlotlyChart] svg.main-svg").count()
    assert happened  # elsewhere some do, and are noted
    assert not [each for each in happened if "PlotlyChart." in each[0]]
    session.detach()
