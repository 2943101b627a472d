"""Pagers and chats: how a call reaches a person outside the forge."""
