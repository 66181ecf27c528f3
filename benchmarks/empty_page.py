"""The floor of every page: a Streamlit page with a button and nothing else, run by `streamlit run`."""

import streamlit as st

st.button("again", key="again")
