"""How a row's texts are translated: drafts of translators, a second person's approval, coverage, XLIFF."""
