// What was asked and how it was answered, a JSON object a line. Nothing in it is a secret, and nobody's email or
// number: no query, no body, no header but User-Agent.

#pragma once

#include "http/line_writer.hpp"
#include "sallyport/request.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::http {

/// What is said of a request beside itself.
struct Answered {
    std::string id;  ///< Also in the answer's X-Request-Id.
    int status = 0;
    std::int64_t at = 0;  ///< When it came, in milliseconds since the Unix epoch.
    double milliseconds = 0;
    std::int64_t bytes = -1;  ///< Of the answer's body; -1 where it is not known beforehand.
};

/// {"ts":"2026-11-24T12:00:00.000Z","event":"request","id":"...","verb":"GET","path":"/api/Notes/1","status":200,
/// "ms":0.412,"bytes":57,"peer":"192.0.2.1","agent":"curl/7.88.1"}
std::string request_line(Request const& request, Answered const& answered);

/// A path fit for a log: a segment with an "@", or that is as long as a token, is "*".
std::string shown_path(std::string_view path);

/// `handler`, with a line for each request. `lines` must outlive it.
Handler with_request_log(LineWriter& lines, Handler handler);

}  // namespace sallyport::http
