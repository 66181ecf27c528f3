"""A Streamlit app with the screens of the product and nothing behind them: every page sends, ready made, what the product
sent for it, `streamlit run benchmarks/replayed.py`; the page `empty` sends nothing. $REPLAYED_FOLDER holds the pages."""

import os
from functools import cache, partial
from pathlib import Path

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg, ForwardMsgList
from streamlit.runtime.scriptrunner import get_script_run_ctx

EMPTY = "empty"
FIRST = "overview"  # stands at /, as in the product


@cache
def sent(path: Path) -> list[ForwardMsg]:
    return list(ForwardMsgList.FromString(path.read_bytes()).messages)


def replay(path: Path) -> None:
    for message in sent(path):
        get_script_run_ctx().enqueue(message)


def pages() -> list:
    folder = Path(os.environ["REPLAYED_FOLDER"])
    empty = st.Page(lambda: None, title=EMPTY, url_path=EMPTY)
    shown = [
        st.Page(partial(replay, path), title=path.stem, url_path=path.stem, default=path.stem == FIRST)
        for path in sorted(folder.glob("*.messages"))
    ]
    return [*shown, empty]


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    st.navigation(pages(), expanded=True).run()
