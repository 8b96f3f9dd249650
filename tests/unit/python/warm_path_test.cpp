#include "called_job.hpp"
#include "support/allocation_count.hpp"

#include <array>
#include <string>

namespace fasterapi::python {

namespace {

// Counts what Python asks of its allocators, which are the process's: no other thread runs here.
class python_allocations {
public:
  python_allocations() {
    for (std::size_t i = 0; i < domains.size(); ++i) {
      PyMem_GetAllocator(domains[i], &hooks_[i].original);
      hooks_[i].count = &count_;
      PyMemAllocatorEx counting{&hooks_[i], allocate, allocate_zeroed, reallocate, release};
      PyMem_SetAllocator(domains[i], &counting);
    }
  }
  ~python_allocations() {
    for (std::size_t i = 0; i < domains.size(); ++i)
      PyMem_SetAllocator(domains[i], &hooks_[i].original);
  }
  python_allocations(const python_allocations&) = delete;
  python_allocations& operator=(const python_allocations&) = delete;

  std::size_t count() const noexcept { return count_; }

private:
  struct hook {
    PyMemAllocatorEx original;
    std::size_t* count;
  };
  static constexpr std::array domains{PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};

  static void* allocate(void* context, std::size_t size) {
    auto& by = *static_cast<hook*>(context);
    ++*by.count;
    return by.original.malloc(by.original.ctx, size);
  }
  static void* allocate_zeroed(void* context, std::size_t count, std::size_t size) {
    auto& by = *static_cast<hook*>(context);
    ++*by.count;
    return by.original.calloc(by.original.ctx, count, size);
  }
  static void* reallocate(void* context, void* memory, std::size_t size) {
    auto& by = *static_cast<hook*>(context);
    ++*by.count;
    return by.original.realloc(by.original.ctx, memory, size);
  }
  static void release(void* context, void* memory) {
    auto& by = *static_cast<hook*>(context);
    by.original.free(by.original.ctx, memory);
  }

  std::array<hook, domains.size()> hooks_;
  std::size_t count_ = 0;
};

struct cost {
  std::size_t python = 0;
  std::size_t cpp = 0;
};

// Of `rounds` warm requests together.
cost of_warm(const handler& called, interpreter& python, called_job& job, int rounds) {
  const auto request = [&] {
    bool was_refused = false;
    const py_ref result = called.call(*job, python.state(), was_refused, job.made);
    py_ref stream;
    const bool is_written = !was_refused && result &&
                            write_result(*job, result.get(), job.made.response.get(), called.shape,
                                         python.state(), stream);
    release_objects(job.made);
    job->exchange.response.finish();
    job->exchange.output.consume(job->exchange.output.size());
    job->exchange.response.start(job->exchange.output, {});
    return is_written;
  };
  for (int i = 0; i < 20; ++i) REQUIRE(request());
  const std::size_t before = tests::allocation_count();
  bool are_written = true;
  std::size_t count = 0;
  {
    const python_allocations counted;
    for (int i = 0; i < rounds; ++i) are_written = request() && are_written;
    count = counted.count();
  }
  REQUIRE(are_written);
  return {count, tests::allocation_count() - before};
}

} // namespace

TEST_CASE("warm path: a sync handler's request allocates nothing of ours") {
  interpreter python;
  python.run("MESSAGE = {'message': 'Hello, World!', 'number': [1, 2.5, None, True]}\n"
             "def f(): return MESSAGE\n");
  const handler f = compile(python, "f");
  called_job job;
  const cost spent = of_warm(f, python, job, 100);
  CHECK(spent.python == 0);
  CHECK(spent.cpp == 0);
}

TEST_CASE("warm path: of typed arguments only those that Python does not have yet are made") {
  interpreter python;
  python.run("MESSAGE = {'message': 'Hello, World!'}\n"
             "def f(user_id: int, flag: bool, q: str = ''): return MESSAGE\n");
  const handler f = compile(python, "f", "/users/{user_id}");
  called_job job{"q=abc&flag=yes", {"42"}};
  const cost spent = of_warm(f, python, job, 100);
  CHECK(spent.python == 100); // "abc"
  CHECK(spent.cpp == 0);
}

TEST_CASE("warm path: a request and a response object come from their pools") {
  interpreter python;
  python.run("def f(req, res): res.set_json('{\"status\":\"ok\"}')\n"
             "def g(req): return req.path_params['id']\n");
  const handler f = compile(python, "f");
  called_job job;
  const cost spent = of_warm(f, python, job, 100);
  CHECK(spent.python == 0);
  CHECK(spent.cpp == 0);
  const handler g = compile(python, "g", "/{id}");
  called_job with_params{{}, {"abc"}};
  const cost of_params = of_warm(g, python, with_params, 100);
  CHECK(of_params.python == 100); // "abc"
  CHECK(of_params.cpp == 0);
}

} // namespace fasterapi::python
