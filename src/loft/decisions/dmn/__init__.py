"""DMN XML (1.3, 1.4 and 1.5) read and written."""
