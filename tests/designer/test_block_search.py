import pytest

from designer.block_search import first_sentence, search
from engine.blocks import CATALOGUE


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("dense", "Linear"),
        ("fully connected", "Linear"),
        ("linear", "Linear"),
        ("conv2d", "Conv2d"),
        ("conv", "Conv1d"),
        ("max pool", "MaxPool2d"),
        ("loss", "CrossEntropyLoss"),
        ("skip", "Add"),
        ("rnn", "LSTM"),
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


def test_all_words_must_fit():
    assert set(search("2d norm")) == {"BatchNorm2d"}


def test_an_empty_query_finds_all_and_nonsense_nothing():
    assert search("  ") == list(CATALOGUE)
    assert search("qqqqq") == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_first_sentence(name):
    sentence = first_sentence(CATALOGUE[name])
    assert sentence.endswith(".")
    assert "\n" not in sentence
