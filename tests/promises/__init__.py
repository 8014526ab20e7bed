"""The promises that are numbers: each is kept or not, and a script prints by how much."""
