"""How often suggestions were right, for the lead of the desk."""

import pytest

from claims.suggesting.reasons import REASONS, rejections, worded
from tests import cast
from tests.claims.pages import words

pytestmark = pytest.mark.django_db

URL = "/queue/suggestions/precision/"


def decided(times, confidence, method="rules-1", **values):
    with cast.at_once():
        for _ in range(times):
            cast.statement(method=method, confidence=confidence, **values)


@pytest.fixture
def lead(client):
    client.force_login(cast.person("lead"))


def lines(client):
    return {(method.name, line.label): line for method in client.get(URL).context["methods"] for line in method.lines}


@pytest.mark.usefixtures("lead")
def test_it_tells_by_method_and_band_what_became_of_them(client):
    decided(6, 0.93)
    decided(2, 0.91, corrected=True)
    decided(1, 0.95, state="rejected", reason="wrong span")
    decided(3, 0.99, state="suggested")
    decided(1, 0.42, method="rules-0")
    decided(1, None)
    line = lines(client)["rules-1", "90 % and more"]
    band = line.band
    assert (band.offered, line.undecided, band.accepted, band.corrected, band.rejected) == (12, 3, 6, 2, 1)
    assert (line.percent, line.interval) == (67, (35, 88))
    assert lines(client)["rules-0", "below 50 %"].percent == 100
    assert lines(client)["rules-1", "80–89 %"].percent is None
    html = client.get(URL).content.decode()
    assert '<rect class="right" width="67"' in " ".join(html.split())
    assert "90 % and more 67 % 35–88 % 12 3 6 2 1" in words(html)


@pytest.mark.usefixtures("lead")
def test_it_counts_the_reasons(client):
    for reason, times in (("wrong speaker", 2), ("wrong speaker: the son", 1), ("a joke", 1), ("a denial", 1)):
        decided(times, 0.9, state="rejected", reason=reason)
    decided(1, 0.9, method="rules-0", state="rejected", reason="wrong span")
    assert rejections("rules-1") == [("wrong speaker", 3), ("a denial", 1), ("other", 1)]
    assert "Why they were rejected wrong speaker 3 a denial 1 other 1" in words(client.get(URL).content.decode())


@pytest.mark.parametrize("ready", REASONS)
def test_a_reason_is_counted_with_words_and_without(ready):
    decided(1, 0.9, state="rejected", reason=worded(ready, ""))
    decided(1, 0.9, state="rejected", reason=worded(ready, "so it is"))
    assert rejections("rules-1") == [(ready, 2)]


@pytest.mark.usefixtures("lead")
def test_it_says_where_there_is_nothing(client):
    assert "Nothing has been suggested yet." in client.get(URL).content.decode()


@pytest.mark.usefixtures("lead")
def test_its_queries_are_one_and_one_a_method(client, django_assert_num_queries):
    decided(3, 0.9), decided(1, 0.5, method="rules-0")
    # session, user, powers · bands · the reasons of two methods
    with django_assert_num_queries(6):
        client.get(URL)


@pytest.mark.parametrize(("name", "sees"), [("editor", False), ("reviewer", False), ("lead", True), ("admin", True)])
def test_it_is_for_leads_and_the_queue_leads_there(client, name, sees):
    client.force_login(cast.person(name))
    assert client.get(URL).status_code == (200 if sees else 403)
    assert (URL in client.get("/queue/suggestions/").content.decode()) is sees
