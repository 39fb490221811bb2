"""What the counter knows and takes beside the dossier itself: people known already, odd numbers, scans, groups."""
