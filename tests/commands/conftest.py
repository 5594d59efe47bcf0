"""Commands are tested without graphs; the processes that tests start have them."""

from tests.eager import no_graphs  # noqa: F401
