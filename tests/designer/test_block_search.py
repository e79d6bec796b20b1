import pytest

from designer.available import PORTS, available
from designer.block_search import COMMON, search
from engine.blocks import CATALOGUE


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("dense", "Linear"),
        ("fully connected", "Linear"),
        ("linear", "Linear"),
        ("conv2d", "Conv2d"),
        ("conv", "Conv2d"),
        ("max pool", "MaxPool2d"),
        ("loss", "CrossEntropyLoss"),
        ("skip", "Add"),
        ("rnn", "RNN"),
        ("residual block", "residual-block"),
        ("lstm", "LSTM"),
        ("mae", "L1Loss"),
        ("SOFTMAX", "Softmax"),
        ("softmx", "Softmax"),
        ("linar", "Linear"),
        ("label", "Target"),
    ],
)
def test_best_comes_first(query, first):
    assert search(query)[0] == first


def test_every_block_is_found_by_its_name():
    assert [name for name in CATALOGUE if search(name)[:1] != [name]] == []


def test_every_alias_leads_to_its_block():
    lost = [(name, alias) for name, block in CATALOGUE.items() for alias in block.aliases if name not in search(alias)]
    assert lost == []


def test_inside_a_group_its_ports_are_found_and_nothing_that_stays_outside():
    assert search("port", inside=True)[:2] == list(PORTS)
    assert not {*PORTS} & {*search("port")}
    assert search("cross entropy")
    assert "CrossEntropyLoss" not in search("cross entropy", inside=True)


def test_all_words_must_fit():
    assert search("2d norm")[0] == "BatchNorm2d"
    assert "InstanceNorm2d" in search("2d norm")
    assert "LayerNorm" not in search("2d norm")


def test_the_common_blocks_exist():
    assert set(COMMON) <= set(CATALOGUE)


def test_an_empty_query_finds_all_and_nonsense_nothing():
    assert search("  ") == list(available(inside=False))
    assert search("qqqqq") == []
