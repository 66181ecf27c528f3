"""The slides of the deck, one module a group of parts; each turns a Material into slides and knows no file format."""
