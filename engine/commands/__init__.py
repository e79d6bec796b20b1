"""What each command of the command line does; a command answers with its exit code."""
