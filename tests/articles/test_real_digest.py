"""The real digest that the importer was written for. It is not ours to ship, so this file is collected only
where the variable HEARSAY_DATA names a folder with `nato-digest.txt`:

    HEARSAY_DATA=/path/to/data python -m pytest tests/articles/test_real_digest.py
"""

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article, ArticleVersion

DIGEST = Path(os.environ["HEARSAY_DATA"], "nato-digest.txt")


def import_digest() -> str:
    out = io.StringIO()
    call_command("import_articles", str(DIGEST), "--format=digest", "--publisher=NATO Digest", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_imports_as_ten_articles_once() -> None:
    assert import_digest() == "created 10 · updated 0 · unchanged 0 · rejected 0\n"
    assert import_digest() == "created 0 · updated 0 · unchanged 10 · rejected 0\n"
    assert Article.objects.count() == 10
    for version in ArticleVersion.objects.all():
        version.full_clean()
        assert "keep reading" not in version.text.casefold()
        assert "\u00a0" not in version.text
