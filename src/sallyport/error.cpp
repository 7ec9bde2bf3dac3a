#include "sallyport/error.hpp"

#include <fmt/format.h>

namespace sallyport {

Error::Error(int status_, std::string message_, std::string code_)
    : status{status_}, name{"Error"}, message{std::move(message_)}, code{std::move(code_)} {}

Error not_found(std::string_view model, std::string_view id) {
    return {404, fmt::format("Unknown \"{}\" id \"{}\".", model, id), "MODEL_NOT_FOUND"};
}

Error unavailable(std::string message, int retry_after_seconds) {
    return Error{503, std::move(message), "SERVICE_UNAVAILABLE"}.with_retry_after(retry_after_seconds);
}

Error busy() { return unavailable("The server is busy. Try again shortly."); }

}  // namespace sallyport
