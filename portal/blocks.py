"""What an editor composes guides, notices and information pages from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

PLAIN = ["bold", "italic", "link", "ol", "ul"]


class ProceduresBlock(blocks.StructBlock):
    """Procedures by their codes; what each is called comes from the catalogue, in the reader's language."""

    heading = blocks.CharBlock(label=_("heading"), required=False, max_length=200)
    codes = blocks.ListBlock(blocks.CharBlock(max_length=40), label=_("procedure codes"))

    class Meta:
        label = _("procedures")
        template = "portal/blocks/procedures.html"


class NoteBlock(blocks.StructBlock):
    """A box that stands out."""

    heading = blocks.CharBlock(label=_("heading"), max_length=200)
    text = blocks.RichTextBlock(label=_("text"), features=PLAIN)
    is_warning = blocks.BooleanBlock(label=_("needs care"), required=False)

    class Meta:
        label = _("note")
        template = "portal/blocks/note.html"


class StepsBlock(blocks.StructBlock):
    """Numbered steps."""

    steps = blocks.ListBlock(blocks.RichTextBlock(features=PLAIN), label=_("steps"))

    class Meta:
        label = _("steps")
        template = "portal/blocks/steps.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = blocks.CharBlock(label=_("heading"), max_length=200, template="portal/blocks/heading.html")
    paragraph = blocks.RichTextBlock(label=_("text"), features=PLAIN)
    steps = StepsBlock()
    procedures = ProceduresBlock()
    note = NoteBlock()
    image = ImageChooserBlock(label=_("image"), template="portal/blocks/image.html")
    document = DocumentChooserBlock(label=_("document"), template="portal/blocks/document.html")
