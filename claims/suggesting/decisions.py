"""What becomes of suggested statements: one function for each decision, whichever door it comes through.

To correct one is to save its form. Each decision is a save of its own, which can be undone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.history import drop_if_empty, recorded
from articles.models import Revision, StaleSave
from articles.retrying import tried_again
from articles.rows import Among, hold
from claims.models import Statement
from claims.provenance.touched import Touched
from claims.suggesting.comparing import is_corrected
from claims.suggesting.making import ChoiceNeeded, Making
from claims.suggesting.proposal import Proposal

State = Statement.State

MOST = 250
"""How many suggestions are accepted at once: others who make sources wait meanwhile, a few seconds."""

NOT_YOURS = "Your role does not decide on statements."
STALE = "Somebody else changed it meanwhile."


class AlreadyDecided(Exception):
    """The statement was confirmed, rejected or withdrawn before; nothing was written."""


class TooMany(Exception):
    """More than can be accepted at once; nothing was written."""


@dataclass
class Accepted:
    """What became of many suggestions that were to be accepted."""

    statements: int = 0
    sources: int = 0
    """How many sources were made."""
    refused: list[tuple[Statement, str]] = field(default_factory=list)
    """What was not accepted, and why."""
    revision: Revision | None = None
    """The save, to undo it by; ``None`` where nothing was written."""


def accept(statement: Statement, by: Any, lock: int | None = None) -> Statement:
    """Confirm a suggestion, and make the sources that it proposes where none fits yet. ``lock`` is the one that it
    had when it was looked at. Returns the statement as it stands now.

    Raises ``AlreadyDecided``, ``ChoiceNeeded`` where only an editor can say which source is meant, ``StaleSave`` where
    somebody else changed it since, and ``PermissionDenied``; nothing was written then.
    """
    label = "Accepted a suggested statement"
    return _alone(by, label, statement, lambda deciding: deciding.accept(statement, lock))


def reject(statement: Statement, by: Any, reason: str, lock: int | None = None) -> Statement:
    """Reject a suggestion. ``lock`` is the one that it had when it was looked at. Returns it as it stands now.

    Raises ``ValidationError`` without a reason, ``AlreadyDecided``, ``StaleSave`` and ``PermissionDenied``.
    """
    label = "Rejected a suggested statement"
    return _alone(by, label, statement, lambda deciding: deciding.reject(statement, reason, lock), reason)


def accept_above(statements: QuerySet[Statement], confidence: float, by: Any) -> Accepted:
    """Accept those of ``statements`` that are suggested with at least that confidence, as one save. What cannot be
    accepted is left as it is, and told.

    Raises ``TooMany`` and ``PermissionDenied``.
    """
    return tried_again(lambda: _accept_above(statements, confidence, by))


def _accept_above(statements: QuerySet[Statement], confidence: float, by: Any) -> Accepted:
    label = f"Accepted suggested statements from confidence {confidence:g}"
    with recorded(by=by, how=Revision.How.BULK, label=label) as made:
        deciding = Deciding(by)
        chosen = statements.filter(state=State.SUGGESTED, withdrawn_at=None, confidence__gte=confidence)
        ids = list(chosen.order_by("pk").values_list("pk", flat=True).distinct()[: MOST + 1])
        if len(ids) > MOST:
            raise TooMany(f"More than {MOST:,} statements are suggested with that confidence: narrow the list.")
        # All of them before the first source is made, so that two who do this never wait for each other.
        hold(Statement.objects.filter(Among("pk", ids)).order_by("pk"))
        done = Accepted()
        for statement in Statement.objects.filter(Among("pk", ids)).order_by("version", "start", "pk"):
            refusal = deciding.try_to(deciding.accept, statement)
            if refusal:
                done.refused.append((statement, refusal))
        deciding.touched.refresh()
        drop_if_empty(made)
    done.statements, done.sources = len(ids) - len(done.refused), deciding.making.made
    done.revision = made if made.pk else None
    return done


def note_correction(statement: Statement) -> None:
    """Within the save of its form, once its chain is written: note whether what an editor confirmed is still what was
    proposed."""
    proposal = Proposal.read(statement.proposed)
    if proposal and statement.state == State.CONFIRMED:
        corrected = is_corrected(statement, proposal)
        if corrected != statement.corrected:
            Statement.objects.filter(pk=statement.pk).change(corrected=corrected)


class Deciding:
    """The decisions of one save. Whoever announces it holds the statements first, and refreshes ``touched`` last."""

    def __init__(self, by: Any, touched: Touched | None = None) -> None:
        if not by.has_perm("claims.change_statement"):
            raise PermissionDenied(NOT_YOURS)
        self.by, self.touched = by, Touched() if touched is None else touched
        self.making = Making(by, self.touched)

    def accept(self, statement: Statement, lock: int | None = None) -> Statement:
        """See ``accept``."""
        row = _waiting(statement, lock)
        proposal = Proposal.read(row.proposed)
        if proposal:
            row.corrected = is_corrected(row, proposal, sources_come=True)
            self.making.fill(row, proposal)
        return self._decide(row, State.CONFIRMED)

    def reject(self, statement: Statement, reason: str, lock: int | None = None) -> Statement:
        """See ``reject``."""
        row = _waiting(statement, lock)
        if not reason.strip():
            raise ValidationError({"reason": "Say why the statement is rejected."})
        row.reason = reason.strip()[:500]
        return self._decide(row, State.REJECTED)

    def try_to(self, decide: Callable[..., Any], *given: Any) -> str:
        """Why nothing was written of this one; empty where it was."""
        made = self.making.made
        try:
            with transaction.atomic():
                decide(*given)
        except (AlreadyDecided, ChoiceNeeded, PermissionDenied) as refused:
            refusal = str(refused)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except StaleSave:
            refusal = STALE
        else:
            return ""
        if self.making.made != made:
            self.making.made = made
            self.making.forget()
        return refusal

    def _decide(self, row: Statement, state: str) -> Statement:
        row.state, row.decided_by, row.decided_at = state, self.by, timezone.now()
        row.save(update_fields=["state", "decided_by", "decided_at", "reason", "corrected"])
        self.touched.add(row)
        return row


def _alone(
    by: Any, label: str, statement: Statement, decide: Callable[[Deciding], Statement], why: str = ""
) -> Statement:
    def save() -> Statement:
        with recorded(by=by, label=label, why=why.strip()[:500]):
            # In their usual order, texts and articles would be held with statements.
            hold(Statement.objects.filter(pk=statement.pk).order_by("pk"))
            deciding = Deciding(by)
            row = decide(deciding)
            deciding.touched.refresh()
            return row

    return tried_again(save)


def _waiting(statement: Statement, lock: int | None) -> Statement:
    """The suggestion as it is stored."""
    row = Statement.objects.select_related("version__article__publisher").get(pk=statement.pk)
    if row.state != State.SUGGESTED:
        who = f" by {row.decided_by}" if row.decided_by else ""
        raise AlreadyDecided(f"It was {row.get_state_display()} already{who}.")
    if row.withdrawn_at is not None:
        raise AlreadyDecided("It was withdrawn: bring it back first.")
    if lock is not None and row.lock != lock:
        raise StaleSave(f"statement {row.pk} has changed since it was looked at")
    return row
