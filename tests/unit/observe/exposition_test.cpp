#include "observe/exposition.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace fasterapi::observe;
using namespace std::chrono_literals;

TEST_CASE("exposition: a family is its help, its type and its samples") {
  exposition page;
  page.family("orders_total", "counter", "Orders\nthat came, by \\ and \"shop\".");
  page.sample({{"shop", "a"}, {"kind", "b"}}, std::uint64_t{3});
  page.sample({}, 0.25);
  CHECK(std::move(page).text() == "# HELP orders_total Orders\\nthat came, by \\\\ and \"shop\".\n"
                                  "# TYPE orders_total counter\n"
                                  "orders_total{shop=\"a\",kind=\"b\"} 3\n"
                                  "orders_total 0.25\n");
}

TEST_CASE("exposition: quotes, backslashes and line ends of a label cannot leave it") {
  exposition page;
  page.family("a", "gauge", "");
  page.sample({{"x", "\"} 1\nb{y=\"\\"}}, std::uint64_t{1});
  CHECK(std::move(page).text() == "# HELP a \n# TYPE a gauge\na{x=\"\\\"} 1\\nb{y=\\\"\\\\\"} 1\n");
}

TEST_CASE("exposition: buckets add up, and end with +Inf, sum and count") {
  exposition page;
  page.family("h", "histogram", "sizes");
  page.histogram({{"route", "/"}}, {1, 2.5}, {2, 0, 3}, 40);
  CHECK(std::move(page).text() == "# HELP h sizes\n# TYPE h histogram\n"
                                  "h_bucket{route=\"/\",le=\"1\"} 2\n"
                                  "h_bucket{route=\"/\",le=\"2.5\"} 2\n"
                                  "h_bucket{route=\"/\",le=\"+Inf\"} 5\n"
                                  "h_sum{route=\"/\"} 40\n"
                                  "h_count{route=\"/\"} 5\n");
}

TEST_CASE("exposition: numbers have the shortest text that reads back the same") {
  CHECK(format_metric(0.1) == "0.1");
  CHECK(format_metric(3) == "3");
  CHECK(format_metric(2.5e-05) == "2.5e-05");
  CHECK(format_metric(std::numeric_limits<double>::infinity()) == "+Inf");
  CHECK(format_metric(-std::numeric_limits<double>::infinity()) == "-Inf");
  CHECK(format_metric(std::numeric_limits<double>::quiet_NaN()) == "NaN");
}

TEST_CASE("exposition: durations are in seconds, at 1, 2.5 and 5 of each power of ten") {
  duration_histogram durations;
  for (const auto each : {1us, 30us, 2000us, 20'000'000us}) durations.record(each);
  duration_totals totals;
  totals.add(durations);
  exposition page;
  page.family("d_seconds", "histogram", "");
  page.histogram({}, totals, 10us);
  const auto text = std::move(page).text();
  CHECK(text.find("d_seconds_bucket{le=\"1e-05\"} 1\n") != text.npos);
  CHECK(text.find("d_seconds_bucket{le=\"2.5e-05\"} 1\n") != text.npos);
  CHECK(text.find("d_seconds_bucket{le=\"5e-05\"} 2\n") != text.npos);
  CHECK(text.find("d_seconds_bucket{le=\"0.001\"} 2\n") != text.npos);
  CHECK(text.find("d_seconds_bucket{le=\"0.0025\"} 3\n") != text.npos);
  CHECK(text.find("d_seconds_bucket{le=\"10\"} 3\n") != text.npos);
  CHECK(text.find("d_seconds_bucket{le=\"+Inf\"} 4\n") != text.npos);
  CHECK(text.find("d_seconds_sum 20.002031\n") != text.npos);
  CHECK(text.find("le=\"1e-06\"") == text.npos);
}
