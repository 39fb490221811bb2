"""What lies on whose desk: the figures of heads and supervisors, each opening exactly its dossiers."""
