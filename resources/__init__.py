"""Files that travel with the program: icons, templates, texts."""
