"""What the tests take of FastAPI's private package ``dependencies``."""

__path__: list = []  # it has modules below it
