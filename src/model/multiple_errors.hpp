// What went wrong with some elements of an array, as one error.

#pragma once

#include "sallyport/error.hpp"

#include <cstddef>

namespace sallyport::model {

/// Gathers errors by the index of their element.
class MultipleErrors {
public:
    void add(std::size_t index, Error const& error);
    bool empty() const { return details_.empty(); }

    /// 500 without a name; `details` lists, up to the last element that failed, its error or null.
    Error together() const;

private:
    JsonArray details_;
};

/// An error as a reply shows it below another: {statusCode, name, message, code, details}. Of a failure of the server
/// itself only the status is told.
JsonObject wire_form(Error const& error);

}  // namespace sallyport::model
