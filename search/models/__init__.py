"""What editors teach the search, what people asked, and what was judged."""

from search.models.asked import AskedDay, AskedQuery, JudgedQuery, Retyped, TakenFile
from search.models.words import BestBet, EverydayWords, QuestionWords, Situation, SituationProcedure, WordGroup

__all__ = [
    "AskedDay",
    "AskedQuery",
    "BestBet",
    "EverydayWords",
    "JudgedQuery",
    "QuestionWords",
    "Retyped",
    "Situation",
    "SituationProcedure",
    "TakenFile",
    "WordGroup",
]
