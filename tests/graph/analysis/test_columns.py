"""Ties as integer columns, against the networkx graph made from the same rows."""

import random

import networkx
import pytest

from graph.analysis.columns import read_columns


@pytest.mark.parametrize("seed", range(8))
def test_columns_hold_what_networkx_holds_whatever_the_order_of_rows(seed: int) -> None:
    chance = random.Random(seed)
    graph = networkx.gnm_random_graph(30, 90, seed=seed)
    rows = [(f"p{one:02d}", f"p{other:02d}", chance.random()) for one, other in graph.edges]
    named = networkx.Graph()
    named.add_weighted_edges_from(rows)
    columns = read_columns(rows)
    chance.shuffle(rows)
    again = read_columns(rows)

    assert columns.names == tuple(sorted(named))
    assert {(columns.names[a], columns.names[b]): weight for a, b, weight in columns.pairs()} == {
        (min(a, b), max(a, b)): weight for a, b, weight in named.edges(data="weight")
    }
    for position, name in enumerate(columns.names):
        near = columns.targets[columns.starts[position] : columns.starts[position + 1]]
        assert [columns.names[one] for one in near] == sorted(other for other in named[name] if other > name)
    assert [part.tobytes() for part in (again.starts, again.targets, again.weights)] == [
        part.tobytes() for part in (columns.starts, columns.targets, columns.weights)
    ]


def test_names_may_be_given_in_an_order_of_their_own() -> None:
    columns = read_columns([("a", "b", 0.5)], names=("c", "b", "a"))
    assert list(columns.pairs()) == [(1, 2, 0.5)]


def test_no_rows_make_no_ties() -> None:
    assert list(read_columns([]).pairs()) == []
    assert list(read_columns([], names=("a",)).pairs()) == []
