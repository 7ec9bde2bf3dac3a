#include "model/multiple_errors.hpp"

namespace sallyport::model {

void MultipleErrors::add(std::size_t index, Error const& error) {
    details_.resize(index, Json{nullptr});
    details_.emplace_back(wire_form(error));
}

Error MultipleErrors::together() const {
    Error error{500, "Failed with multiple errors, see `details` for more information."};
    error.with_name({});
    error.with_details(details_);
    return error;
}

JsonObject wire_form(Error const& error) {
    auto const status = error.status == 0 ? 500 : error.status;
    if (status >= 500) return {{"statusCode", status}, {"message", "Internal Server Error"}};
    JsonObject wire{{"statusCode", status}, {"name", error.name}, {"message", error.message}};
    if (!error.code.empty()) wire.set("code", error.code);
    if (!error.details.is_undefined()) wire.set("details", error.details);
    return wire;
}

}  // namespace sallyport::model
