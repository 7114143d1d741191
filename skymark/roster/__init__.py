"""Who is in the class, and how each account is entered. Knows no AWS."""
