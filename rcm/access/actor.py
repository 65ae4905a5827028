"""Who acts: a person or a program."""

from dataclasses import dataclass, field
from uuid import UUID

from rcm.access.rights import WHOLE, Right, Role, rights_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who signed in, or a program with an API key."""

    id: UUID
    name: str
    roles: frozenset[Role]
    is_person: bool = False  #: Somebody who signed in; else a program with a key.
    practices: frozenset[UUID] | None = None  #: Billing provider ids; None: every practice.
    address: bytes | None = field(default=None, repr=False)  #: A keyed digest of where from.

    @property
    def rights(self) -> frozenset[Right]:
        """What the roles give; less what is about every practice for who is limited to some."""
        given = rights_of(self.roles)
        return given if self.practices is None else given - WHOLE

    def may(self, right: Right) -> bool:
        """Tell whether this actor has this right."""
        return right in self.rights
