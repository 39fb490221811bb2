"""What follows at the desk when agencies end: dossiers, notices, leaves and saved views go to the heirs."""
