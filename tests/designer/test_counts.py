import pytest

from designer.counts import grouped, in_words, memory, rounded


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (999, "999"), (18496, "18 496"), (1234567, "1 234 567")])
def test_grouped(count, text):
    assert grouped(count).replace("\u2009", " ") == text


def test_a_line_of_a_sentence_never_ends_in_a_number():
    assert in_words(1234567) == "1\u202f234\u202f567"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (998, "998"), (999, "999"), (1000, "1 k"), (18496, "18.5 k"), (2_230_272, "2.23 M"), (999_999, "1 M")],
)
def test_rounded(count, text):
    assert rounded(count) == text


@pytest.mark.parametrize(
    ("size", "text"), [(4, "4 B"), (1024, "1 KiB"), (30976, "30.2 KiB"), (1000, "0.98 KiB"), (3 * 2**20, "3 MiB")]
)
def test_memory(size, text):
    assert memory(size) == text
