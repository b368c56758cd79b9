"""What a vendor's request says, in the same words for all vendors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Incoming:
    """One message or one tap of a person.

    `person` is the vendor's id of the patient, `address` where the reply goes; neither may reach
    the tracker or a log. `message_id` is the vendor's, unique together with `person`.
    """

    person: str
    address: str
    message_id: str
    text: str = ""
    key: str = ""  # of the button tapped (Choice.key); `text` is then its title
    has_media: bool = False  # a picture, a voice message, a place, a sticker ...
    is_edit: bool = False  # the text of an earlier message, changed
    is_private: bool = True  # False: others read along (a group, a public channel)
