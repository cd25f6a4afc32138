"""A suggestion on its statement's page: it is corrected there, and accepted with the same save."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from claims.models import Statement
from claims.suggesting.decisions import note_correction
from claims.suggesting.making import ChoiceNeeded, Making
from claims.suggesting.proposal import Proposal
from claims.views.back import back_to

ACCEPT = "_accept"
"""The button that saves what was typed and confirms the statement."""


class Correcting:
    """For the admin class of statements."""

    def changeform_view(self, request: HttpRequest, *view: Any, **options: Any) -> HttpResponse:
        if ACCEPT in request.POST:
            typed = request.POST.copy()
            typed["state"] = Statement.State.CONFIRMED
            request.POST = typed  # type: ignore[assignment]
        return super().changeform_view(request, *view, **options)  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["back"] = back_to(request.GET.get("back"), "")
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def after_related(self, request: HttpRequest, form: Any, change: bool) -> None:
        """Who is confirmed has the sources that were proposed, but for what the editor chose."""
        super().after_related(request, form, change)  # type: ignore[misc]
        statement: Statement = form.instance
        proposal = Proposal.read(statement.proposed) if change else None
        if proposal is None or statement.state != Statement.State.CONFIRMED:
            return
        if "state" in form.changed_data:
            try:
                Making(request.user, form.touched).fill(statement, proposal)
            except ChoiceNeeded as needed:
                messages.warning(request, f"One hop was left without a source. {needed}")
        note_correction(statement)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to where it was opened from: the queue of suggestions at the next one."""
        back = back_to(request.GET.get("back"), "")
        if back:
            return HttpResponseRedirect(back)
        return super().response_post_save_change(request, obj)  # type: ignore[misc]
