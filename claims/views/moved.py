"""Finding a row by what stands in an address; one that was merged leads on to the one that it was merged into."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from articles.models import survivor_named


def row_or_404(rows: QuerySet[Any], **name: Any) -> Any:
    """The one of ``rows`` that is called so, or the one of them that it was merged into: then its own name is another,
    and the view redirects to it. 404 where there is none, or none that the viewer may see.

    One query, two and one a merge more where there is no row of that name.
    """
    found = rows.filter(merged_into=None, **name).first()
    if found is not None:
        return found
    survivor = survivor_named(rows.model, **name)
    if survivor is None:
        raise Http404
    return get_object_or_404(rows, pk=survivor.pk)
