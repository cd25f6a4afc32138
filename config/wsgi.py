"""What gunicorn serves."""

import codecs
import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django reads the query in the coding that is named before any middleware could refuse it, and some break it: any
    but UTF-8 is made one that nobody has, which is refused as it should be."""
    if not _is_utf8(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = "application/octet-stream; charset=unknown"
    return _pages(environ, start_response)


def _is_utf8(content_type: str) -> bool:
    try:
        named = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return codecs.lookup(named).name == "utf-8"
    except (LookupError, ValueError):
        return False
