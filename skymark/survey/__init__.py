"""From an account to evidence: the only part of Skymark that calls AWS, and it only reads."""
