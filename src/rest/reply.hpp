// What is said back: results and errors, in the forms LoopBack 3 gives them. The only place that writes an error.

#pragma once

#include "rest/error_form.hpp"
#include "sallyport/error.hpp"
#include "sallyport/method.hpp"
#include "sallyport/request.hpp"

#include <string>
#include <string_view>

namespace sallyport::rest {

/// {"error": {statusCode, name, message, code, details}} of an Error, as JSON or, where the client prefers it, a page.
///
/// Below 500 everything the Error holds is sent; from 500 on only the status and its phrase, unless `form` says more.
/// An Error 500 whose details are an array is the one of several failures: its details are sent. Sets Retry-After where
/// the Error has one.
Response error_reply(Error const& error, Request const& request, ErrorForm const& form = {});

/// The same without a request: JSON.
Response error_reply(Error const& error);

/// The reply to a call whose body has run: Invocation::result in the form the method's `returns` say, else 204.
///
/// 406 "Not Acceptable" as text where the client takes no JSON. Throws Error 500 for a header value that cannot be
/// sent.
Response result_reply(Invocation& call);

/// A JSON text as a reply.
Response json_reply(int status, std::string body);

/// The reason phrase of a status (RFC 9110 section 15) as LoopBack writes it; "Unknown Error" for one without.
std::string_view reason_phrase(int status);

}  // namespace sallyport::rest
