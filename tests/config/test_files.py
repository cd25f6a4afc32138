"""What is served as a file, and what is not, however it is asked for."""

import pytest

pytestmark = pytest.mark.django_db

KEPT = [
    "var/secret_key",
    "var/hearsay.sqlite3",
    "hearsay.sqlite3",
    "hearsay.sqlite3-wal",
    "config/settings.py",
    "settings.py",
    "manage.py",
    "pyproject.toml",
    ".git/HEAD",
    ".git/config",
    ".env",
    "static/",
    "static/hearsay/",
    "static../var/secret_key",
]
WAYS_UP = ["..", "%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e", "..%5c..", "%252e%252e", "....//", "hearsay/../.."]


@pytest.mark.parametrize("path", KEPT)
def test_what_the_site_keeps_to_itself_is_no_page(client, path):
    assert client.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("way", WAYS_UP)
@pytest.mark.parametrize("start", ["/static/", "/"])
@pytest.mark.parametrize("file", ["var/secret_key", "config/settings.py", "etc/passwd", "settings.py"])
def test_no_way_leads_up_out_of_the_files(client, start, way, file):
    response = client.get(f"{start}{way}/{file}")
    assert response.status_code == 404
    assert b"There is no such page" in response.content
