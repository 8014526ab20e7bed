.PHONY: setup
setup:
	python3 -m venv .venv && .venv/bin/pip install --require-hashes -r requirements/test.txt && .venv/bin/pip install --no-deps -e .
