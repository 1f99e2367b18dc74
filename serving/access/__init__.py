"""Who is asking, and what they may do: accounts, sign-in, tokens, providers, rights."""
