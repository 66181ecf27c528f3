"""What paper gets of an interactive table: all rows up to a limit, numbers as on the screen, text as text."""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

from pages.components.print_table import MOST_PRINTED
from tests.pages.conftest import html_of


def _shown(rows: int) -> str:
    def script(rows: int) -> None:
        import pandas as pd

        from pages.components.links import with_texts
        from pages.components.print_table import show_for_print
        from pages.components.tables import Col

        frame = pd.DataFrame(
            {"name": [f"<b>单位{i}</b>" for i in range(rows)], "score": 80.125, "share": 0.5, "article": 19}
        ).assign(unit=with_texts(["/unit?cycle=2026&unit=1"] * rows, ["示例<局>"] * rows))
        frame.loc[0, "score"] = None
        columns = {
            "name": Col("单位"),
            "score": Col("得分", "score"),
            "share": Col("占比", "percent"),
            "article": Col("条文", "article"),
            "unit": Col("单位", "link"),
        }
        show_for_print(frame, columns)

    return html_of(AppTest.from_function(script, kwargs={"rows": rows}).run())


def test_rows_are_printed_as_the_screen_writes_them():
    html = _shown(2)
    assert html.count("<tr>") == 3 and "只打印" not in html
    assert "&lt;b&gt;单位1&lt;/b&gt;" in html and "<b>" not in html
    assert '<td class="aq-num">80.12</td><td class="aq-num">50.0%</td><td class="">第十九条</td>' in html
    assert '<td class="">示例&lt;局&gt;</td>' in html and "/unit?" not in html
    assert '<td class="aq-num">—</td>' in html


def test_counts_have_their_thousands_apart_on_the_screen_and_on_paper():
    def script() -> None:
        import pandas as pd

        from pages.components.tables import Col, show_table

        show_table(pd.DataFrame({"units": [12000, 999]}), {"units": Col("单位数", "count")}, key="counts")

    app = AppTest.from_function(script).run()
    assert ">12,000<" in html_of(app) and ">999<" in html_of(app)
    assert '"format": "localized"' in app.dataframe[0].proto.columns
    assert app.dataframe[0].value["units"].tolist() == [12000, 999]


def test_more_rows_than_paper_is_worth_are_counted():
    html = _shown(MOST_PRINTED + 1)
    assert html.count("<tr>") == MOST_PRINTED + 1
    assert f"只打印前 {MOST_PRINTED} 行，共 {MOST_PRINTED + 1} 行" in html
    assert f"单位{MOST_PRINTED - 1}&lt;" in html


def test_a_share_is_the_same_on_the_screen_on_paper_and_in_words():
    def script() -> None:
        import pandas as pd

        from pages.components.tables import Col, show_table

        frame = pd.DataFrame({"share": [13 / 16, 0.8175, None]})
        show_table(frame, {"share": Col("占比", "percent")}, key="shares")

    app = AppTest.from_function(script).run()
    shown = app.dataframe[0].value["share"].tolist()
    assert shown[:2] == [81.2, float(f"{0.8175:.1%}"[:-1])] and pd.isna(shown[2])
    assert f"{13 / 16:.1%}" == "81.2%" and ">81.2%<" in html_of(app)


def test_what_rounds_to_nothing_has_no_sign():
    def script() -> None:
        import pandas as pd

        from pages.components.html_table import Cell, show_rows
        from pages.components.tables import Col, show_table

        frame = pd.DataFrame({"share": [-2e-16], "points": [-0.004]})
        show_table(frame, {"share": Col("占比", "percent"), "points": Col("分", "score")}, key="nothing")
        columns = {"share": Cell("占比", "bar", decimals=1), "points": Cell("分", "number")}
        show_rows(frame, columns)
        show_rows(frame, {"share": Cell("占比", "percent", decimals=0)})

    app = AppTest.from_function(script).run()
    html = html_of(app)
    assert html.count(">0.0%<") == 2 and html.count(">0.00<") == 2 and html.count(">0%<") == 1
    assert "-0" not in html and "−0" not in html
    assert str(app.dataframe[0].value["share"].iloc[0]) == "0.0"


def test_what_is_below_nothing_has_a_true_minus_and_stays_a_number():
    def script() -> None:
        import pandas as pd

        from pages.components.html_table import Cell, show_rows
        from pages.components.tables import Col, show_table

        frame = pd.DataFrame({"share": [-0.032], "points": [-1234.5], "day": [pd.Timestamp(2026, 1, 2)]})
        show_table(frame, {"points": Col("分", "score"), "day": Col("日期", "date")}, key="below")
        show_rows(frame, {"share": Cell("占比", "percent"), "points": Cell("分", "number")})

    app = AppTest.from_function(script).run()
    html = html_of(app)
    for said in ("−1234.50", "2026-01-02", "−3.20%", "−1,234.50"):
        assert f">{said}<" in html
    assert app.dataframe[0].value["points"].iloc[0] == -1234.5
