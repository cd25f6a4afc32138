"""Which addresses may be links. Pure: text in, an answer out. Every door asks here, and every page that shows one."""

import re

# No blank, no control character, nothing that ends an attribute, no backslash, which browsers read as a slash, and
# no mark that turns the direction of the text around.
_SAFE = r"[^\s\x00-\x1f\x7f-\x9f\"<>\\\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_HOST = r"(?:\w[\w-]*(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])"
_LINK = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#]{_SAFE}*)?", re.IGNORECASE)
_URN = re.compile(rf"urn:{_SAFE}+")


def may_be_link(address: str) -> bool:
    """Whether ``address`` is of the web and names its host, and so leads where it says and runs nothing."""
    return bool(_LINK.fullmatch(address))


def is_urn(name: str) -> bool:
    """Whether ``name`` is one of no place."""
    return bool(_URN.fullmatch(name))
