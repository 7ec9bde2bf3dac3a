// Conditional requests: entity tags, and the question whether the client has the answer already (RFC 9110 section 13).

#pragma once

#include "sallyport/request.hpp"

#include <string>
#include <string_view>

namespace sallyport::http {

/// A weak tag made from the length and a 64-bit hash of a body. Equal on all nodes; no protection against forgers,
/// who could only ever keep an old answer for themselves.
std::string weak_tag(std::string_view body);

/// Whether an If-None-Match value names `tag`, in the weak comparison of RFC 9110 section 8.8.3.2; "*" names any.
bool names_tag(std::string_view if_none_match, std::string_view tag);

/// Whether 304 says all there is to say: a GET or HEAD whose 2xx answer has the tag, or else the date, it asks about.
bool is_known_to_client(Request const& request, Response const& response);

/// Turns an answer into a 304 without body.
void make_not_modified(Response& response);

}  // namespace sallyport::http
