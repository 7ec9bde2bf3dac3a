// What many operations of the OpenAPI document share: errors, filters, tokens, and the bodies that User's methods take,
// which LoopBack declares as "object".

#pragma once

#include "explorer/operation.hpp"
#include "sallyport/json.hpp"
#include "sallyport/method.hpp"

#include <string_view>

namespace sallyport::explorer {

inline constexpr auto error_name = "ErrorReply";
inline constexpr auto token_scheme = "accessToken";

/// {"application/json": {"schema": ...}}
Json json_content(Json schema);

/// components/parameters: "filter" and "where".
JsonObject const& shared_parameters();

/// components/responses: an entry an error status.
JsonObject shared_responses();

/// components/securitySchemes
JsonObject security_schemes();

/// {"error": {statusCode, name, message, code, details}}
Json error_schema();

/// Adds what else an operation may answer, as references to the shared ones.
void add_errors(Operation const& operation, JsonObject& responses);

/// The body of one of User's or TwoFactor's methods; undefined for any other.
Json account_body(std::string_view method);

/// Whether what is returned is an access token, which LoopBack calls an object.
bool gives_token(ReturnSpec const& value);

}  // namespace sallyport::explorer
