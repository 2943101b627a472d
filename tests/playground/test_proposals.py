"""Pull requests: the post-mortem that the desk proposes, what its check says, and what becomes of it."""

from tests.playground.visiting import HERE, Visitor

from respondby.playground.serving import Place


def test_a_customer_merges_nothing(visitor: Visitor, place: Place) -> None:
    place.forge.files("acme/support", {"README.md": "Desk\n"})
    head = place.forge.call("GET", "/repos/acme/support/git/ref/heads/main", place.forge.token("ann"))[1]
    ref = {"ref": "refs/heads/new", "sha": head["object"]["sha"]}
    token = place.forge.token("ann")
    place.forge.call("POST", "/repos/acme/support/git/refs", token, ref)
    put = {"message": "Edit", "branch": "new", "content": "SGk=", "sha": None}
    place.forge.call("PUT", "/repos/acme/support/contents/new.md", token, put)
    opened = {"title": "New", "head": "new", "base": "main"}
    assert place.forge.call("POST", "/repos/acme/support/pulls", token, opened)[0] == 201
    refused = visitor.post(f"{HERE}/pull/1", {"do": "merge"})
    assert (refused.status, "GitHub would refuse this to casey (customer)" in refused.text) == (422, True)
