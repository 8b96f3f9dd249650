"""Python processes that tests start have fasterapi in FastAPI's place as well."""

import stand_in  # noqa: F401
