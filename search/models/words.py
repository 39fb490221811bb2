"""Words that editors teach: everyday ones and the legal ones they mean, situations, questions, best bets."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from catalogue.models import Procedure
from catalogue.text import fold, nfc

LONGEST_PHRASE = 120
MOST_PHRASES = 500
EXISTS = "exists"
"""The code of the error of what is there already; its parameter `pk` names the row."""


def lines(text: str) -> tuple[str, ...]:
    """Return the phrases of a text with one a line, each once."""
    return tuple(dict.fromkeys(phrase for line in text.splitlines() if (phrase := nfc(line))))


def check_phrases(text: str) -> None:
    """Refuse phrases that are empty, too long or too many."""
    phrases = lines(text)
    if len(phrases) > MOST_PHRASES:
        raise ValidationError(_("At most %(most)d phrases: split them."), params={"most": MOST_PHRASES})
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE:
            raise ValidationError(
                _("«%(phrase)s…» is longer than %(most)d letters: shorten it."),
                params={"phrase": phrase[:30], "most": LONGEST_PHRASE},
            )
        if not fold(phrase):
            raise ValidationError(_("«%(phrase)s» has no letters: write words."), params={"phrase": phrase})


class Taught(models.Model):
    """What all taught rows have: who reviewed it, and what was last loaded from the data files."""

    is_reviewed = models.BooleanField(_("reviewed"), default=False)
    imported = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True, db_index=True)

    class Meta:
        abstract = True


def language_field() -> models.CharField:  # type: ignore[type-arg]
    """Return a field for the language of the words (a choice of the settings, so no migration on a new one)."""
    return models.CharField(_("language"), max_length=10, default="vi")


class WordGroup(Taught):
    """Everyday words, and the legal words that are looked for too when somebody types one of them."""

    class Kind(models.TextChoices):
        EVERYDAY = "everyday", _("everyday words")
        DIALECT = "dialect", _("dialect")
        ABBREVIATION = "abbreviation", _("abbreviation")
        OPERATION = "operation", _("what is to be done")
        INSTITUTION = "institution", _("offices")
        TRADE = "trade", _("trades and things")
        TEENCODE = "teencode", _("short spelling, always replaced")
        SPELLING = "spelling", _("misspelling, always replaced")
        FOREIGN = "foreign", _("foreign words")

    key = models.CharField(max_length=160, unique=True, editable=False)
    language = language_field()
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.EVERYDAY)
    everyday = models.TextField(_("what people type"), validators=[check_phrases], help_text=_("One a line"))
    legal = models.TextField(
        _("what the catalogue says"),
        validators=[check_phrases],
        help_text=_("Vietnamese words of procedures' names, one a line, the best first"),
    )
    field = models.CharField(_("field"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("word group")
        verbose_name_plural = _("word groups")
        ordering = ["language", "key"]
        constraints = [
            models.CheckConstraint(name="word_group_has_words", condition=~Q(everyday="") & ~Q(legal="")),
        ]

    def __str__(self) -> str:
        return f"{', '.join(lines(self.everyday)[:3])} → {', '.join(lines(self.legal)[:1])}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Give a group of an editor's own its key."""
        if not self.key:
            self.key = group_key(self.language, self.kind, lines(self.everyday))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Refuse a second group that begins with the same word."""
        key = self.key or group_key(self.language, self.kind, lines(self.everyday))
        other = WordGroup.objects.filter(key=key).exclude(pk=self.pk).first()
        if other is not None:
            text = _("A group of this kind begins with this word: add to that one.")
            raise ValidationError({"everyday": ValidationError(text, code=EXISTS, params={"pk": other.pk})})


def group_key(language: str, kind: str, everyday: tuple[str, ...]) -> str:
    """Return what names a group from one load to the next: its language, kind and first word."""
    return f"{language}:{kind}:{everyday[0].lower() if everyday else ''}"[:160]


class EverydayWords(Taught):
    """What people type who need one procedure, in one language."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="everyday_words", verbose_name=_("procedure"))
    language = language_field()
    phrases = models.TextField(_("what people type"), validators=[check_phrases], help_text=_("One a line"))

    class Meta:
        verbose_name = _("everyday phrases")
        verbose_name_plural = _("everyday phrases")
        ordering = ["procedure", "language"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "language"], name="everyday_words_once_a_language"),
            models.CheckConstraint(name="everyday_words_not_empty", condition=~Q(phrases="")),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} [{self.language}]"


class Situation(Taught, ClusterableModel):
    """Where somebody stands in life, without a procedure's name: «mới sinh con»."""

    key = models.CharField(max_length=160, unique=True, editable=False)
    language = language_field()
    phrases = models.TextField(_("how people say it"), validators=[check_phrases], help_text=_("One a line"))

    class Meta:
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        ordering = ["key"]
        constraints = [models.CheckConstraint(name="situation_has_words", condition=~Q(phrases=""))]

    def __str__(self) -> str:
        return ", ".join(lines(self.phrases)[:2])

    def save(self, *args: object, **kwargs: object) -> None:
        """Give a situation of an editor's own its key."""
        if not self.key:
            self.key = group_key(self.language, "situation", lines(self.phrases))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Refuse a second situation that begins with the same words."""
        key = self.key or group_key(self.language, "situation", lines(self.phrases))
        if Situation.objects.filter(key=key).exclude(pk=self.pk).exists():
            raise ValidationError({"phrases": _("A situation begins with these words: add to that one.")})


class SituationProcedure(models.Model):
    """A procedure that a situation needs; the most needed first."""

    situation = ParentalKey(Situation, on_delete=models.CASCADE, related_name="needs")
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="situations", verbose_name=_("procedure"))
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("procedure of a situation")
        verbose_name_plural = _("procedures of a situation")
        ordering = ["sort_order"]
        constraints = [models.UniqueConstraint(fields=["situation", "procedure"], name="situation_procedure_once")]

    def __str__(self) -> str:
        return str(self.procedure)


class QuestionWords(Taught):
    """Words of a question that name no procedure, and the part of the page that answers it."""

    class Part(models.TextChoices):
        STRIP = "strip", _("none: they are only left away")
        PAPERS = "papers", _("papers")
        FEE = "fee", _("fee")
        TIME = "time", _("time limit")
        PLACE = "place", _("where to go")
        ONLINE = "online", _("online")
        FORM = "form", _("form")

    language = language_field()
    part = models.CharField(_("what answers"), max_length=10, choices=Part.choices, default=Part.STRIP)
    phrases = models.TextField(_("words of the question"), validators=[check_phrases], help_text=_("One a line"))

    class Meta:
        verbose_name = _("words of questions")
        verbose_name_plural = _("words of questions")
        ordering = ["language", "part"]
        constraints = [
            models.UniqueConstraint(fields=["language", "part"], name="question_words_once"),
            models.CheckConstraint(name="question_words_not_empty", condition=~Q(phrases="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} [{self.language}]"


class BestBet(Taught):
    """A procedure that stands first for exactly these queries, whatever else fits."""

    phrases = models.TextField(
        _("queries"), validators=[check_phrases], help_text=_("One a line, with or without marks")
    )
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="best_bets", verbose_name=_("procedure"))
    note = models.CharField(_("why"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("best bet")
        verbose_name_plural = _("best bets")
        ordering = ["procedure"]
        constraints = [models.CheckConstraint(name="best_bet_has_words", condition=~Q(phrases=""))]

    def __str__(self) -> str:
        return f"{', '.join(lines(self.phrases)[:2])} → {self.procedure}"
