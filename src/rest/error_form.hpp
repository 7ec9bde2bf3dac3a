// The form errors take: the params of "strong-error-handler" in middleware.json.

#pragma once

#include "sallyport/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::rest {

/// How much of a failure on our side is told: nothing but its name, or (for developing) what the Error says.
enum class Candour : std::uint8_t { plain, open };

struct ErrorForm {
    Candour candour = Candour::plain;      ///< `debug`
    std::vector<std::string> safe_fields;  ///< Members of an Error that are told from 500 on, too.
    std::string root = "error";            ///< `rootProperty`; "" for none: the members stand in the body itself.
    bool is_page_by_default = false;       ///< `defaultType` is HTML: for clients that take neither it nor JSON.
    bool negotiates = true;                ///< `negotiateContentType`: false answers in the default type.
};

ErrorForm read_error_form(Json const& params);

}  // namespace sallyport::rest
