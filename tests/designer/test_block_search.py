import pytest

from designer.available import PORTS, available
from designer.block_search import COMMON, search
from engine.blocks import CATALOGUE
from engine.composites import ALIASES, names


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
        ("skip connection", "Add"),
        ("1x1 conv", "Conv2d"),
        ("dilated", "Conv2d"),
        ("upconv", "ConvTranspose1d"),
        ("label smoothing", "CrossEntropyLoss"),  # by their settings
        ("class weights", "CrossEntropyLoss"),
        ("bidirectional", "LSTM"),
        ("spectral norm", "Linear"),
        ("return indices", "MaxPool2d"),
        ("mobilenet", "inverted-residual"),  # groups by what they are known from
        ("densenet", "dense-block"),
        ("unet", "u-net-level"),
        ("se block", "squeeze-and-excite"),
        ("cross", "CrossEntropyLoss"),  # not Function, which could be torch.cross
        ("tan", "Tanh"),
        ("erf", "Function"),
    ],
)
def test_best_comes_first(query, first):
    assert search(query)[0] == first


def test_every_block_is_found_by_its_name():
    assert [name for name in CATALOGUE if search(name)[:1] != [name]] == []


def test_every_alias_leads_to_its_block():
    lost = [(name, alias) for name, block in CATALOGUE.items() for alias in block.aliases if name not in search(alias)]
    assert lost == []


def test_every_group_that_comes_with_the_program_has_words_of_its_own():
    assert set(ALIASES) == set(names())
    lost = [(name, word) for name, words in ALIASES.items() for word in words if name not in search(word)]
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
