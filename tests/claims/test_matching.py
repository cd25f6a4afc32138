"""Which known source a voice of an article is."""

import datetime as dt

import pytest

from articles.dates import VagueDate
from claims.models import SourceRole
from claims.suggesting.names import Index, Known, Role, Sought, bare, initials, spellings, tokens
from claims.suggesting.sources import Sources
from tests import cast

IN_2025 = VagueDate(dt.date(2025, 11, 22))


def known(pk, *names, kind="person", roles=()):
    return Known(pk, f"s{pk}", kind, names, tuple(roles))


def found(sources, name="", near=(), **values):
    values = {"as_named": name, "name": name} | values
    return [one.pk for one in Index(sources).find(Sought(**values), IN_2025, near)]


ANA, MARIA = known(1, "Ana Duarte"), known(2, "Maria Duarte")
NATO = known(3, "North Atlantic Treaty Organization", kind="organisation")
KREMLIN = known(4, "Kremlin", "Moscow", "the Russian government", kind="organisation")
LEYEN = known(5, "Ursula von der Leyen")
JOSE = known(6, "José Ramírez-Peña Jr.")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (ANA, "Ana Duarte"),
        (ANA, "ANA DUARTE"),
        (ANA, "Ana Duarte’s"),
        (ANA, "Mrs. Ana Duarte"),
        (ANA, "Prime Minister Ana Duarte"),
        (ANA, "Ana M. Duarte"),
        (ANA, "Duarte"),
        (ANA, "Dr Duarte"),
        (LEYEN, "von der Leyen"),
        (LEYEN, "Leyen"),
        (LEYEN, "Von Der Leyen"),
        (JOSE, "Jose Ramirez Pena"),
        (JOSE, "Ramírez-Peña"),
    ],
)
def test_a_person_is_found_by(source, name):
    assert found([source, NATO, KREMLIN], name) == [source.pk]


@pytest.mark.parametrize("name", ["Ana", "Maria Duarte", "Ana Lund", "Minister", "she", "Duarte Silva", "", "’s"])
def test_a_person_is_not_found_by(name):
    assert found([ANA], name) == []


@pytest.mark.parametrize("name", ["Kremlin", "the Kremlin", "The Kremlin’s", "Moscow", "Russian government"])
def test_an_institution_is_found_by_its_names_and_metonyms(name):
    assert found([ANA, KREMLIN], name, kind="organisation") == [4]


@pytest.mark.parametrize("name", ["NATO", "N.A.T.O."])
def test_an_acronym_finds_the_institution_that_it_is_of(name):
    assert found([ANA, NATO], name, kind="organisation") == [3]


def test_an_acronym_is_no_persons():
    assert found([NATO], "Nato", kind="organisation") == []
    assert found([NATO], "NATO", kind="person") == []
    assert found([known(9, "Will Hugh Owen")], "WHO", kind="organisation") == []


def test_a_name_in_brackets_is_another_name():
    who = known(7, "World Health Organization (WHO)", kind="organisation")
    for name in ("WHO", "World Health Organization", "the World Health Organization (WHO)"):
        assert found([who], name, kind="organisation") == [7]


def test_an_institutions_last_word_is_no_surname():
    assert found([known(7, "Justice Department", kind="organisation")], "Department", kind="organisation") == []


class TestSeveral:
    def test_two_of_one_surname_are_both_told(self):
        assert found([ANA, MARIA], "Duarte") == [1, 2]

    def test_the_full_name_decides(self):
        assert found([ANA, MARIA], "Maria Duarte") == [2]

    def test_the_one_of_the_same_article_goes_first(self):
        assert found([ANA, MARIA], "Duarte", near=[frozenset({2}), frozenset({1})]) == [2]

    def test_then_the_one_of_the_same_publisher(self):
        assert found([ANA, MARIA], "Duarte", near=[frozenset(), frozenset({1})]) == [1]

    def test_both_in_the_article_stay_two(self):
        assert found([ANA, MARIA], "Duarte", near=[frozenset({1, 2}), frozenset({1})]) == [1]
        assert found([ANA, MARIA], "Duarte", near=[frozenset({1, 2})]) == [1, 2]

    def test_an_alias_goes_before_a_surname(self):
        city = known(8, "Washington", kind="organisation")
        denzel = known(9, "Denzel Washington")
        assert found([city, denzel], "Washington") == [8]
        assert found([city, denzel], "Washington", near=[frozenset({9})]) == [9]

    def test_the_kind_tells_namesakes_apart(self):
        paper, party = known(8, "Forward", kind="outlet"), known(9, "Forward", kind="group")
        assert found([paper, party], "Forward", kind="outlet") == [8]

    def test_the_role_tells_namesakes_apart(self):
        minister = known(8, "Rui Duarte", roles=[Role(1, "Foreign Minister")])
        assert found([ANA, minister], "Duarte", role="foreign minister") == [8]


class TestRole:
    MINISTER = Role(1, "Foreign Minister", ("Portugal", "Lisbon"), dt.date(2024, 4, 2), dt.date(2025, 12, 31))

    @pytest.mark.parametrize(
        "said",
        ["the foreign minister", "Foreign Minister", "Portugal’s foreign minister", "foreign minister of Portugal"],
    )
    def test_whoever_held_it_then_is_meant(self, said):
        assert found([known(1, "Ana Duarte", roles=[self.MINISTER])], as_named=said, name="") == [1]

    @pytest.mark.parametrize(
        "said",
        ["a foreign minister", "the former foreign minister", "one foreign minister", "Spain’s foreign minister"],
    )
    def test_nobody_else_is(self, said):
        assert found([known(1, "Ana Duarte", roles=[self.MINISTER])], as_named=said, name="") == []

    @pytest.mark.parametrize(
        ("on", "held"),
        [
            (VagueDate(dt.date(2024, 4, 1)), False),
            (VagueDate(dt.date(2024, 4, 2)), True),
            (VagueDate(dt.date(2025, 12, 31)), True),
            (VagueDate(dt.date(2026, 1, 1)), False),
            (VagueDate(dt.date(2025, 1, 1), "year"), True),
            (VagueDate(dt.date(2024, 1, 1), "year"), False),
            (None, False),
        ],
    )
    def test_it_is_held_from_its_first_day_to_its_last(self, on, held):
        assert self.MINISTER.held(on) is held

    def test_a_named_voice_is_never_found_by_its_role(self):
        assert found([known(1, "Ana Duarte", roles=[self.MINISTER])], "Rui Lund", role="Foreign Minister") == []

    def test_the_role_held_then_is_the_one_of_that_title_or_the_only_one(self):
        other = Role(2, "Party leader")
        assert known(1, "x", roles=[self.MINISTER, other]).role("party leader", IN_2025) == other
        assert known(1, "x", roles=[self.MINISTER, other]).role("", IN_2025) is None
        assert known(1, "x", roles=[other]).role("", IN_2025) == other


def test_names_are_compared_without_what_does_not_matter():
    assert tokens("The U.S. Congress’") == ("us", "congress")
    assert tokens("Jean-Claude Juncker's") == ("jean", "claude", "juncker")
    assert bare(("president", "donald", "j", "trump", "jr")) == ("donald", "trump")
    assert bare(("minister",)) == ("minister",)
    assert spellings("Bank (BIS)") == ["Bank  ", "BIS"]
    assert initials("Organisation for Economic Co-operation and Development") == "OECOD"
    assert initials("Kremlin") == ""


@pytest.mark.django_db
class TestStored:
    def match(self, article, *names, **values):
        voices = [Sought(name, name, **values) for name in names]
        found = Sources().match(voices, article)
        return [[one.slug for one in found[voice]] for voice in voices]

    def test_aliases_and_the_name_of_the_outlet_count(self):
        cast.source("Kremlin", aliases="Moscow\n\nthe Russian government")
        paper = cast.outlet("The Daily Digest")
        paper.name, paper.slug = "Digest newsroom", "newsroom"
        paper.save()
        assert self.match(cast.article(), "Moscow", "Daily Digest") == [["kremlin"], ["newsroom"]]

    def test_merged_ones_lead_to_the_one_that_stays_and_withdrawn_ones_nowhere(self):
        stays = cast.source("Ana Duarte", kind="person")
        middle = cast.source("Anna Duarte", kind="person", merged_into=stays)
        middle.withdraw(by=None, reason="merged")
        first = cast.source("A. Duarte-Lund", kind="person", merged_into=middle)
        first.withdraw(by=None, reason="merged")
        cast.source("Boris Lund", kind="person").withdraw(by=None, reason="x")
        names = ("Anna Duarte", "A. Duarte-Lund", "Boris Lund")
        assert self.match(cast.article(), *names) == [["ana-duarte"], ["ana-duarte"], []]

    def test_what_was_merged_into_a_withdrawn_one_is_not_matched(self):
        gone = cast.source("Ana Duarte", kind="person")
        gone.withdraw(by=None, reason="x")
        cast.source("Anna Duarte", kind="person", merged_into=gone).withdraw(by=None, reason="merged")
        assert self.match(cast.article(), "Anna Duarte") == [[]]

    def test_somebody_of_the_same_article_or_publisher_goes_first(self):
        ana, maria = cast.source("Ana Duarte", kind="person"), cast.source("Maria Duarte", kind="person")
        here, other = cast.article(), cast.article(publisher="Other")
        assert self.match(here, "Duarte") == [["ana-duarte", "maria-duarte"]]
        cast.statement(other, chain=[maria])
        assert self.match(here, "Duarte") == [["ana-duarte", "maria-duarte"]]
        cast.statement(cast.article(), chain=[ana])
        assert self.match(here, "Duarte") == [["ana-duarte"]]
        cast.statement(here, chain=[maria])
        assert self.match(here, "Duarte") == [["maria-duarte"]]

    def test_somebody_named_in_full_elsewhere_in_the_article_goes_first(self):
        cast.source("Ana Duarte", kind="person"), cast.source("Maria Duarte", kind="person")
        assert self.match(cast.article(), "Duarte", "Maria Duarte") == [["maria-duarte"], ["maria-duarte"]]

    def test_a_rejected_or_withdrawn_statement_prefers_nobody(self, editor):
        ana, maria = cast.source("Ana Duarte", kind="person"), cast.source("Maria Duarte", kind="person")
        here = cast.article()
        cast.statement(here, chain=[maria], state="rejected")
        cast.statement(here, chain=[maria]).withdraw(by=editor, reason="x")
        assert self.match(here, "Duarte") == [[ana.slug, maria.slug]]

    def test_the_role_of_the_articles_date_decides(self):
        ana, rui = cast.source("Ana Duarte", kind="person"), cast.source("Rui Lund", kind="person")
        SourceRole.objects.create(source=ana, title="Foreign Minister", held_to="2025-10-31")
        SourceRole.objects.create(source=rui, title="Foreign Minister", held_from="2025-11-01")
        voice = Sought("the foreign minister")
        for on, slug in (("2025-10-31", "ana-duarte"), ("2025-11-22", "rui-lund")):
            assert [one.slug for one in Sources().match([voice], cast.article(on=on))[voice]] == [slug]
        assert Sources().match([voice], cast.article(on=None))[voice] == []

    def test_an_unnamed_voice_is_found_in_its_own_article_alone(self):
        diplomat = cast.source("one Baltic diplomat", kind="person", named=False, description="One Baltic diplomat")
        here, other = cast.article(), cast.article()
        cast.statement(here, chain=[diplomat])
        voice = Sought("one Baltic diplomat")
        assert [one.pk for one in Sources().match([voice], here)[voice]] == [diplomat.pk]
        assert Sources().match([voice], other)[voice] == []
        named = Sought("one Baltic diplomat", "One Baltic Diplomat")
        assert Sources().match([named], here)[named] == []

    def test_a_whole_article_takes_four_queries(self, django_assert_num_queries):
        """All sources; all roles; whom the article's statements name; of namesakes, whom the publisher's do."""
        for number in range(5):
            cast.source(f"Ana{number} Duarte", kind="person")
            cast.source(f"Boris Lund{number}", kind="person")
        article = cast.article()
        with django_assert_num_queries(4):
            self.match(article, "Duarte", *(f"Lund{number}" for number in range(5)))
