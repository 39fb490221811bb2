"""How what search finds is shown: the words marked, why it was found, other kinds, an answer in place."""
