"""Settings: everything that differs between two machines comes from the environment.

`docs/operations.md` lists each variable. A value that can't be read stops the start.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from portal import policies, service_urls
from portal.accounts import oidc
from portal.column_labels import label_of_column

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

# A demo runs on loopback with a key of its own; anything else must be told.
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("TESTING", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-the-demo-on-loopback" if DEMO or TESTING else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Set it in the environment, or set DEMO=1 on your own machine.")
# Keys before it: what they signed (sessions, links, known browsers) still counts. Take them out after a day.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The key of the desk's event chain: whoever has it can forge events, so it isn't SECRET_KEY and isn't in the database.
DESK_CHAIN_KEY = env.str("DESK_CHAIN_KEY", default="only-for-the-demo-on-loopback" if DEMO or TESTING else "")
if not DESK_CHAIN_KEY:
    raise ImproperlyConfigured("DESK_CHAIN_KEY is not set. Make a long random one, keep a copy, and never change it.")
# Where the daily heads of that chain are kept, outside the database; empty: VAR_DIR/desk-heads.
DESK_HEADS_DIR = env.str("DESK_HEADS_DIR", default="")
BASE_URL = service_urls.base(env.str("BASE_URL", default="http://localhost:8000"))
IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The province whose portal this is: statistics code of two digits, no leading zero.
PROVINCE_CODE = env.str("PROVINCE_CODE", default="48")
CATALOGUE_DATA_DIR = Path(env.str("CATALOGUE_DATA_DIR", default=str(BASE_DIR / "catalogue" / "data")))

INSTALLED_APPS = [
    "portal",
    "desk",
    "search",
    "catalogue",
    "modeltranslation",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "ninja",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "portal.numbering.NumberedRequests",
    "portal.headers.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.asked.AskedQueries",
    "portal.cache.PublicPageCache",
    "portal.policies.PolicyByPlace",
    "portal.limits.Limits",
    "portal.errors.ErrorPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.api.locale.PageLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.language.AccountPages",
    "portal.accounts.lifetimes.Lifetimes",
    "portal.accounts.second_factor.RequireSecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.templatetags.reading"],
        },
    },
]
FORM_RENDERER = "portal.form_renderer.FormRenderer"

DATABASES = {"default": service_urls.database(env.str("DATABASE_URL", default=""), file=VAR_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement takes longer (50 ms) than the lists and counts that we ask for.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off"} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "portal.User"

CACHE_URL = env.str("CACHE_URL", default="")
if CACHE_URL:
    CACHES = {"default": service_urls.cache(CACHE_URL)}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 40_000},
        }
    }

# What this process has drawn and can draw again; it goes with the process, so no deployment finds an old template's.
CACHES["process"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "drawn",
    "TIMEOUT": None,
    "OPTIONS": {"MAX_ENTRIES": 500},
}

# Empty: at once, in the process that asks for it, after the commit. Else Celery's workers, with Redis or RabbitMQ.
vars().update(service_urls.broker(env.str("CELERY_BROKER_URL", default="")))
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# Empty: the embedded engine alone. http://host:9200/index: Elasticsearch 8, with the embedded one behind it.
SEARCH_URL = env.str("SEARCH_URL", default="")

# Editors and officers log in at one door (docs/operations.md, «Log-in»).
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["portal.accounts.backend.Backend"]
# Alone, a password has 15 characters (NIST SP 800-63B-4); no rule on their kinds, no change by the calendar.
PASSWORD_LENGTH = env.int("PASSWORD_LENGTH", default=15)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.known_passwords.KnownFromBreaches"},
    {"NAME": "portal.accounts.passwords.GuessedFirst"},
]
PASSWORD_RESET_TIMEOUT = 2 * 3600
# Who has no password yet asks for a link at the log-in page.
WAGTAILUSERS_PASSWORD_REQUIRED = False
# Passwords and addresses are changed at /accounts/ or by the administrator, not in /cms/account/.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Wrong passwords in so many seconds: of an address on one account, of an address; and an hour, on an account by all
# browsers in which it never logged in.
LOG_IN_TRIES = env.int("LOG_IN_TRIES", default=5)
LOG_IN_TRIES_ADDRESS = env.int("LOG_IN_TRIES_ADDRESS", default=60)
LOG_IN_TRIES_ACCOUNT = env.int("LOG_IN_TRIES_ACCOUNT", default=100)
LOG_IN_SECONDS = env.int("LOG_IN_SECONDS", default=300)
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LogInForm",
    "reauthenticate": "portal.accounts.forms.AgainForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "reset_password": "portal.accounts.forms.AskForLinkForm",
    "reset_password_from_key": "portal.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Passwords are counted by portal.accounts.tries; «login_failed» is what is left of it: codes after a right password.
ACCOUNT_RATE_LIMITS = {"login": None, "signup": None, "login_failed": "10/10m/key", "reset_password": "20/m/ip"}
# Own proxies that each add to X-Forwarded-For: where they are not counted, all readers seem to have one address.
PROXIES = env.int("PROXIES", default=1 if IS_HTTPS else 0)
# Who must show a second factor: roles of postings, «editor» (whoever may enter /cms/), «administrator».
MFA_ROLES = env.list(
    "MFA_ROLES",
    default=[] if DEMO or TESTING else ["approver", "head", "supervisor", "editor", "administrator"],
)
# Keys of the factors' secrets, the newest first; none: SECRET_KEY, and who changes that must have all set up anew.
MFA_KEYS = env.list("MFA_KEYS", default=[])
MFA_ADAPTER = "portal.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.CodeForm",
    "reauthenticate": "portal.accounts.forms.CodeAgainForm",
    "activate_totp": "portal.accounts.forms.SetUpCodesForm",
    "deactivate_totp": "portal.accounts.forms.NoCodesForm",
    "generate_recovery_codes": "portal.accounts.forms.RecoveryCodesForm",
    "add_webauthn": "portal.accounts.forms.AddKeyForm",
    "edit_webauthn": "portal.accounts.forms.EditKeyForm",
    "login_webauthn": "portal.accounts.forms.KeyLogInForm",
    "authenticate_webauthn": "portal.accounts.forms.KeyForm",
    "reauthenticate_webauthn": "portal.accounts.forms.KeyAgainForm",
}
# Single sign-on: one OpenID Connect provider, off without an address.
OIDC_NAME = env.str("OIDC_NAME", default="SSO")
OIDC_LINK_DOMAINS = oidc.domains(env.list("OIDC_LINK_DOMAINS", default=[]))
SOCIALACCOUNT_PROVIDERS = oidc.providers(
    env.str("OIDC_SERVER_URL", default=""),
    client_id=env.str("OIDC_CLIENT_ID", default=""),
    secret=env.str("OIDC_CLIENT_SECRET", default=""),
    name=OIDC_NAME,
)
SOCIALACCOUNT_ADAPTER = "portal.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True

LANGUAGE_CODE = "vi"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("vi", "Tiếng Việt"),
    ("en", "English"),
    ("zh-hans", "中文"),
    ("ko", "한국어"),
    ("ja", "日本語"),
]
MODELTRANSLATION_DEFAULT_LANGUAGE = "vi"
MODELTRANSLATION_LANGUAGES = tuple(code for code, _name in LANGUAGES)
MODELTRANSLATION_FALLBACK_LANGUAGES = ("vi",)
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = label_of_column
# The second holds what Wagtail's own Vietnamese lacks on the editors' screens.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "catalogue" / "wagtail_texts"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Uploads on their way in: beside the rest of the state, so that the clock sweeps what a killed process leaves.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploading"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "portal.media_files.MediaFiles"},
    "desk": {"BACKEND": "desk.files.storing.PrivateFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WAGTAIL_SITE_NAME = "Một Cửa"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# No page embeds anything, so no address that an editor types is asked.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILIMAGES_IMAGE_MODEL = "portal.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "portal.PortalDocument"
WAGTAILDOCS_EXTENSIONS = ["pdf", "doc", "docx", "odt", "xls", "xlsx", "ods"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.image_form.ImageForm"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "catalogue.editing.finish.publish_approved"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Files of dossiers: how large one may be, how many a dossier may have, and the scanner that reads them (none: unread).
DESK_FILE_MAX_MB = env.int("DESK_FILE_MAX_MB", default=20)
DESK_FILES_MAX = env.int("DESK_FILES_MAX", default=100)
DESK_RETENTION_YEARS = env.int("DESK_RETENTION_YEARS", default=0)
DESK_READINGS_YEARS = env.int("DESK_READINGS_YEARS", default=5)
CLAMAV_URL = service_urls.clamav(env.str("CLAMAV_URL", default=""))
# Public tracking: how many wrong tries an address and a code have in so many seconds.
TRACKING_TRIES_ADDRESS = env.int("TRACKING_TRIES_ADDRESS", default=30)
TRACKING_TRIES_CODE = env.int("TRACKING_TRIES_CODE", default=10)
TRACKING_SECONDS = env.int("TRACKING_SECONDS", default=900)
# What one address may ask in a minute of what costs work; 0: as much as it likes.
LIMITS = {
    "search": env.int("LIMIT_SEARCH", default=600),
    "suggest": env.int("LIMIT_SUGGEST", default=3000),
    "api": env.int("LIMIT_API", default=600),
    "report": env.int("LIMIT_REPORT", default=20),
}
# A row's preview is drawn by the public page; the catalogue knows it by name only.
CATALOGUE_PREVIEW_VIEW = "portal.views.preview"

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(service_urls.email(EMAIL_URL))

DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"mot-cua@{urlsplit(BASE_URL).hostname}")

# Over https a browser binds cookies of these names to this very host: no other one, and no plain http, can set them.
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrftoken"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known_browser" if IS_HTTPS else "known_browser"
# Messages may name people: they wait in the session, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=60) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_FAILURE_VIEW = "portal.errors.forged"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if IS_HTTPS:
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Two policies (docs/security.md): nothing inline and nothing from elsewhere; /cms/ as strict as Wagtail lets it be.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": policies.pages(is_https=IS_HTTPS, report_to=env.str("CSP_REPORT_URI", default="")),
}
EDITING_POLICY = policies.editing(CONTENT_SECURITY_POLICY["DIRECTIVES"])
# The audit of every room goes to stdout, a JSON object a line; the plain log to stderr.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "catalogue.audit.RequestNumber"}},
    "formatters": {
        "plain": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_number)s] %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        },
        "line": {"()": "catalogue.audit.AuditLine"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["request"]},
        "lines": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stdout"},
    },
    "loggers": {
        f"{room}.audit": {"handlers": ["lines"], "level": "INFO", "propagate": TESTING}
        for room in ("catalogue", "desk", "portal", "search")
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
