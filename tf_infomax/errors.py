"""The error of this package for wrong input."""


class InputError(ValueError):
    """Something the caller passed cannot be used; the message is one sentence for a person.

    Programs print it as one line and exit with status 2; in Python it is an ordinary `ValueError`.
    """
