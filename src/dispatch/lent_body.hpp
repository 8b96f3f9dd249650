#pragma once

namespace fasterapi::dispatch {

class worker_port;

/// Keeps the body of an answer in a worker's interpreter until its bytes are sent: the session
/// sends them from where they lie, and gives this back (job::give_body_back), whatever came of it.
/// The worker lets go of the object on its own thread. Owned by the port that lent it.
struct lent_body {
  worker_port* worker;       // where it goes back to
  void* object = nullptr;    // the interpreter's, for the worker only; null: free to be lent
  lent_body* next = nullptr; // link of those that came back, and of those that are free
};

} // namespace fasterapi::dispatch
