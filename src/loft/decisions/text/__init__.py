"""Rules as Markdown tables with a short head, for people who keep them in git."""
