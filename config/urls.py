"""The only place that mounts the apps."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from claims.admin.undo import undo_page
from config import accounts
from config.accounts import page_or_form

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("admin/undo/<int:pk>/", admin.site.admin_view(undo_page), name="undo"),
    path("admin/", admin.site.urls),
    path("login/", page_or_form(accounts.sign_in), name="login"),
    path("logout/", require_POST(auth.LogoutView.as_view()), name="logout"),
    path("password/", page_or_form(accounts.ChangePassword.as_view()), name="password_change"),
    path("password/done/", require_safe(auth.PasswordChangeDoneView.as_view()), name="password_change_done"),
    path("password/forgotten/", page_or_form(accounts.Forgotten.as_view()), name="password_forgotten"),
    path("password/forgotten/sent/", require_safe(accounts.forgotten_sent), name="password_forgotten_sent"),
    path("password/set/<uidb64>/<token>/", page_or_form(accounts.SetPassword.as_view()), name="password_set"),
    path("", include("claims.urls")),
]
