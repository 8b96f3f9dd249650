"""The OpenAPI 3.1 document of an app, equal in meaning to FastAPI's for the same app.

``document(app)`` reads the app's routes; ``get_openapi(...)`` takes its parts as FastAPI's does.
Made when it is asked for, as it needs every schema; nothing of it is on the path of a request.
"""

from fasterapi._openapi._document import document, get_openapi

__all__ = ["document", "get_openapi"]
