"""The counts of terms are written last, so that nobody waits for whoever has more to write."""

import threading

import pytest
from django.db import connection, transaction

from claims.models import Claim, TermCount
from claims.provenance import Counts, drift, refresh
from claims.search.terms import language_term
from tests import cast


def speaks(claim, language, counts=None):
    Claim.objects.filter(pk=claim.pk).update(language=language)
    refresh(claims=[claim.pk], counts=counts)


@pytest.mark.django_db
def test_what_is_taken_back_is_not_counted():
    claim = cast.claim(language="de")
    with transaction.atomic():
        speaks(claim, "fr")
        transaction.set_rollback(True)
    assert list(drift()) == []
    assert TermCount.objects.get(term=language_term("de")).desk == 1
    assert not TermCount.objects.filter(term=language_term("fr")).exists()


@pytest.mark.django_db
def test_they_are_gathered_until_they_are_written():
    claims, counts = [cast.claim(language="de") for _ in range(3)], Counts()
    for claim in claims:
        speaks(claim, "fr", counts)
    assert TermCount.objects.get(term=language_term("de")).desk == 3
    counts.write()
    assert TermCount.objects.get(term=language_term("fr")).desk == 3
    assert not TermCount.objects.filter(term=language_term("de")).exists()
    assert list(drift()) == []


@pytest.mark.django_db(transaction=True)
def test_two_that_change_the_same_terms_in_turn_do_not_wait_for_each_other():
    pairs = [(cast.claim(), cast.claim()) for _ in range(2)]
    halfway, failures = threading.Barrier(2), []

    def change(pair, languages):
        try:
            with transaction.atomic():
                counts = Counts()
                speaks(pair[0], languages[0], counts)
                if connection.vendor == "postgresql":  # on SQLite the second cannot write before the first is done
                    halfway.wait(10)
                speaks(pair[1], languages[1], counts)
                counts.write()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    orders = (("de", "fr"), ("fr", "de"))
    writers = [threading.Thread(target=change, args=each) for each in zip(pairs, orders, strict=True)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert list(drift()) == []
    assert TermCount.objects.get(term=language_term("de")).desk == 2
