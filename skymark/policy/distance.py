"""How far two names are apart."""


def edit_distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or changed (Levenshtein)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        previous, row[0] = row[0], place
        for index, wanted in enumerate(other, start=1):
            change = previous + (letter != wanted)
            previous, row[index] = row[index], min(row[index] + 1, row[index - 1] + 1, change)
    return row[-1]
