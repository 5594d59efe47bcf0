"""What InfoMax costs, beside the authors' library."""

import pytest

from tf_infomax.reproduction.infomax_gan.cost import cost


def summary(row: str) -> dict:
    values = {"sngan_seconds": 840.0, "infomax_gan_seconds": 845.0, "overhead": 0.6}
    return {row: {name: {"mean": value, "std": 0.0} for name, value in values.items()}}


def test_beside_the_authors_library():
    text = cost().conclude(summary("32px-ndis-5"))
    assert "takes 1,890 s for SNGAN and 2,010 s for InfoMax-GAN at 32px-ndis-5, 6.3% more" in text
    assert text.endswith("here these are 840 s, 845 s and 0.6%.")


@pytest.mark.parametrize(("widths", "row"), [((8, 8), "32px-ndis-5"), (None, "32px-ndis-1")])
def test_not_beside_other_sizes(widths, row):
    assert cost(widths=widths).conclude(summary(row)) == ""
