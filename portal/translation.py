"""Which columns of the portal's own rows exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from portal.models import PortalImage


@register(PortalImage)
class PortalImageTranslation(TranslationOptions):
    fields = ("alternative_text",)
