// Ranges of numbers whose codes nobody enters: messages to them are stopped for a day. Who owns such a range may be
// paid for what is sent to it.

#pragma once

#include "http/event_log.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>

namespace sallyport::auth {

/// When a range is judged, and for how long it is stopped.
struct BreakerRules {
    std::int64_t window_ms = 3'600'000;
    std::int64_t least_sent = 20;     ///< In the window, before it is judged.
    std::int64_t least_percent = 20;  ///< So many of its codes must have been right.
    std::int64_t grace_ms = 300'000;  ///< Its first codes of the window must have had the time to come back.
    std::int64_t stopped_ms = 86'400'000;
};

/// Seconds until messages to the range may go out again; 0 if now. Stops the range if it is time, and tells
/// `log`. `now` in milliseconds since the Unix epoch.
Task<std::int64_t> stopped_for(store::Transaction& transaction, std::string prefix, std::int64_t now,
                               http::EventLog log = {}, BreakerRules rules = {});

/// Counts a message to the range, a code of it that was right, and takes back a message that no gateway took.
Task<> count_sent(store::Transaction& transaction, std::string prefix, std::int64_t now, BreakerRules rules = {});
Task<> count_verified(store::Transaction& transaction, std::string prefix);
Task<> take_back_sent(store::Transaction& transaction, std::string prefix);

}  // namespace sallyport::auth
