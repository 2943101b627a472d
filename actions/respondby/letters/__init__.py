"""Every word the desk says: cards, comments and pages, as Markdown or plain text, from templates."""
