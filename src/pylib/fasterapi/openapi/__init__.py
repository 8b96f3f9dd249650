"""The OpenAPI document and pages of it, under FastAPI's names."""
