"""The terms of entries."""

import pytest

from articles.search.terms import language_of, language_term, split, usual_case


@pytest.mark.parametrize(
    ("given", "usual"),
    [("en", "en"), ("PT-br", "pt-BR"), ("ZH-hANT-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("SL-Rozaj", "sl-rozaj")],
)
def test_a_language_is_one_term_in_whatever_case(given, usual):
    assert usual_case(given) == usual
    assert language_term(given) == language_term(usual)
    assert language_of(split(language_term(given))[1]) == usual
