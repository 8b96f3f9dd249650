#include "server/lending.hpp"

#include <algorithm>

namespace fasterapi::server {

namespace {

using dispatch::policy;

bool has_route_that_runs(policy as, const hosting::app_description& app,
                         const config::settings& settings) {
  const auto otherwise = *dispatch::read_policy(settings.dispatch);
  return std::any_of(app.routes.begin(), app.routes.end(),
                     [&](const auto& each) { return each.runs.value_or(otherwise) == as; });
}

} // namespace

bool lends_reactors(const hosting::app_description& app, const config::settings& settings) {
  return has_route_that_runs(policy::automatic, app, settings) ||
         has_route_that_runs(policy::inlined, app, settings);
}

void lend_reactors(dispatch::lane& to, const std::vector<std::unique_ptr<io_thread>>& of,
                   const hosting::app_description& app, const config::settings& settings) {
  if (!lends_reactors(app, settings)) return;
  const bool is_for_good = !has_route_that_runs(policy::automatic, app, settings) &&
                           !has_route_that_runs(policy::ring, app, settings);
  std::vector<dispatch::loan*> loans;
  for (const auto& each : of) {
    loans.push_back(&each->reactor().loan());
    if (is_for_good) loans.back()->lend_for_good();
  }
  to.lend(std::move(loans));
}

} // namespace fasterapi::server
