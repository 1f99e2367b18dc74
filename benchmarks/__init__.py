"""Speed and size on this machine, against the bars of the project."""
