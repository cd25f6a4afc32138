"""People and their roles. Accounts are switched off, not deleted: their names stand behind what they did."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.text import capfirst

from articles.admin import ReadOnly
from articles.admin_base import DeskAdmin, DeskForm
from articles.admin_filters import ChoiceFilter
from claims.models import sees_desk
from claims.permissions import DESK_ROLES, MEANS, ROLES
from config import audit, links, sessions

POWERS = {"role", "is_active", "is_superuser"}
"""Whose powers change, or who is switched off, is signed out everywhere."""

admin.site.unregister(User)
admin.site.unregister(Group)


def colleagues() -> QuerySet[User]:
    """Whom work can be given to: everybody with a working account at the desk."""
    return User.objects.filter(is_active=True, is_staff=True).order_by("username")


def role_of(user: User) -> str:
    """The highest role that somebody has; empty for none."""
    held = {group.name for group in user.groups.all()}
    return next((role for role in reversed(ROLES) if role in held), "")


def give_role(user: User, role: str) -> None:
    """That role and no other. Only who has one that works in the desk may enter it."""
    others = user.groups.exclude(name__in=ROLES)
    user.groups.set([*others, *Group.objects.filter(name=role)])
    User.objects.filter(pk=user.pk).update(is_staff=role in DESK_ROLES or user.is_superuser)


class PersonForm(DeskForm):
    """An account. It has no password: who it is for sets that by a link."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "is_active", "is_superuser"]
        field_classes = {"username": UsernameField}
        labels = {"is_active": "May sign in", "is_superuser": "Superuser"}
        help_texts = {
            "username": "Letters, digits and @ . + - _",
            "email": "Links to set a password are sent there, where this site sends mail.",
            "is_active": "Switched off, every session of theirs ends at once. Their name stays on what they did.",
            "is_superuser": "May do everything, whatever the role.",
        }


class RoleForm(PersonForm):
    """The account of somebody else, with its role. Nobody's form of their own account has that field."""

    role = forms.ChoiceField(
        choices=[
            ("", "No role: sees what the public sees"),
            *((role, format_html("<b>{}</b>: {}", capfirst(role), MEANS[role])) for role in ROLES),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text="Each may do all that the one before it may.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role"] = role_of(self.instance)


class RoleFilter(ChoiceFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((role, capfirst(role)) for role in ROLES), ("none", "None")]

    def chosen(self, queryset: Any, value: str) -> Any:
        if value == "none":
            return queryset.exclude(groups__name__in=ROLES)
        above = ROLES[ROLES.index(value) + 1 :]
        return queryset.filter(groups__name=value).exclude(groups__name__in=above)


@admin.register(User)
class PersonAdmin(DeskAdmin):
    """Everybody at the desk may choose a colleague by name; only admins see accounts. Nobody grants what they do
    not have, to themselves or to others."""

    form = PersonForm
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["username", "first_name", "last_name"]
    search_help_text = "User name or name"
    ordering = ["username"]
    list_display = ["username", "full_name", "role", "is_active", "last_login"]
    name_field = "username"
    save_on_top = False
    change_form_template = "admin/auth/user/change_form.html"

    # Who may.

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        above = isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody changes their own powers, or shuts themselves out."""
        own = ["role_held", "is_active", "is_superuser"] if obj is not None and obj.pk == request.user.pk else []
        return own + (["last_login", "date_joined"] if obj is not None else [])

    def gives_role(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or (obj.pk != request.user.pk and self.has_change_permission(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        powers = ["role" if self.gives_role(request, obj) else "role_held"]
        powers += [] if obj is None else ["is_active"]
        powers += ["is_superuser"] if request.user.is_superuser else []
        sets = [
            (None, {"fields": ["username", ("first_name", "last_name"), "email"]}),
            ("What they may do", {"fields": powers}),
        ]
        return sets if obj is None else [*sets, ("When", {"fields": [("last_login", "date_joined")]})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """``role`` is the form's own, not a column of accounts."""
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in names if name not in ("role", "role_held")]
        kwargs["form"] = RoleForm if self.gives_role(request, obj) else PersonForm
        return super().get_form(request, obj, change, **kwargs)

    # Lists and search boxes.

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="role")
    def role(self, user: User) -> str:
        return ", ".join(filter(None, [role_of(user) or "none", "superuser" if user.is_superuser else ""]))

    role_held = role

    def may_choose(self, request: HttpRequest) -> bool:
        return sees_desk(request.user)

    def offered(self, request: HttpRequest) -> QuerySet[User]:
        return colleagues()

    @classmethod
    def choice_note(cls, row: User) -> str:
        return row.get_full_name()

    # Saving.

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One button: what comes next is the link."""
        one = {"show_save_and_add_another": False, "show_save_and_continue": False, "title": "Invite a colleague"}
        return super().add_view(request, form_url, one | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "role" in form.cleaned_data and (not change or POWERS.intersection(form.changed_data)):
            give_role(form.instance, form.cleaned_data["role"])
        if change and POWERS.intersection(form.changed_data):
            sessions.end(form.instance)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """The one time that the link can be read."""
        return self._link_page(request, obj, template="invitation", subject="Your account at Hearsay")

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record("account-made", request, account=obj.get_username())
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        audit.record("account-changed", request, account=obj.get_username(), what=message)
        return super().log_change(request, obj, message)

    # A link to set a password.

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.link_view)
        return [path("<int:pk>/link/", view, name="auth_user_link"), *super().get_urls()]

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks, then takes the old password away and shows the link to a new one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user.pk == request.user.pk:
            return redirect("password_change")
        if not user.is_active:
            self.message_user(request, f"{user} may not sign in: switch the account on first.", messages.ERROR)
            return redirect("admin:auth_user_change", user.pk)
        if request.method != "POST":
            return TemplateResponse(request, "admin/auth/user/link.html", self._context(request, user))
        with transaction.atomic():
            user.set_unusable_password()
            user.save(update_fields=["password"])
            sessions.end(user)
            self.log_change(request, user, "New link to set a password.")
        return self._link_page(request, user, template="invitation", subject="Set a new password for Hearsay")

    def _link_page(self, request: HttpRequest, user: User, **mail: str) -> HttpResponse:
        link = links.new(user)
        facts = {"link": link, "mailed": links.send(user, link, **mail), "days": settings.LINK_DAYS}
        return TemplateResponse(request, "admin/auth/user/link.html", self._context(request, user) | facts)

    def _context(self, request: HttpRequest, user: User) -> dict[str, Any]:
        title = f"A link for {user.get_username()}"
        return {**self.admin_site.each_context(request), "opts": self.opts, "person": user, "title": title}


@admin.register(Group)
class RoleAdmin(ReadOnly, GroupAdmin):
    """Roles are a table in the code; here they can be looked at. They are given on an account's page."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
