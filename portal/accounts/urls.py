"""The doors of log-in that are open; what allauth has besides (sign-up, addresses, log-in by mail) isn't here."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import include, path, re_path

from portal.accounts import language, views

urlpatterns = [
    path("login/", views.LogIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("language/", language.choose, name="account_language"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", views.MyLogIn.as_view(), name="mfa_index"),
    path("2fa/webauthn/keys/<int:pk>/remove/", views.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("sessions/others/end/", views.end_others, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/<slug:provider_id>/login/", views.single_sign_on, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.come_back, name="openid_connect_callback"),
]
