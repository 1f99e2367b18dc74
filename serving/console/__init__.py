"""The officers' pages: HTML made on the server, pictures as SVG, words in Bahasa Indonesia and English."""
