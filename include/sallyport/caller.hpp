// Caller: who asks.

#pragma once

#include "sallyport/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport {

/// Somebody with a valid access token, or nobody.
struct Caller {
    Json user_id = {};                      ///< undefined for nobody.
    std::string user_model = {};            ///< "Employee"; identities of different user models never mix.
    std::string token = {};                 ///< The clear token that was presented; never logged, never stored.
    std::string token_id = {};              ///< "sha256:..." as stored; "" for nobody.
    double token_ttl = 0;                   ///< Seconds the token lives from `token_created`.
    std::int64_t token_created = 0;         ///< Milliseconds since the Unix epoch; 0 for nobody.
    std::vector<std::string> scopes = {};   ///< Of the token; {"DEFAULT"} unless said otherwise.
    std::vector<std::string> factors = {};  ///< What it was proven with: "password", "sms", "console", ...
    std::int64_t authenticated_at = 0;      ///< Milliseconds since the Unix epoch; 0 for nobody.

    bool is_known() const { return !user_id.is_undefined(); }

    /// The AccessToken as LoopBack shows it: id (clear), ttl, created, userId.
    Json token_row() const {
        return JsonObject{{"id", token},
                          {"ttl", token_ttl},
                          {"created", Json::date(static_cast<double>(token_created))},
                          {"userId", user_id}};
    }
};

}  // namespace sallyport
