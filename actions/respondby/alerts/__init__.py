"""What another system's alert says: maps from its payloads to alerts, and what becomes of alerts over time.

A map is data under review (`alerts/sources`, or a file of the repository); a payload is data that nobody trusts. No
file, network or clock is read here, and nothing in a payload is code (law 8): a path of a map is an RFC 9535 query.
"""
