"""Nobody holds all threads of the server with exports."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from claims.views.export import AT_ONCE, TooMany
from config import at_once
from tests import cast

pytestmark = pytest.mark.django_db

URL = "/claims/export/?format=csv"


@pytest.fixture(autouse=True)
def claims():
    cast.claim("A claim", published=True)


def begun(client):
    """An export of which the first piece was sent."""
    answer = client.get(URL)
    assert answer.status_code == 200
    next(answer.streaming_content)
    return answer


@pytest.fixture
def ended():
    """To be ended after the test."""
    answers = []
    yield answers
    for answer in answers:
        end(answer)


def end(answer):
    """As the server does where the visitor has gone, by way of what keeps the test's own connection open."""
    answer._iterator.close()


def signed_in(role):
    client = Client()
    client.force_login(cast.person(role))
    return client


def test_one_more_than_are_given_at_once_is_refused_until_one_has_ended(ended):
    editor = signed_in("editor")
    ended += [begun(editor) for _ in range(AT_ONCE)]
    refused = editor.get(URL)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "still on their way" in refused.content.decode()
    assert editor.get("/claims/export/").status_code == 200
    b"".join(ended[0].streaming_content)
    assert b"A claim" in b"".join(editor.get(URL).streaming_content)


def test_what_is_broken_off_by_who_asked_counts_no_more():
    reader = signed_in("reader")
    for _ in range(AT_ONCE + 1):
        end(begun(reader))
    assert reader.get(URL).status_code == 200


def test_each_account_and_each_address_counts_alone(ended):
    askers = [signed_in("editor"), signed_in("reader"), Client(), Client(REMOTE_ADDR="192.0.2.7")]
    ended += [begun(asker) for asker in askers for _ in range(AT_ONCE)]
    assert {asker.get(URL).status_code for asker in askers} == {429}
    assert Client(REMOTE_ADDR="192.0.2.8").get(URL).status_code == 200


def test_of_those_asked_for_in_one_moment_the_rest_are_cut_off(ended):
    editor = signed_in("editor")
    ended += [editor.get(URL) for _ in range(AT_ONCE + 1)]
    *given, last = [answer.streaming_content for answer in ended]
    assert [next(pieces) for pieces in given]
    assert b"still on their way" in next(last)
    with pytest.raises(TooMany):
        next(last)


@pytest.mark.django_db(transaction=True)
def test_they_are_counted_over_connections_and_forgotten():
    def elsewhere():
        """As another process sees it."""
        with ThreadPoolExecutor(1) as other:
            found = other.submit(at_once.running, 7).result()
            other.submit(connections.close_all).result()
        return found

    with at_once.counted(7), at_once.counted(7):
        assert elsewhere() == 2
    assert elsewhere() == 0
