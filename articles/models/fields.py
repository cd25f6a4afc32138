"""Columns that both apps have: addresses, languages, numbers of Wikidata, identifiers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from articles.links import is_urn, may_be_link

NO_LINK = (
    "Give a web address that begins with https:// or http://, without a user name, blanks, quotation marks"
    " or backslashes."
)
NO_IDENTIFIER = NO_LINK.replace("Give a web address", "Give a name that begins with urn:, or a web address")


def check_link(address: str) -> None:
    """Raise ``ValidationError`` where ``address`` may not be a link."""
    if not may_be_link(address):
        raise ValidationError(NO_LINK)


def check_identifier(identifier: str) -> None:
    """Raise ``ValidationError`` where ``identifier`` neither may be a link nor is a URN."""
    if not (may_be_link(identifier) or is_urn(identifier)):
        raise ValidationError(NO_IDENTIFIER)


class WebURLField(models.CharField):
    """A web address: http or https only, so that no stored link can run script. Django's own field would complete
    what was typed (//evil.test, https:evil.test) before anybody checks it."""

    default_validators = [check_link]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(*args, **kwargs)


class LanguageField(models.CharField):
    """A language as a BCP 47 tag: "en", "pt-BR"."""

    default_validators = [
        RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z", "Give a language tag such as “en” or “pt-BR”.")
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 35)
        super().__init__(*args, **kwargs)


class WikidataField(models.CharField):
    """The number of a thing in Wikidata: "Q153770"."""

    default_validators = [RegexValidator(r"^Q[1-9][0-9]*\Z", "Give the number of a Wikidata item, such as “Q153770”.")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", "Wikidata id")
        kwargs.setdefault("max_length", 20)
        super().__init__(*args, **kwargs)


COUNTRY_CODE = RegexValidator(r"^[A-Z]{2}\Z", "Give the two capital letters of ISO 3166-1, such as “DE”.")

MAX_IDENTIFIER_BYTES = 2000
"""PostgreSQL cannot index more than 2,704 bytes, and letters outside ASCII take several."""


def short_enough_to_index(identifier: str) -> None:
    """Raise ``ValidationError`` where ``identifier`` takes more than 2,000 bytes."""
    size = len(identifier.encode())
    if size > MAX_IDENTIFIER_BYTES:
        raise ValidationError(f"The identifier takes {size:,} bytes; {MAX_IDENTIFIER_BYTES:,} at most can be stored.")
