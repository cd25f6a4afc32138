"""A merge is undone as a whole or not at all."""

from claims.dependents import in_use, links_to
from claims.undoing.step import Step

NO_HALVES = "It goes with the row that was merged."


def refuse_halves(steps: list[Step]) -> None:
    """A merge is undone together with the row that was merged, or not at all; so is merging again."""
    merged = [step for step in steps if "merged_into_id" in step.differs]
    for step in merged:
        step.refusal = step.refusal or _merge_refusal(step, steps)
    if any(step.refusal for step in merged):
        for step in steps:
            step.refusal = step.refusal or NO_HALVES


def _merge_refusal(step: Step, steps: list[Step]) -> str:
    """Why the row of ``step`` cannot be told apart again, or be merged again; empty where it can."""
    row, into = step.row, type(step.row)._base_manager.filter(pk=step.then["merged_into_id"]).first()
    if into is None:
        into = row.merged_into
        return f"“{into}” was merged itself since: undo that first." if into.merged_into_id else ""
    if into.merged_into_id or getattr(into, "withdrawn_at", None):
        return f"“{into}” is not in use any more: bring it back first."
    written = {(type(other.row), other.row.pk) for other in steps}
    for link in links_to(type(row)):
        pointing = in_use(link.model).filter(**{link.field: row}).values_list("pk", flat=True)
        if any((link.model, pk) not in written for pk in pointing):
            return f"“{row}” has got other {link.words} since: merge it anew."
    return ""
