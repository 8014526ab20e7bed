"""The literal texts that the Neo4j store sends. Labels and relationship types are parameters; nothing is ever pasted in."""
