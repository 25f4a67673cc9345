"""What people and workflows say: plans, sites, commands, events, documents, status. Nothing here decides."""
