"""What can be loaded: for each kind of row its model and its form, made from the model's own fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models

from articles.models import Article, Publisher
from claims.importers import checks
from claims.importers.checks import Check
from claims.importers.lines import Refused
from claims.importers.rows import (
    Field,
    Form,
    Reader,
    Values,
    appearances_of,
    chain_of,
    check_span,
    in_order,
    names_of,
    reader,
    text_of,
    texts_of,
)
from claims.models import (
    Appearance,
    Attribution,
    Claim,
    ClaimLink,
    Evidence,
    Occasion,
    Review,
    Source,
    SourceRole,
    Statement,
    Tag,
)

INTEGERS = {"PositiveSmallIntegerField": 32_767, "PositiveIntegerField": 2_147_483_647}


def _validated(field: "models.Field[Any, Any]") -> Callable[[str], None] | None:
    """The field's own validators as one check; lengths are checked apart."""
    own = [validator for validator in field.validators if not isinstance(validator, MaxLengthValidator)]
    own = [validator for validator in own if type(validator).__name__ != "ProhibitNullCharactersValidator"]
    if not own:
        return None

    def judge(value: str) -> None:
        try:
            for validator in own:
                validator(value)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error

    return judge


def _check(field: "models.Field[Any, Any]") -> Check:
    """What the field's values are held to."""
    if field.choices:
        return checks.choice([value for value, _ in field.flatchoices])
    if isinstance(field, models.DecimalField):
        return checks.decimal(field.max_digits, field.decimal_places)
    simple: dict[type[Any], Check] = {
        models.UUIDField: checks.uid,
        models.BooleanField: checks.flag,
        models.DateTimeField: checks.moment,
        models.DateField: checks.day,
        models.JSONField: checks.anything,
    }
    for kind, check in simple.items():
        if isinstance(field, kind):
            return check
    if isinstance(field, models.FloatField):
        limits: dict[Any, Any] = {type(one): getattr(one, "limit_value", None) for one in field.validators}
        return checks.number(limits.get(MinValueValidator, -1e300), limits.get(MaxValueValidator, 1e300))
    if isinstance(field, models.IntegerField):
        return checks.whole(0, INTEGERS[field.get_internal_type()])
    return checks.text(field.max_length, blank=field.blank, valid=_validated(field))


def _default(field: "models.Field[Any, Any]") -> Any:
    default = field.get_default()
    return default.value if isinstance(default, models.Choices) else default


NAME = checks.text(2000, blank=False)
NAMED_BY: dict[type[models.Model], tuple[str, Check]] = {
    Publisher: ("publisher", NAME),
    Source: ("source", NAME),
    Tag: ("tag", NAME),
    Article: ("article", NAME),
    SourceRole: ("role", checks.uid),
    Occasion: ("occasion", checks.uid),
    Claim: ("claim", checks.uid),
    Statement: ("statement", checks.uid),
}
"""What a reference calls the rows of a model, and what it gives for one: slug, identifier or uid."""


def fields_of(model: type[models.Model], keys: str, /, **other: Field) -> tuple[Field, ...]:
    """The fields of a form: ``keys`` as the model's own fields, "!" behind what is required; ``other`` where the
    model's field does not say it all."""
    found = []
    for given in keys.split():
        key = given.removesuffix("!")
        if key in other:
            found.append(other[key])
            continue
        field: Any = model._meta.get_field(key)
        required = given != key
        if field.is_relation:
            names, check = NAMED_BY[field.related_model]
            found.append(Field(key, field.column, check, None, required, names))
        else:
            found.append(Field(key, field.column, _check(field), None if required else _default(field), required))
    return tuple(found)


@dataclass(frozen=True)
class Child:
    """The rows of a list: ``parent`` is the column that says whose, ``match`` what tells them apart there."""

    model: type[models.Model]
    form: Form
    parent: str
    match: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of row. ``key`` is what it is known by; ``own`` are the references to its own kind."""

    name: str
    noun: str
    model: type[models.Model]
    form: Form
    key: str
    children: Mapping[str, Child]

    @property
    def own(self) -> tuple[str, ...]:
        return tuple(field.key for field in self.form.fields if field.names == self.noun)


def _source_rule(values: Values) -> None:
    if not values["named"] and not values["description"]:
        raise Refused("description: say how the unnamed voice was described")
    if values["named"] and values["known_through"]:
        raise Refused("known_through: only an unnamed voice is known through an outlet")


def _claim_rule(values: Values) -> None:
    _about(values)
    low, high = values["figure_low"], values["figure_high"]
    if low is not None and high is not None and float(low) > float(high):
        raise Refused("figure_low: the lower figure is above the higher one")


_about = in_order("about_from", "about_to", "about_to: the time that the claim is about ends before it begins")


def _link_rule(values: Values) -> None:
    if values["from"] == values["to"]:
        raise Refused("to: a claim cannot be linked to itself")


def _on_claim(values: Values) -> None:
    if values["subject"] == "attribution" and not values["statement"]:
        raise Refused("statement: name the statement whose attribution is in question")


def _evidence_rule(values: Values) -> None:
    _on_claim(values)
    if not values["article"] and not values["url"]:
        raise Refused("url: give an article or an address")


def _same(value: Any) -> Any:
    return value


HOP = Form(
    fields_of(
        Attribution,
        "position source as_named uncertain role addressee cue quotation_type commitment sourcing_terms"
        " said_on said_on_precision said_on_as_given reliability credibility",
        position=Field("position", "position", checks.whole(0, 32_767)),
    )
)
APPEARANCE = Form(fields_of(Appearance, "claim! stance start end"))
VERSION = Form(
    (
        Field("number", "number", checks.whole(1, 2_147_483_647)),
        Field("text", "text", _same, None, True),
        Field("captured_at", "captured_at", checks.moment),
    )
)
CHAIN = Child(Attribution, HOP, "statement_id", ("position", "source_id"))
CLAIMS = Child(Appearance, APPEARANCE, "statement_id", ("claim_id",))
TAG_FORM = Form((Field("tag", "tag_id", NAME, None, True, "tag"),))
TAGS = Child(Claim.tags.through, TAG_FORM, "claim_id", ("tag_id",))

_PUBLISHER = Form(fields_of(Publisher, "slug! name! kind homepage domain country language wikidata_id"))
_ARTICLE = Form(
    fields_of(
        Article,
        "identifier! publisher byline kind published_at published_precision language archive_url text_public"
        " republishes",
    ),
    lists={"text": text_of, "versions": texts_of(reader(VERSION))},
)
_SOURCE = Form(
    fields_of(
        Source,
        "slug! name! kind named description known_through aliases speaks_for publisher article wikidata_id",
        aliases=Field("aliases", "aliases", checks.lines(5000), ""),
    ),
    rule=_source_rule,
)
_ROLE = Form(
    fields_of(SourceRole, "uid! source! title! organisation held_from held_to"),
    rule=in_order("held_from", "held_to", "held_to: the role ends before it begins"),
)
_TAG = Form(fields_of(Tag, "slug! name! kind parent definition"))
_OCCASION = Form(
    fields_of(Occasion, "uid! title! kind starts_on ends_on precision as_given place host record"),
    rule=in_order("starts_on", "ends_on", "ends_on: the occasion ends before it begins"),
)
_CLAIM = Form(
    fields_of(
        Claim,
        "uid! text! short_text! kind status published_at priority assignee due_on language about_from about_to"
        " about_precision figure_low figure_high unit qualifier",
        assignee=Field("assignee", "assignee_id", NAME, None, False, "user"),
    ),
    rule=_claim_rule,
    lists={"tags": names_of("tags", "tag", NAME)},
)
_STATEMENT = Form(
    fields_of(
        Statement,
        "uid! article version start! end! exact! gaps words occasion commitment derived_from state method confidence"
        " proposed decided_at reason",
        article=Field("article", "", NAME, None, True),
        version=Field("version", "version_id", checks.whole(1, 2_147_483_647), 1),
        exact=Field("exact", "exact", checks.verbatim, None, True),
        gaps=Field("gaps", "gaps", _same),
        words=Field("words", "words", _same),
    ),
    rule=check_span,
    lists={"chain": chain_of(reader(HOP)), "claims": appearances_of(reader(APPEARANCE))},
)
_LINK = Form(
    (
        Field("uid", "uid", checks.uid),
        Field("from", "from_claim_id", checks.uid, None, True, "claim"),
        *fields_of(ClaimLink, "kind!"),
        Field("to", "to_claim_id", checks.uid, None, True, "claim"),
        *fields_of(ClaimLink, "note drawn_by state method score decided_at"),
    ),
    rule=_link_rule,
)
_REVIEW = Form(
    fields_of(
        Review,
        "uid! claim! subject statement reviewer! url headline explanation rating textual_rating reviewed_on"
        " reviewed_on_precision language state raw",
        rating=Field("rating", "rating_id", NAME, None, False, "rating"),
    ),
    rule=_on_claim,
)
_EVIDENCE = Form(
    fields_of(Evidence, "uid! claim! subject statement stance article url excerpt note archive_url"),
    rule=_evidence_rule,
)

KINDS = {
    kind.name: kind
    for kind in (
        Kind("publishers", "publisher", Publisher, _PUBLISHER, "slug", {}),
        Kind("articles", "article", Article, _ARTICLE, "identifier", {}),
        Kind("sources", "source", Source, _SOURCE, "slug", {}),
        Kind("roles", "role", SourceRole, _ROLE, "uid", {}),
        Kind("tags", "tag", Tag, _TAG, "slug", {}),
        Kind("occasions", "occasion", Occasion, _OCCASION, "uid", {}),
        Kind("claims", "claim", Claim, _CLAIM, "uid", {"tags": TAGS}),
        Kind("statements", "statement", Statement, _STATEMENT, "uid", {"chain": CHAIN, "claims": CLAIMS}),
        Kind("links", "link", ClaimLink, _LINK, "", {}),
        Kind("reviews", "review", Review, _REVIEW, "uid", {}),
        Kind("evidence", "evidence", Evidence, _EVIDENCE, "uid", {}),
    )
}
"""In the order in which they are taken: what a row names comes before it, but for rows of its own kind."""

READERS: dict[str, Reader] = {name: reader(kind.form) for name, kind in KINDS.items()}
