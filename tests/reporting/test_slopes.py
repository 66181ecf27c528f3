"""Labels of slopes keep their order and their distance."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reporting.slopes import spread


@given(st.lists(st.floats(0, 100), min_size=1, max_size=25))
def test_labels_keep_their_order_and_never_lie_on_each_other(values):
    places = spread(values, least=4, low=-5, high=105)
    order = sorted(range(len(values)), key=lambda at: (values[at], at))
    assert all(places[b] - places[a] >= 4 - 1e-6 for a, b in pairwise(order))
    assert min(places) >= -5 - 1e-6
    assert max(places) <= 105 + 1e-6


def test_labels_with_room_stand_at_their_points():
    assert spread([50, 10, 90], least=4, low=0, high=100) == [50, 10, 90]
