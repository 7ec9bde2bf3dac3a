// What happens while the program runs and nobody asked for: a line of JSON beside those of requests, or one of text.

#pragma once

#include "http/line_writer.hpp"
#include "sallyport/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::http {

/// A plain value; any thread may use it.
class EventLog {
public:
    EventLog() = default;                                     ///< Texts on standard error.
    explicit EventLog(LineWriter& lines) : lines_{&lines} {}  ///< JSON; `lines` must outlive it and its copies.

    /// Tells of an event: `text` to people, `fields` to programs. Neither may hold a secret, an email, a number or an
    /// address of a client.
    void tell(std::string_view event, JsonObject fields, std::string_view text) const;

    /// Of what happened at `at` and is kept elsewhere: a line where there are lines, else nothing.
    void repeat(std::string_view event, JsonObject fields, std::int64_t at) const;
    bool has_lines() const { return lines_ != nullptr; }

private:
    LineWriter* lines_ = nullptr;
};

/// {"ts":"2026-11-24T12:00:00.000Z","event":"delivery","channel":"sms","try":1,...}; `at` in milliseconds since the
/// Unix epoch.
std::string event_line(std::string_view event, JsonObject fields, std::int64_t at);

}  // namespace sallyport::http
