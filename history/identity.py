"""Which stored thing is which thing on the page: moderngov's own numbers first, then what people go by.

Pure. Renumbering, reordering and re-titling keep an item's identity; no two things on a page get the same stored one.
Where identity was not certain, the doubt is given in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from history.state import ItemState
from scraper.records import ItemRecord

SIMILAR: Final = 85.0  # of 100: titles this alike are one item where there is no number to go by
SIMILAR_IN_PLACE: Final = 60.0  # the same, where the place and the number shown are the same too


@dataclass(frozen=True, slots=True)
class Match:
    """What one thing on the page is: the index of the stored one, None where it is new, and why that is not certain."""

    stored: int | None
    doubt: str | None = None


def same_words(text: str) -> str:
    """What two texts that say the same have in common: no case, no spaces, no punctuation but inside of figures."""
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"(?<!\d)[\W_]+|[\W_]+(?!\d)", "", folded)


def match_items(stored: Sequence[ItemState], read: Sequence[ItemRecord]) -> tuple[Match, ...]:
    """For each item on the page, in its order, the stored item that it is.

    By moderngov's number; where either lacks one, by the reference shown ("SSP/46/25"), then by likeness of titles.
    An old number that is gone and a new one with the same title in the same place are one item, with a doubt.
    """
    found: dict[int, Match] = {}
    taken: set[int] = set()

    def take(place: int, index: int, doubt: str | None = None) -> None:
        found[place] = Match(index, doubt)
        taken.add(index)

    by_number: dict[int, list[int]] = {}  # lists, because pages typed by hand bear a number twice
    for index, old in enumerate(stored):
        if old.item_id is not None:
            by_number.setdefault(old.item_id, []).append(index)
    for place, item in enumerate(read):
        if item.item_id is not None and by_number.get(item.item_id):
            take(place, by_number[item.item_id].pop(0))
    if len(found) == len(read):
        return tuple(found[place] for place in range(len(read)))

    # From here on what stands goes before what was withdrawn.
    free = sorted((i for i in range(len(stored)) if i not in taken), key=lambda i: stored[i].withdrawn_at is not None)
    open_places = [place for place in range(len(read)) if place not in found]
    _by_reference(stored, read, free, open_places, take)
    _by_likeness(stored, read, [i for i in free if i not in taken], [p for p in open_places if p not in found], take)
    _renumbered(stored, read, found, taken, take)
    return tuple(found.get(place, Match(None)) for place in range(len(read)))


def match_documents(
    stored: Sequence[tuple[Hashable, str, str, bool]], read: Sequence[tuple[Hashable, str, str]]
) -> tuple[int | None, ...]:
    """For each document on the page the index of the stored one, or None where it is new.

    `stored` are (place, document_id, title, stands), `read` (place, document_id, title); a place is an item or the
    meeting. By document_id in its place, by document_id elsewhere on the page, then by the same title in the same place
    where the old number is gone (the web service's attachment numbers need not be those of the page).
    """
    found: list[int | None] = [None] * len(read)
    taken: set[int] = set()

    def pair(key_of_stored: Sequence[Hashable | None], key_of_read: Sequence[Hashable | None]) -> None:
        candidates: dict[Hashable, list[int]] = {}
        for index in sorted(range(len(stored)), key=lambda i: not stored[i][3]):
            if index not in taken and key_of_stored[index] is not None:
                candidates.setdefault(key_of_stored[index], []).append(index)
        for place, key in enumerate(key_of_read):
            if found[place] is None and key is not None and candidates.get(key):
                index = candidates[key].pop(0)
                found[place] = index
                taken.add(index)

    pair([(place, number) for place, number, _, _ in stored], [(place, number) for place, number, _ in read])
    if None in found:
        pair([number for _, number, _, _ in stored], [number for _, number, _ in read])
    if None in found:
        numbers_read = {number for _, number, _ in read}
        numbers_stored = {number for _, number, _, _ in stored}
        pair(
            [
                (place, same_words(title)) if stands and number not in numbers_read else None
                for place, number, title, stands in stored
            ],
            [(place, same_words(title)) if number not in numbers_stored else None for place, number, title in read],
        )
    return tuple(found)


def _is_reference(number: str) -> bool:
    """A number that stays with its item ("SSP/46/25", "77/21"), unlike "3." or "59.", which minutes give anew."""
    return bool(re.search(r"\d", number)) and bool(re.search(r"[A-Za-z/]", number.strip(" .:")))


_Take = Callable[[int, int, str | None], None]


def _by_reference(
    stored: Sequence[ItemState],
    read: Sequence[ItemRecord],
    free: Sequence[int],
    open_places: Sequence[int],
    take: _Take,
) -> None:
    shown = Counter(read[place].number for place in open_places)
    held: dict[str, list[int]] = {}
    for index in free:
        held.setdefault(stored[index].number, []).append(index)
    for place in open_places:
        number = read[place].number
        if not _is_reference(number) or shown[number] != 1 or len(held.get(number, ())) != 1:
            continue
        (index,) = held[number]
        if read[place].item_id is not None and stored[index].item_id is not None:
            continue  # both have numbers of their own, and they differ
        doubt = None
        if same_words(read[place].title) != same_words(stored[index].title):
            doubt = f"taken for the same item by its reference {number}; it was titled {stored[index].title!r}"
        take(place, index, doubt)


def _by_likeness(
    stored: Sequence[ItemState],
    read: Sequence[ItemRecord],
    free: Sequence[int],
    open_places: Sequence[int],
    take: _Take,
) -> None:
    from rapidfuzz import fuzz  # noqa: PLC0415  loaded with the first item that its number does not identify

    pairs: list[tuple[bool, float, bool, int, int, int]] = []
    for place in open_places:
        for index in free:
            item, old = read[place], stored[index]
            if item.item_id is not None and old.item_id is not None:
                continue
            score = fuzz.ratio(_plain(item.title), _plain(old.title))
            in_place = item.position == old.position and item.number == old.number
            if old.forgotten_at is not None and item.position == old.position:
                score = SIMILAR  # its title is taken out: its place must do
            if score >= (SIMILAR_IN_PLACE if in_place else SIMILAR):
                gone = old.withdrawn_at is not None
                pairs.append((gone, -score, not in_place, abs(item.position - old.position), place, index))
    places: set[int] = set()
    indexes: set[int] = set()
    for _, score, _, _, place, index in sorted(pairs):
        if place in places or index in indexes:
            continue
        places.add(place)
        indexes.add(index)
        doubt = None
        if score > -100:
            doubt = f"taken for the same item because the titles are alike; it was titled {stored[index].title!r}"
        take(place, index, doubt)


def _renumbered(
    stored: Sequence[ItemState], read: Sequence[ItemRecord], found: Mapping[int, Match], taken: Set[int], take: _Take
) -> None:
    """An old number gone and a new one with the same title in the same place: the same position, or the same
    neighbour.
    """
    order = sorted(range(len(stored)), key=lambda i: (stored[i].position, i))
    rank = {index: at for at, index in enumerate(order)}

    def neighbour_stored(index: int, step: int) -> int | None:
        at = rank[index] + step
        while 0 <= at < len(order) and order[at] not in taken:
            at += step
        return order[at] if 0 <= at < len(order) else None

    def neighbour_read(place: int, step: int) -> int | None:
        at = place + step
        while 0 <= at < len(read) and at not in found:
            at += step
        return found[at].stored if 0 <= at < len(read) else None

    titles: dict[str, list[int]] = {}
    for index in order:
        if index not in taken and stored[index].item_id is not None:
            titles.setdefault(same_words(stored[index].title), []).append(index)
    forgotten = [index for index in order if stored[index].forgotten_at is not None]
    for step, places in ((-1, range(len(read))), (1, range(len(read) - 1, -1, -1))):
        for place in places:
            if place in found or read[place].item_id is None:
                continue
            candidates = [i for i in titles.get(same_words(read[place].title), ()) if i not in taken]
            # What was forgotten bears its title no more: its place alone must do, lest it come back as a new item.
            candidates += [i for i in forgotten if i not in taken and stored[i].position == read[place].position]
            candidates.sort(key=lambda i: stored[i].withdrawn_at is not None)
            for index in candidates:
                if read[place].position == stored[index].position or neighbour_read(place, step) == neighbour_stored(
                    index, step
                ):
                    take(
                        place,
                        index,
                        f"taken for the same item by title and place; its number was {stored[index].item_id},"
                        f" now {read[place].item_id}",
                    )
                    break


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
