"""The pages, a module for each family of addresses; every module has `add(app, desk)`."""
