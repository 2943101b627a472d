"""What can be mended without anybody's judgement: the edits that rules offer, made from the end of a file upward."""

from __future__ import annotations

from respondby.postmortems.checking import Checked
from respondby.postmortems.edits import edited


def fixed(checked: Checked) -> str | None:
    """The document's text with everything mended that can be; None where nothing can."""
    if not checked.edits and not checked.rewrite:
        return None
    source = checked.document.source
    lines = edited(source.lines, checked.edits)
    newline = "\n" if checked.rewrite else source.newline
    mark = "\ufeff" if source.bom and not checked.rewrite else ""
    return mark + newline.join(lines)
