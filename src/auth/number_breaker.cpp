#include "auth/number_breaker.hpp"

#include "auth/throttle.hpp"

#include <fmt/format.h>

#include <utility>

namespace sallyport::auth {
namespace {

struct State {
    std::int64_t window_start = 0;
    std::int64_t sent = 0;
    std::int64_t verified = 0;
    std::int64_t stopped_until = 0;
};

bool must_stop(State const& state, std::int64_t now, BreakerRules const& rules) {
    auto const age = now - state.window_start;
    return age >= rules.grace_ms && age < rules.window_ms && state.sent >= rules.least_sent &&
           state.verified * 100 < state.sent * rules.least_percent;
}

}  // namespace

Task<std::int64_t> stopped_for(store::Transaction& transaction, std::string prefix, std::int64_t now,
                               http::EventLog log, BreakerRules rules) {
    State state;
    co_await transaction.read(
        {"SELECT window_start, sent, verified, stopped_until FROM sallyport_prefixes WHERE prefix = ?1", {prefix}},
        [&](store::Row const& row) { state = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)}; });
    if (state.stopped_until > now) co_return retry_after(state.stopped_until - now);
    if (!must_stop(state, now, rules)) co_return 0;
    auto const hours = rules.stopped_ms / 3'600'000;
    log.tell("alarm",
             {{"about", "range stopped"},
              {"range", prefix},
              {"hours", hours},
              {"sent", state.sent},
              {"entered", state.verified}},
             fmt::format("alarm: text messages to {} are stopped for {} h: {} sent, {} of their codes entered", prefix,
                         hours, state.sent, state.verified));
    co_await transaction.run(
        {"UPDATE sallyport_prefixes SET stopped_until = ?2, sent = 0, verified = 0 WHERE prefix = ?1",
         {std::move(prefix), now + rules.stopped_ms}});
    co_return retry_after(rules.stopped_ms);
}

Task<> count_sent(store::Transaction& transaction, std::string prefix, std::int64_t now, BreakerRules rules) {
    co_await transaction.run({R"(
INSERT INTO sallyport_prefixes (prefix, window_start, sent, verified, stopped_until) VALUES (?1, ?2, 1, 0, 0)
ON CONFLICT (prefix) DO UPDATE SET
  sent = CASE WHEN sallyport_prefixes.window_start <= ?2 - ?3 THEN 1 ELSE sallyport_prefixes.sent + 1 END,
  verified = CASE WHEN sallyport_prefixes.window_start <= ?2 - ?3 THEN 0 ELSE sallyport_prefixes.verified END,
  window_start = CASE WHEN sallyport_prefixes.window_start <= ?2 - ?3 THEN ?2 ELSE sallyport_prefixes.window_start END)",
                              {std::move(prefix), now, rules.window_ms}});
}

Task<> count_verified(store::Transaction& transaction, std::string prefix) {
    co_await transaction.run(
        {"UPDATE sallyport_prefixes SET verified = verified + 1 WHERE prefix = ?1", {std::move(prefix)}});
}

Task<> take_back_sent(store::Transaction& transaction, std::string prefix) {
    co_await transaction.run(
        {"UPDATE sallyport_prefixes SET sent = sent - 1 WHERE prefix = ?1 AND sent > 0", {std::move(prefix)}});
}

}  // namespace sallyport::auth
