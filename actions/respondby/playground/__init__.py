"""The people's side of the sandbox: a desk that one can play, in a browser.

A desk's policy is put into a forge on this machine; what people do there starts the desk's own workflows, and time
passes when somebody lets it. The forge knows nothing of this, and the desk cannot tell it from GitHub.
"""
