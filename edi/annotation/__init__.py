"""What a file says, for people: names, meanings and places of its segments; and what to hide."""

from edi.annotation.annotate import (
    Annotated,
    AnnotatedElement,
    AnnotatedSegment,
    annotate,
    window,
)
from edi.annotation.index import Index, index_segments
from edi.annotation.places import Loop
from edi.annotation.words import loop_words

__all__ = [
    "Annotated",
    "AnnotatedElement",
    "AnnotatedSegment",
    "Index",
    "Loop",
    "annotate",
    "index_segments",
    "loop_words",
    "window",
]
