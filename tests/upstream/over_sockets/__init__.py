"""FastAPI's TestClient with fasterapi-server behind it: what an app answers over a real socket."""
