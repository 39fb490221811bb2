"""The time for which data of people are kept, and what is done after it."""
