// What a client takes: Accept (RFC 9110 section 12.5.1) and LoopBack's `_format`.

#pragma once

#include "rest/error_form.hpp"
#include "sallyport/request.hpp"

#include <string>
#include <string_view>

namespace sallyport::rest {

/// The type results are sent in.
enum class ResultType : std::uint8_t { json, json_api, none };

/// json unless neither JSON nor JavaScript is accepted, or `_format` names something else: then none, a 406.
///
/// JavaScript is accepted as a name for JSON; a callback is never called, since any page could read the answer.
ResultType result_type(Request const& request);

/// Whether an error is shown as a page: the client prefers HTML to JSON, `_format` says so, or `form` does.
bool prefers_html(Request const& request, ErrorForm const& form = {});

}  // namespace sallyport::rest
