"""What a run does to the world: the case, other issues, the log, pagers and chats."""
