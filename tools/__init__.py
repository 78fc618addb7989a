"""Small programs for those who work on Løft itself; none of them is part of the package."""
