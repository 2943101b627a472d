"""The public status page in words: pages, feed, badges, and the JSON that readers of Statuspage know."""
