"""The prompts of known templates, by sums of their sentences: their words are their authors'.

A prompt is known by its text and never by its brackets: in public post-mortems a `[bracket]` is nearly always an
editor's insert. Written by hand from templates that are public; a new one is a row.
"""

from __future__ import annotations

from functools import cache

from respondby.postmortems.document.sentences import sentences, sum_of
from respondby.postmortems.template import PROMPTS

#: Sums of the sentences that a template asks with, by where the template is from.
KNOWN: dict[str, str] = {
    "dfds/postmortems": ("0bdf212c9f1c 9697549807a6 "),
    "jupyterhub/mybinder.org-deploy": (
        "12143a2a2961 1891b0946e9d 2117f77c92e7 477bd8a91acd 8ac0ae7ee868 93e3b3c902b8 9ca929892a75 "
        "c53ab5108612 c6c02afb8a11 d8c1ba9f9966 e7f72bde95a0 e81246b75975 e91362daefec eab2108da8ad "
        "faca1579155d "
    ),
    "PostHog/post-mortems": (
        "15612c96da2d 1a5c65cf864e 2847c71b0a74 2f091e4d22d2 539aebbdea4f 67b08e4e65a2 74eab4d10d25 "
        "84bf7aaf21a2 a1111adf6adf a9ddfcb3d527 ad41bb3c031c ee196785e9c0 "
    ),
    "python-discord/infra": (
        "1e0f1748f30b 5c9a492f522b 6499bcb490f4 6e7a8fa6e274 9d73b0706c3b dd6bce16ca6c df3eb05d73ba "
        "e09cc51da28a f9465c38934c faa150ef1576 "
    ),
}


@cache
def prompts() -> dict[str, str]:
    """Where each known prompt is from, by its sum; ours are known too."""
    found = {one: origin for origin, sums in KNOWN.items() for one in sums.split()}
    for prompt in PROMPTS.values():
        found |= {sum_of(sentence): "docs/incidents/TEMPLATE.md" for _, sentence in sentences(prompt)}
    return found
