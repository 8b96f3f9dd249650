// A shared object without FASTERAPI_ROUTES.
extern "C" __attribute__((visibility("default"))) int fasterapi_bare() { return 0; }
