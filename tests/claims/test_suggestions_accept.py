"""Many suggestions accepted at once: how sure, a preview, and one save."""

import pytest

from articles.models import Revision
from claims.models import Source, Statement
from claims.suggesting import decisions
from claims.suggesting.precision import Band, trusted
from tests import cast, desk
from tests.claims.offers import CLOSE, OLD, harbour, offer

pytestmark = pytest.mark.django_db

URL = "/queue/suggestions/accept/"


def preview(client, **query):
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.context["preview"]


def apply(client, url=URL, **typed):
    return client.post(url, typed, follow=True)


def confirmed():
    return list(Statement.objects.filter(state="confirmed").order_by("start").values_list("exact", flat=True))


def test_it_says_how_many_and_from_which_articles(client, editor):
    harbour()
    offer(cast.article("Rain\nPeter Holm said it rains.", on="2025-11-23"), ("it rains", "Peter Holm", 0.8))
    found = preview(client, least=70)
    assert found.number == 3
    assert [(headline, number) for headline, _, number in found.articles] == [("Rain", 1), ("Harbour to close", 2)]
    assert preview(client, least=100).number == 0


def test_it_begins_careful(client, editor):
    harbour()
    response = client.get(URL)
    assert response.context["form"]["least"].value() == 90
    assert "Too few were decided on" in response.content.decode()


def test_it_begins_where_suggestions_were_right(client, editor):
    with cast.at_once():
        for _ in range(50):
            cast.statement(method="rules-1", confidence=0.75)
    response = client.get(URL)
    assert response.context["form"]["least"].value() == 70
    assert "From 70 % on, at least 95 %" in " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("decided", "least"),
    [
        ([], None),
        ([(0.9, 49, 0)], None),
        ([(0.9, 50, 0)], 0.9),
        ([(0.9, 95, 5), (0.8, 96, 4), (0.7, 94, 6), (0.6, 100, 0)], 0.8),
        ([(0.9, 10, 10), (0.8, 50, 1)], 0.8),
        ([(0.9, 40, 40), (0.8, 100, 0)], None),
    ],
)
def test_it_trusts_no_band_below_one_that_was_wrong_too_often(decided, least):
    bands = [Band("m", low, low + 0.1, right + wrong, right, rejected=wrong) for low, right, wrong in decided]
    assert trusted(bands) == least


def test_it_accepts_them_as_one_save_that_is_undone_as_one(client, editor):
    harbour()
    newest = preview(client, least=70).newest
    before = set(Revision.objects.values_list("pk", flat=True))
    response = apply(client, least=70, newest=newest)
    assert confirmed() == [CLOSE, OLD]
    assert desk.messages(response) == ["Accepted 2 statements; 1 new source."]
    [made] = set(Revision.objects.values_list("pk", flat=True)) - before
    assert desk.undo_address(response) == f"/admin/undo/{made}/"
    client.post(desk.undo_address(response), {"reason": "too quick"})
    assert confirmed() == []
    assert not Source.objects.current().filter(name="Ana Duarte").exists()


def test_what_only_a_person_can_tell_is_left_and_told_of(client, editor):
    harbour()
    response = apply(client, least=0, newest=preview(client, least=0).newest)
    accepted, left = desk.messages(response)
    assert accepted == "Accepted 3 statements; 2 new sources."
    assert left.startswith("Left to decide: “a mistake”. “Merz” may be")


def test_what_came_after_the_preview_is_left(client, editor):
    harbour()
    newest = preview(client, least=70).newest
    offer(cast.article("Rain\nPeter Holm said it rains."), ("it rains", "Peter Holm", 0.99))
    apply(client, least=70, newest=newest)
    assert confirmed() == [CLOSE, OLD]


def test_the_filters_of_the_queue_hold(client, editor):
    harbour()
    rain = cast.article("Rain\nPeter Holm said it rains.", publisher="Reuters")
    [row] = offer(rain, ("it rains", "Peter Holm", 0.8))
    assert preview(client, publisher="reuters", least=10).number == 1
    response = apply(client, f"{URL}?publisher=reuters", least=10, newest=row.pk)
    assert confirmed() == ["it rains"]
    assert response.redirect_chain[0][0] == "/queue/suggestions/?publisher=reuters"


def test_it_refuses_more_than_somebody_can_answer_for(client, editor, monkeypatch):
    monkeypatch.setattr(decisions, "MOST", 1)
    harbour()
    assert "At most 1 are accepted at once" in client.get(URL, {"least": 70}).content.decode()
    response = client.post(URL, {"least": 70, "newest": preview(client, least=70).newest})
    assert response.status_code == 400
    assert "narrow the list" in response.context["form"].errors["least"][0]
    assert confirmed() == []


def test_a_form_without_a_preview_shows_it_first(client, editor):
    harbour()
    response = client.post(URL, {"least": 70})
    assert response.context["preview"].number == 2
    assert confirmed() == []


@pytest.mark.parametrize("query", ["least=101", "least=x", "least=-1", "nonsense=1", "confidence=x"])
def test_what_it_does_not_understand_it_says(client, editor, query):
    assert client.get(f"{URL}?{query}").status_code == 400


def test_its_queries_do_not_grow(client, editor, django_assert_num_queries):
    harbour()
    # session, user, powers · bands · how many, by article
    with django_assert_num_queries(6):
        preview(client, least=10)
    harbour(on="2025-11-01")
    with django_assert_num_queries(6):
        preview(client, least=10)
