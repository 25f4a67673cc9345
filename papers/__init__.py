"""Papers: the words and layouts of documents, the plan's own in place of the house's, and the proof that they hold."""
