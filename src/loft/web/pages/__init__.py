"""The pages: the front page, a log's journeys, taking a log in."""
