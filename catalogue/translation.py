"""Which columns of which rows exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from catalogue import models


@register(
    [
        models.Agency,
        models.AgencyRole,
        models.Audience,
        models.Centre,
        models.Field,
        models.ProcedureBundle,
        models.ProcedureResult,
        models.RequiredPaper,
        models.ServicePoint,
    ]
)
class NameTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("vi",)


@register(models.AdministrativeUnit)
class AdministrativeUnitTranslation(TranslationOptions):
    fields = ("local_name",)


@register(models.Procedure)
class ProcedureTranslation(TranslationOptions):
    fields = ("name", "steps", "conditions", "online_reason")
    required_languages = {"vi": ("name",)}


@register(models.Case)
class CaseTranslation(TranslationOptions):
    fields = ("label",)


@register([models.FeeItem, models.Term])
class LabelAndTextTranslation(TranslationOptions):
    fields = ("label", "text")


@register(models.Hotline)
class HotlineTranslation(TranslationOptions):
    fields = ("label", "hours_text")
    required_languages = {"vi": ("label",)}


@register(models.Notice)
class NoticeTranslation(TranslationOptions):
    fields = ("title", "text", "reason")
    required_languages = {"vi": ("title",)}
