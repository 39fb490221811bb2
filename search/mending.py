"""Typing slips: words that are never meant as themselves, telex and VNI, missing spaces, wrong letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from search.lexicon import Lexicon
from search.syllables import from_telex, from_vni, is_folded_syllable
from search.tokens import Token, token
from search.words import Knowledge, Meaning, Phrases, Taught

MOST_BEGINNINGS = 60
COMPLETIONS = 4
"""How many words a growing one may become."""


@dataclass
class Word:
    """A word on its way through the steps."""

    token: Token
    term: str
    is_foreign: bool = False
    others: tuple[str, ...] = ()
    is_strict: bool = False
    meanings: list[Meaning] = field(default_factory=list)
    is_sure: bool = False
    """Whether it stands for a word that is never meant as itself: no slip, whatever the catalogue holds."""


def mend(found: list[Word], lexicon: Lexicon, knowledge: Knowledge, *, growing: bool = False) -> list[Word]:
    """Return the words with typing slips mended; a last word that is still growing isn't one yet."""
    result: list[Word] = []
    replaced = _replace(found, knowledge)
    for at, word in enumerate(replaced):
        if growing and at == len(replaced) - 1 and (more := _beginnings(word.term, lexicon)):
            result.append(_grown(word, result[-1].term if result else "", more, lexicon))
            continue
        if word.is_foreign or word.is_sure or word.term in knowledge.taught:
            result.append(word)
            continue
        before = result[-1].term if result else ""
        after = replaced[at + 1].term if at + 1 < len(replaced) else ""
        result += _mended(word, before, after, lexicon)
    return result


def _beginnings(term: str, lexicon: Lexicon) -> list[str]:
    """Return the words that begin so; «sy» may be the «si» of «sinh», put in one spelling too soon."""
    found = lexicon.beginning_with(term, MOST_BEGINNINGS)
    return found + lexicon.beginning_with(term[:-1] + "i", MOST_BEGINNINGS) if term.endswith("y") else found


def _grown(word: Word, before: str, more: list[str], lexicon: Lexicon) -> Word:
    """Return what a growing word will probably be: what most often follows the word before it."""
    follows = {term: lexicon.pairs.get(f"{before}_{term}", 0) for term in more}
    ranked = sorted(more, key=lambda term: (-follows[term], -lexicon.terms[term], term))
    first = ranked[0]
    if follows[first] <= follows.get(word.term, 0) or len(word.term) < 2:
        word.others = (*word.others, *(term for term in ranked[:COMPLETIONS] if term != word.term))
        return word
    others = tuple(term for term in [word.term, *ranked[1:COMPLETIONS]] if term != first)
    return Word(Token(first, first), first, is_foreign=word.is_foreign, others=others)


def _replace(found: list[Word], knowledge: Knowledge) -> list[Word]:
    """Return the words with those replaced that are never meant as themselves («ko», «xác nhập»).

    The marks of a misspelling must have been typed: «doi» isn't «dới».
    """
    result: list[Word] = []
    terms = [word.term for word in found]
    at = 0
    while at < len(found):
        meaning = next((m for m in knowledge.replaced.at(terms, at) if _typed(found, at, m.marked)), None)
        if meaning is None:
            result.append(found[at])
            at += 1
            continue
        for marked, folded in meaning.legal[0]:
            result.append(Word(Token(marked, folded), folded, is_strict=found[at].is_strict, is_sure=True))
        at += len(meaning.terms)
    return result


def _typed(found: Sequence[Word], at: int, marked: Sequence[str]) -> bool:
    return all(word.token.marked == typed for word, typed in zip(found[at:], marked, strict=False))


def fitting(phrases: Phrases[Taught], found: Sequence[Word], terms: Sequence[str], at: int) -> Iterator[Taught]:
    """Yield the phrases that stand at this word, the longest first; marks that were typed must agree."""
    for row in phrases.at(terms, at):
        part = found[at : at + len(row.terms)]
        if all(
            not word.is_strict or word.token.marked == marked for word, marked in zip(part, row.marked, strict=True)
        ):
            yield row


def _mended(word: Word, before: str, after: str, lexicon: Lexicon) -> list[Word]:
    typed = word.token.marked
    known = lexicon.knows(word.term)
    decoded = from_vni(typed) or ("" if known and is_folded_syllable(typed) else from_telex(typed))
    if decoded and lexicon.knows(token(decoded).folded):
        found = token(decoded)
        return [Word(found, found.folded, is_strict=found.has_marks)]
    if word.term.isdigit() or (known and not _is_odd(word, before, after, lexicon)):
        return [word]
    if not known and (pieces := lexicon.segmented(word.term)):
        return [Word(Token(piece, piece), piece) for piece in pieces]
    near = [t for t in lexicon.corrections(word.term) if is_folded_syllable(t) or not known]
    ranked = sorted(near, key=lambda t: (-lexicon.fit(before, t, after), -lexicon.terms[t], t))
    if known:
        better = [t for t in ranked[:3] if lexicon.fit(before, t, after) >= 3]
        word.others = (*word.others, *better[:1])
        return [word]
    if ranked:
        first = ranked[0]
        return [Word(Token(first, first), first, others=tuple(ranked[1:3]))]
    return [word]


def _is_odd(word: Word, before: str, after: str, lexicon: Lexicon) -> bool:
    """Return whether a known word never stands beside its neighbours: maybe another one was meant."""
    return len(word.term) > 1 and bool(before or after) and lexicon.fit(before, word.term, after) == 0
