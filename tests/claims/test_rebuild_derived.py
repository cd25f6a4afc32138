import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, Statement
from tests import cast

pytestmark = pytest.mark.django_db


def test_it_reports_and_writes_nothing_with_check(capsys):
    cast.statement(claim=cast.claim())
    Claim.objects.update(independent_sources=9)
    with pytest.raises(CommandError, match="2 stored value"):
        call_command("rebuild_derived", "--check")
    assert "independent_sources is 9, should be 1" in capsys.readouterr().out
    assert Claim.objects.get().independent_sources == 9


def test_it_mends(capsys):
    cast.statement(claim=cast.claim())
    Claim.objects.update(independent_sources=9)
    call_command("rebuild_derived")
    assert "rows mended: 1" in capsys.readouterr().out
    call_command("rebuild_derived", "--check")
    assert "Everything derived is right." in capsys.readouterr().out


def test_it_names_words_that_do_not_stand_in_the_text(capsys):
    statement = cast.statement()
    Statement.objects.update(exact="never said")
    with pytest.raises(CommandError):
        call_command("rebuild_derived")
    assert f"statement {statement.pk}: its words" in capsys.readouterr().out
