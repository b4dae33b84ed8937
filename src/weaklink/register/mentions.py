"""Where does a text mention one of many names? In whole words, in whatever case and spacing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

WITHHELD = "[withheld]"
_WORD = re.compile(r"\w+|[^\w\s]")  # a hyphen is a word of its own, so that R-13 is found in R-13-like
Tree: TypeAlias = dict[str, "Tree"]


class Mentions:
    """Names to look for: a tree of their words, walked once from each word of a text.

    >>> hidden = Mentions(["R-13", "Cut-off of gas"])
    >>> hidden.withheld("Follows from r-13 (cut-off  of Gas), not from R-130.")
    'Follows from [withheld] ([withheld]), not from R-130.'
    >>> "R-13/T-2" in hidden
    True
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._tree: Tree = {}
        for name in names:
            branch = self._tree
            for word in _WORD.findall(name.casefold()):
                branch = branch.setdefault(word, {})
            if branch is not self._tree:
                branch[""] = {}  # here a name ends

    def __contains__(self, text: str) -> bool:
        return next(self._spans(text), None) is not None

    def withheld(self, text: str) -> str:
        """The text with WITHHELD for every name, the longest where several begin at one word."""
        if not self._tree:
            return text
        parts, place = [], 0
        for start, end in self._spans(text):
            parts += [text[place:start], WITHHELD]
            place = end
        return "".join([*parts, text[place:]])

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where names stand, from left to right, none overlapping another."""
        words = [(found[0].casefold(), found.start(), found.end()) for found in _WORD.finditer(text)]
        place = 0
        while place < len(words):
            branch, last, ahead = self._tree, None, place
            while ahead < len(words) and words[ahead][0] in branch:
                branch = branch[words[ahead][0]]
                ahead += 1
                last = ahead if "" in branch else last
            if last is None:
                place += 1
            else:
                yield words[place][1], words[last - 1][2]
                place = last
