"""Pages of Swagger UI and ReDoc, for apps that serve these themselves: FastAPI's functions. The
scripts come from where the arguments say, a public network unless told; the pages at ``/docs`` and
``/redoc`` are ours, and load nothing from elsewhere."""

import html
import json
from typing import Any, Dict, Optional

from fasterapi.encoders import jsonable_encoder
from fasterapi.responses import HTMLResponse

swagger_ui_default_parameters: Dict[str, Any] = {
    "dom_id": "#swagger-ui",
    "layout": "BaseLayout",
    "deepLinking": True,
    "showExtensions": True,
    "showCommonExtensions": True,
}
_CDN = "https://cdn.jsdelivr.net/npm/"
_ICON = "https://fastapi.tiangolo.com/img/favicon.png"
_FONTS = (
    '<link href="https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700"'
    ' rel="stylesheet">'
)


def get_swagger_ui_html(
    *,
    openapi_url: str,
    title: str,
    swagger_js_url: str = _CDN + "swagger-ui-dist@5/swagger-ui-bundle.js",
    swagger_css_url: str = _CDN + "swagger-ui-dist@5/swagger-ui.css",
    swagger_favicon_url: str = _ICON,
    oauth2_redirect_url: Optional[str] = None,
    init_oauth: Optional[Dict[str, Any]] = None,
    swagger_ui_parameters: Optional[Dict[str, Any]] = None,
) -> HTMLResponse:
    """A page that loads Swagger UI for a document."""
    said = {**swagger_ui_default_parameters, **(swagger_ui_parameters or {})}
    options = [f"url: {_script(openapi_url)}"]
    options += [f"{_script(name)}: {_script(value)}" for name, value in said.items()]
    if oauth2_redirect_url:
        options.append(
            f"oauth2RedirectUrl: window.location.origin + {_script(oauth2_redirect_url)}"
        )
    options.append(
        "presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset]"
    )
    oauth = f"ui.initOAuth({_script(init_oauth)})" if init_oauth else ""
    lines = ",\n".join(options)
    return HTMLResponse(f"""<!DOCTYPE html>
<html>
<head>
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link type="text/css" rel="stylesheet" href="{html.escape(swagger_css_url)}">
<link rel="shortcut icon" href="{html.escape(swagger_favicon_url)}">
<title>{html.escape(title)}</title>
</head>
<body>
<div id="swagger-ui">
</div>
<script src="{html.escape(swagger_js_url)}"></script>
<script>
const ui = SwaggerUIBundle({{
{lines},
}})
{oauth}
</script>
</body>
</html>
""")


def get_redoc_html(
    *,
    openapi_url: str,
    title: str,
    redoc_js_url: str = _CDN + "redoc@2/bundles/redoc.standalone.js",
    redoc_favicon_url: str = _ICON,
    with_google_fonts: bool = True,
) -> HTMLResponse:
    """A page that loads ReDoc for a document."""
    return HTMLResponse(f"""<!DOCTYPE html>
<html>
<head>
<title>{html.escape(title)}</title>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1">
{_FONTS if with_google_fonts else ""}
<link rel="shortcut icon" href="{html.escape(redoc_favicon_url)}">
<style>
body {{ margin: 0; padding: 0; }}
</style>
</head>
<body>
<noscript>
ReDoc requires Javascript to function. Please enable it to browse the documentation.
</noscript>
<redoc spec-url="{html.escape(openapi_url)}"></redoc>
<script src="{html.escape(redoc_js_url)}"> </script>
</body>
</html>
""")


def get_swagger_ui_oauth2_redirect_html() -> HTMLResponse:
    """The page that an OAuth2 provider sends the browser back to, which hands what it brings to
    the window with Swagger UI (its own page for that, shortened)."""
    return HTMLResponse(_REDIRECT)


def _script(value: Any) -> str:
    """A value as JavaScript inside of a page."""
    text = json.dumps(jsonable_encoder(value))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_REDIRECT = """<!doctype html>
<html lang="en-US">
<head>
<title>Swagger UI: OAuth2 Redirect</title>
</head>
<body>
<script>
'use strict';
function run () {
    var oauth2 = window.opener.swaggerUIRedirectOauth2;
    var sent = /code|token|error/.test(window.location.hash)
        ? window.location.hash.substring(1).replace('?', '&') : location.search.substring(1);
    var got = Object.fromEntries(new URLSearchParams(sent));
    var isValid = got.state === oauth2.state;
    var flow = oauth2.auth.schema.get('flow');
    function tell (level, message) {
        oauth2.errCb({authId: oauth2.auth.name, source: 'auth', level: level, message: message});
    }
    if (['accessCode', 'authorizationCode', 'authorization_code'].includes(flow)
            && !oauth2.auth.code) {
        if (!isValid) {
            tell('warning', 'Authorization may be unsafe, passed state was changed in server.');
        }
        if (got.code) {
            delete oauth2.state;
            oauth2.auth.code = got.code;
            oauth2.callback({auth: oauth2.auth, redirectUrl: oauth2.redirectUrl});
        } else {
            var why = got.error ? '[' + got.error + ']: ' + (got.error_description || '') : '';
            tell('error', why || '[Authorization failed]: no accessCode received from the server');
        }
    } else {
        oauth2.callback({
            auth: oauth2.auth, token: got, isValid: isValid, redirectUrl: oauth2.redirectUrl});
    }
    window.close();
}
if (document.readyState !== 'loading') {
    run();
} else {
    document.addEventListener('DOMContentLoaded', run);
}
</script>
</body>
</html>
"""
