"""Who may do what: one line a power. The fixture ``roles`` is this table, and a test holds it to it."""

ROLES = ("reader", "editor", "reviewer", "lead", "admin")
"""Each may do all that the one before it may."""

READERS, EDITORS, REVIEWERS, LEADS, ADMINS = (ROLES[at:] for at in range(len(ROLES)))

MEANS = {
    "reader": "reads all of the desk’s record, drafts included, on the pages; changes nothing",
    "editor": "writes: statements and their chains, claims, cross-references, evidence, notes",
    "reviewer": "also reviews, publishes, and sends claims back",
    "lead": "also keeps tags and rating scales, merges, imports, and shares lists with the desk",
    "admin": "also looks after accounts, and sees who unnamed voices are thought to be",
}
"""What each role is for, in a line for whoever grants it."""

DESK_ROLES = EDITORS
"""Who works in the desk; the others read on the pages."""

_READ = (
    *("article", "articleversion", "publisher", "importrun", "importproblem", "revision"),
    *("annotation", "appearance", "attribution", "claim", "claimlink", "correction", "correctionrequest"),
    *("evidence", "inquiry", "occasion", "ratinglevel", "ratingscale", "review", "savedlist", "source"),
    *("sourcerole", "statement", "tag", "transition"),
)
_EVIDENCE = {"article", "articleversion", "publisher", "importrun", "importproblem", "revision"}


def _app(model: str) -> str:
    return "articles" if model in _EVIDENCE else "claims"


POWERS: dict[str, tuple[str, ...]] = {
    "claims.see_desk": READERS,
    **{f"{_app(model)}.view_{model}": READERS for model in _READ},
    "claims.add_annotation": EDITORS,
    "claims.change_annotation": EDITORS,
    "claims.add_savedlist": EDITORS,
    "claims.change_savedlist": EDITORS,
    "articles.add_article": EDITORS,
    "articles.change_article": EDITORS,
    "articles.add_articleversion": EDITORS,
    "articles.add_publisher": EDITORS,
    "articles.change_publisher": EDITORS,
    "claims.add_source": EDITORS,
    "claims.change_source": EDITORS,
    "claims.add_sourcerole": EDITORS,
    "claims.change_sourcerole": EDITORS,
    "claims.add_occasion": EDITORS,
    "claims.change_occasion": EDITORS,
    "claims.add_statement": EDITORS,
    "claims.change_statement": EDITORS,
    "claims.add_attribution": EDITORS,
    "claims.change_attribution": EDITORS,
    "claims.add_claim": EDITORS,
    "claims.change_claim": EDITORS,
    "claims.move_claim": EDITORS,
    "claims.add_appearance": EDITORS,
    "claims.change_appearance": EDITORS,
    "claims.add_claimlink": EDITORS,
    "claims.change_claimlink": EDITORS,
    "claims.add_evidence": EDITORS,
    "claims.change_evidence": EDITORS,
    "claims.add_inquiry": EDITORS,
    "claims.change_inquiry": EDITORS,
    "claims.add_correctionrequest": EDITORS,
    "claims.change_correctionrequest": EDITORS,
    "claims.add_review": REVIEWERS,
    "claims.change_review": REVIEWERS,
    "claims.add_correction": REVIEWERS,
    "claims.change_correction": REVIEWERS,
    "claims.publish_claim": REVIEWERS,
    "claims.undo_others": LEADS,
    "claims.merge_claim": LEADS,
    "claims.merge_source": LEADS,
    "claims.merge_tag": LEADS,
    "articles.merge_publisher": LEADS,
    "claims.add_tag": LEADS,
    "claims.change_tag": LEADS,
    "claims.share_savedlist": LEADS,
    "claims.add_ratingscale": LEADS,
    "claims.change_ratingscale": LEADS,
    "claims.add_ratinglevel": LEADS,
    "claims.change_ratinglevel": LEADS,
    "articles.add_importrun": LEADS,
    "claims.view_erasure": ADMINS,
    "claims.view_identity": ADMINS,
    "claims.add_identity": ADMINS,
    "claims.change_identity": ADMINS,
    "auth.view_user": ADMINS,
    "auth.add_user": ADMINS,
    "auth.change_user": ADMINS,
    "auth.view_group": ADMINS,
}
"""Each permission with the roles that have it. Nobody has a power to delete: rows are withdrawn."""


def powers_of(role: str) -> list[str]:
    """The permissions of one role, in the order of the table."""
    return [power for power, roles in POWERS.items() if role in roles]
