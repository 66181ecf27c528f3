"""Who is here and what they may do: accounts, roles, region scope, sessions, the guard in front of the server."""
