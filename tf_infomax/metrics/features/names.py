"""Names of networks in records."""

from tf_infomax.errors import InputError

SHIPPED = ("digits", "inception", "keras")
"""Names that stand for one network, or one family of networks, everywhere."""


def own_name(name: str) -> str:
    """Returns the name of a user's network.

    Raises:
        InputError: It is one of the shipped ones, alone or before a colon.
    """
    if name.partition(":")[0] in SHIPPED:
        raise InputError(
            f"`name` (--feature-name) of a network of your own must not be that of a shipped one. Received: {name!r}; "
            "the path of a copy of Inception goes after inception:"
        )
    return name
