"""Decisions on suggested statements, for whoever trains or measures a program by them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from articles.rows import CHUNK, Among
from claims.models import Attribution, Erasure, Statement

State = Statement.State


def decisions(*, names: bool = False) -> Iterator[dict[str, Any]]:
    """One for each suggestion that was decided on, by their numbers; ``names``: with who decided. Texts that were
    erased are left out: nothing of them is left to learn from. Two queries for every ``CHUNK`` of them."""
    rows = Statement.objects.proposed().exclude(state=State.SUGGESTED)
    erased = Erasure.objects.filter(kind=Erasure.Kind.TEXT).values("row")
    ids = list(rows.exclude(version__in=erased).order_by("pk").values_list("pk", flat=True))
    hops = Attribution.objects.current().select_related("source", "addressee", "role").order_by("position", "pk")
    some = Statement.objects.select_related("version__article", "decided_by").defer("version__text")
    for at in range(0, len(ids), CHUNK):
        # Again: one may have been undone since.
        chunk = some.filter(Among("pk", ids[at : at + CHUNK])).exclude(state=State.SUGGESTED).order_by("pk")
        for row in chunk.prefetch_related(Prefetch("attributions", hops)):
            yield _decision(row, names)


def _decision(row: Statement, names: bool) -> dict[str, Any]:
    accepted = "corrected" if row.corrected else "accepted"
    decision = {
        "article": row.version.article.identifier,
        "version": row.version.number,
        "sha256": row.version.sha256,
        "start": row.start,
        "end": row.end,
        "text": row.exact,
        "prefix": row.prefix,
        "suffix": row.suffix,
        "method": row.method,
        "confidence": row.confidence,
        "proposed": row.proposed,
        "decision": accepted if row.state == State.CONFIRMED else "rejected",
        "final": _final(row) if row.state == State.CONFIRMED else None,
        "reason": row.reason,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }
    return decision | ({"decided_by": row.decided_by.get_username() if row.decided_by else None} if names else {})


def _final(row: Statement) -> dict[str, Any]:
    return {
        "start": row.start,
        "end": row.end,
        "gaps": row.gaps,
        "verbatim": row.words,
        "chain": [_hop(hop) for hop in row.attributions.all()],
    }


def _hop(hop: Attribution) -> dict[str, Any]:
    return {
        "position": hop.position,
        "source": hop.source.slug if hop.source else None,
        "name": hop.source.name if hop.source else None,
        "source_kind": hop.source.kind if hop.source else None,
        "named": hop.source.named if hop.source else None,
        "as_named": hop.as_named,
        "role": hop.role.title if hop.role else None,
        "cue": hop.cue,
        "kind": hop.quotation_type,
        "addressee": hop.addressee.slug if hop.addressee else None,
        "when": hop.said_on_as_given,
    }
