"""A small world for the tests of pages: claims of each sort, each with a tag, a source, an outlet and an article
of its own, so that whatever of them a page shows can be told apart by its name."""

from typing import Any

from claims.models import Claim, Tag
from tests import cast

HIDDEN = ("Draft", "Withdrawn")
"""The names of what the public must not learn of."""

EVERYBODY = ("anonymous", "outsider")
"""Who sees only what is published."""


def told(name: str, *, published: bool = True, withdrawn: bool = False, **values: Any) -> Claim:
    """A claim called "<name> claim", filed under "<name> tag", said by "<name> source" in an article with the
    headline "<name> headline" of "<name> paper"."""
    claim = cast.claim(f"{name} claim", published=published, **values)
    claim.tags.add(cast.tag(f"{name} tag"))
    item = cast.article(f"{name} headline\nThe {name} source said so.", publisher=f"{name} paper")
    cast.statement(item, chain=[f"{name} source"], claim=claim)
    if withdrawn:
        claim.withdraw(by=None, reason="said by mistake")
        cast.freshen(claims=[claim.pk])
    claim.refresh_from_db()
    return claim


def filed(claim: Claim, *tags: Tag) -> Claim:
    """``claim``, filed under ``tags`` too."""
    claim.tags.add(*tags)
    cast.freshen(claims=[claim.pk])
    return claim


def shown_and_hidden() -> tuple[Claim, Claim, Claim]:
    """Three claims: "Shown" is published, "Draft" is not, "Withdrawn" was and is withdrawn."""
    return told("Shown"), told("Draft", published=False), told("Withdrawn", withdrawn=True)


def sign_in(client: Any, who: str) -> None:
    """Makes ``client`` one of the cast, or leaves it as it is for "anonymous"."""
    if who != "anonymous":
        client.force_login(cast.person(who))


def names_on(response: Any) -> set[str]:
    """Which of the world's names a page holds, whatever of them it shows."""
    text = response.content.decode()
    return {name for name in ("Shown", *HIDDEN) if name in text or name.lower() in text}
