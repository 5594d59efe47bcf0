"""Tables are tested without graphs."""

from tests.eager import no_graphs  # noqa: F401
