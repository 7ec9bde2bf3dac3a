// What a provider's answer means, by the conditions of its description.

#pragma once

#include "http/outbound.hpp"
#include "sallyport/json.hpp"

#include <string>

namespace sallyport::delivery {

/// Whether `condition` is one that answers() understands, or a list of such.
bool is_condition(Json const& condition);

/// Whether an answer is as `condition` says: {"status": [200, "2xx"], "where": {"/messages/*/status": "0"},
/// "contains": "OK"}, all of what it names; or as one of a list of such. In a path (RFC 6901) "*" stands for every
/// element, of which there must be one; as a value it stands for any. `why` gets what was found instead.
bool answers(Json const& condition, http::OutboundReply const& reply, std::string& why);

}  // namespace sallyport::delivery
