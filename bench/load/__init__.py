"""A load on a real service: people at their work, fifty requests a second, and what it costs. See docs/assurance.md."""
