"""GitHub: reads cases, performs what a plan says. The only room that talks to the forge."""
