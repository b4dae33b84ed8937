"""How is a bloc expression read?

    sum          = intersection { ("+" | "-") intersection }
    intersection = operand { "&" operand }
    operand      = "(" sum ")" | term
    term         = name [ ":" status ] [ "@" date ]
    name         = letters, digits and underscores in any alphabet, or anything in "double quotes"
    date         = YYYY-MM-DD, or YYYY for 31 December of that year

Spaces between the parts mean nothing. Only the form is read here: what a name stands for, and whether a
status exists, is for `weaklink.blocs.expression` to find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from weaklink.errors import BlocError

Operator = Literal["+", "-", "&"]

MAX_DEPTH = 50
"""Parentheses inside parentheses; more is a slip of the keyboard, not a bloc."""

_SYMBOLS = "+-&():@"
_WORD = re.compile(r"\w+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\w)|[0-9]{4}(?![\w./]|-[0-9])")
_DATE_LIKE = re.compile(r"[\w./-]*")


@dataclass(frozen=True, slots=True)
class Term:
    """One name with its status and its day, as written; positions count characters from 0."""

    name: str
    position: int
    status: str | None = None
    status_position: int = 0
    day: date | None = None
    day_position: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """An operator and what it is applied to, the second of its two sides."""

    operator: Operator
    operand: Node
    position: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one rank, applied from left to right: either `+` and `-`, or `&`."""

    first: Node
    steps: tuple[Step, ...]


Node = Term | Chain


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression: a symbol, a `name`, a `date`, or the `end`."""

    kind: str
    text: str
    position: int


def parse(expression: str) -> Node:
    """The tree of an expression. Raises BlocError at the character that cannot be read.

    >>> parse("NATO").name
    'NATO'
    >>> [step.operator for step in parse("EU-HUN+NOR").steps]
    ['-', '+']
    """
    reader = _Reader(expression)
    node = reader.sum()
    if reader.next.kind != "end":
        raise reader.failure(_expected_after(reader.next))
    return node


def tokens(expression: str) -> tuple[Token, ...]:
    """The pieces of an expression, an `end` as the last."""
    found: list[Token] = []
    position = 0
    while position < len(expression):
        if expression[position].isspace():
            position += 1
            continue
        after_at = bool(found) and found[-1].kind == "@"
        token = _date(expression, position) if after_at else _token(expression, position)
        found.append(token)
        position += len(token.text)
    return (*found, Token("end", "", len(expression)))


def day(text: str) -> date:
    """The day that a date of an expression means: a bare year means its 31 December.

    Raises ValueError for a date that the calendar does not have.
    """
    return date.fromisoformat(text if len(text) > len("2022") else f"{text}-12-31")


def _token(expression: str, position: int) -> Token:
    character = expression[position]
    if character in _SYMBOLS:
        return Token(character, character, position)
    if character == '"':
        closing = expression.find('"', position + 1)
        if closing < 0:
            raise BlocError("This quotation mark is never closed", expression, position)
        if not expression[position + 1 : closing].strip():
            raise BlocError("There is no name between these quotation marks", expression, position)
        return Token("name", expression[position : closing + 1], position)
    word = _WORD.match(expression, position)
    if word is None:
        raise BlocError(
            f"{character!r} means nothing here. Join names with +, - or &, "
            'and put a name that has other signs in "double quotes"',
            expression,
            position,
        )
    return Token("name", word.group(), position)


def _date(expression: str, position: int) -> Token:
    written = _DATE.match(expression, position)
    if written is None:
        wrong = _DATE_LIKE.match(expression, position)
        shown = repr(wrong.group()) if wrong and wrong.group() else "this"
        raise BlocError(
            f"After @ comes a day such as 2022-11-30 or a year such as 2022, not {shown}",
            expression,
            position,
        )
    try:
        day(written.group())
    except ValueError:
        raise BlocError(f"The calendar has no day {written.group()}", expression, position) from None
    return Token("date", written.group(), position)


def _expected_after(token: Token) -> str:
    if token.kind == ")":
        return "This parenthesis was never opened"
    if token.kind == "name":
        return f'Put +, - or & before {token.text}, or the whole name in "double quotes" if it has spaces'
    if token.kind in (":", "@"):
        return f"{token.text} can only follow a name"
    return f"{token.text} cannot stand here: +, - or & was expected"


class _Reader:
    """A cursor over the tokens of one expression: one method for each line of the grammar."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = tokens(expression)
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def failure(self, reason: str) -> BlocError:
        return BlocError(reason, self.expression, self.next.position)

    def sum(self) -> Node:
        first = self.intersection()
        steps: list[Step] = []
        while self.next.kind in ("+", "-"):
            sign = self.take()
            steps.append(Step("+" if sign.kind == "+" else "-", self.intersection(), sign.position))
        return Chain(first, tuple(steps)) if steps else first

    def intersection(self) -> Node:
        first = self.operand()
        steps: list[Step] = []
        while self.next.kind == "&":
            sign = self.take()
            steps.append(Step("&", self.operand(), sign.position))
        return Chain(first, tuple(steps)) if steps else first

    def operand(self) -> Node:
        if self.next.kind != "(":
            return self.term()
        opening = self.take()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BlocError(f"More than {MAX_DEPTH} parentheses are open", self.expression, opening.position)
        inside = self.sum()
        if self.next.kind == "end":
            raise BlocError("This parenthesis is never closed", self.expression, opening.position)
        if self.next.kind != ")":
            raise self.failure(_expected_after(self.next))
        self.take()
        self.depth -= 1
        return inside

    def term(self) -> Term:
        if self.next.kind != "name":
            raise self.failure(self._missing_name())
        name = self.take()
        status = self._suffix(":", "name", "After : comes a status: member, invitee or partner")
        when = self._suffix("@", "date", "After @ comes a day such as 2022-11-30 or a year such as 2022")
        return Term(
            name=name.text.strip('"').strip(),
            position=name.position,
            status=status.text.strip('"').casefold() if status else None,
            status_position=status.position if status else 0,
            day=day(when.text) if when else None,
            day_position=when.position if when else 0,
        )

    def _suffix(self, sign: str, kind: str, missing: str) -> Token | None:
        if self.next.kind != sign:
            return None
        self.take()
        if self.next.kind != kind:
            raise self.failure(missing)
        return self.take()

    def _missing_name(self) -> str:
        if self.next.kind == "end" and self.at == 0:
            return "The expression is empty: write a bloc or a country, such as NATO@2022-11-30"
        if self.next.kind == "end":
            return "A bloc or a country is missing at the end"
        return f"A bloc or a country is missing before {self.next.text}"
