"""Who is away and who stands in: said by the head of the agency, ended by itself at 24:00 of the last day."""
