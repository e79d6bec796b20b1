"""What can be wrong with a drawing, one kind of fault a file; `engine.check` asks them all."""
