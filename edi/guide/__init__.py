"""Is a transaction set legal by its implementation guide? Our own walk of pyx12's maps, quickly.

The verdict is pyx12's, segment by segment and code by code (docs/conformance.md), at many times
its speed: a guide is read once into tables, and a segment is one look-up and one pattern.
"""

from edi.guide.validate import NO_GUIDE, validate_guides, validate_with_guide

__all__ = ["NO_GUIDE", "validate_guides", "validate_with_guide"]
