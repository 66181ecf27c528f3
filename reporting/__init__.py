"""Frames in, figures out: how the numbers look on the screen and in a meeting; knows no Streamlit and no database."""
