"""What every table of the operator's file has in common, and the plain values that stand in them."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict


class Table(BaseModel):
    """A table of the operator's file: a key that it does not know is an error, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""A value that the environment or a file gives: ${RESIDENTS_MAIL}."""


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("is empty")
    return text


def _variables_well_formed(text: str) -> str:
    # The text is not repeated in the errors, for it may hold a secret.
    if "${" in VARIABLE.sub("", text):
        raise ValueError("has a ${ that begins no variable; write it like ${RESIDENTS_MAIL}: letters, digits and _")
    if re.fullmatch(r"\$[A-Za-z_]\w*", text):
        raise ValueError("names a variable without braces; write it like ${RESIDENTS_MAIL}")
    return text


def _header_text(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError("must be plain ASCII text on one line: it goes into the User-Agent")
    return text


Text = Annotated[str, Strict(), AfterValidator(_said)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]
HeaderText = Annotated[Text, AfterValidator(_header_text)]
WithVariables = Annotated[Text, AfterValidator(_variables_well_formed)]
"""Text in which ${VAR} may stand; `config.addresses` fills it in."""
Whole = Annotated[int, Strict()]
Decimal = Annotated[float, Strict(), Field(allow_inf_nan=False)]
YesNo = Annotated[bool, Strict()]


def written_as_text(read: Callable[[str], object], *values: type) -> BeforeValidator:
    """What the file says as text is read; what is a value already (a default, or built in Python) stays."""

    def from_text(said: object) -> object:
        if isinstance(said, values):
            return said
        if isinstance(said, str):
            return read(said)
        raise ValueError('must be text in quotes, like "this"')

    return BeforeValidator(from_text)
