"""One class for each gesture of the mouse on the canvas."""
