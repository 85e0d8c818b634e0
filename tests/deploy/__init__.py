"""The files by which a house is put into production: read, checked, and run."""
