"""The Authorization field in parts."""

from typing import Optional, Tuple


def get_authorization_scheme_param(
    authorization_header_value: Optional[str],
) -> Tuple[str, str]:
    """The scheme and the rest; both empty without a value."""
    scheme, _, rest = (authorization_header_value or "").partition(" ")
    return scheme, rest.strip()
