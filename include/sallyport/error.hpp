// Error: what ends a request. Thrown anywhere below rest/, caught once, in rest/reply.

#pragma once

#include "sallyport/json.hpp"

#include <exception>
#include <string>
#include <string_view>

namespace sallyport {

/// A request that cannot be answered as asked, in LoopBack's error shape:
/// {"error": {statusCode, name, message, code, details}}.
///
/// `message` and `details` reach the client: they name what was wrong with which value and what to do, and
/// never hold a secret or a cause from below.
class Error : public std::exception {
public:
    /// `status` 0 means none of its own: the method's errorStatus, else 500.
    Error(int status, std::string message, std::string code = {});

    int status = 0;    ///< HTTP status, 400 to 599; 0 for none of its own.
    std::string name;  ///< "Error" unless said otherwise ("ValidationError", "SyntaxError").
    std::string message;
    std::string code;             ///< Machine-readable, "" for none: "MODEL_NOT_FOUND".
    Json details;                 ///< undefined for none.
    int retry_after_seconds = 0;  ///< Sent as Retry-After (RFC 9110 section 10.2.3) when above 0.

    char const* what() const noexcept override { return message.c_str(); }

    Error& with_name(std::string value) {
        name = std::move(value);
        return *this;
    }
    Error& with_details(Json value) {
        details = std::move(value);
        return *this;
    }
    Error& with_retry_after(int seconds) {
        retry_after_seconds = seconds;
        return *this;
    }
};

/// 404 MODEL_NOT_FOUND `Unknown "Note" id "9".`; `id` as its text.
Error not_found(std::string_view model, std::string_view id);

/// 503 SERVICE_UNAVAILABLE with Retry-After.
Error unavailable(std::string message, int retry_after_seconds = 1);

/// The same where a queue is full.
Error busy();

}  // namespace sallyport
