"""The key behind a webhook's shared secret, as the Standard Webhooks scheme writes it."""

import base64

_PREFIX = "whsec_"


def signing_key(secret: str) -> bytes:
    """Base64 after `whsec_`, else the secret's UTF-8 bytes; ValueError, without the secret, if that is no key."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError(f"expected base64 after {_PREFIX}")
    return key
