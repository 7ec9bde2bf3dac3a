// The audit trail as lines of the log, for whoever watches logs and not databases: fail2ban, a SIEM.
//
// Lines are read off the table, so that each tells of what is committed; a little later, since a password is recorded
// as refused until it was compared.

#pragma once

#include "http/event_log.hpp"
#include "sallyport/clock.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::auth {

class AuditLog {
public:
    static constexpr std::int64_t delay_ms = 5000;

    /// Tells of what comes after now. Blocks; for the start. `store` and `clock` must outlive it.
    AuditLog(store::Store& store, Clock const& clock, http::EventLog log);

    /// Writes the events that are `delay_ms` old and were not written yet.
    Task<> tell_new();

    /// The same every second, and never returns.
    Task<> keep_telling();

    /// The rest, however young. Blocks; for the end, when nothing else uses it any more.
    void tell_rest();

private:
    struct Line {
        std::int64_t id = 0;
        std::string event;
        std::int64_t at = 0;
        JsonObject fields;
    };

    store::Statement unwritten(std::int64_t until) const;
    static Line read(store::Row const& row);
    bool tell(std::vector<Line> lines);

    store::Store& store_;
    Clock const& clock_;
    http::EventLog log_;
    std::int64_t last_ = 0;  // The id of the newest that was written.
};

}  // namespace sallyport::auth
