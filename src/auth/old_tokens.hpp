// Tokens that LoopBack left: access tokens and verification tokens in clear. They go on working, hashed.

#pragma once

#include "query/table.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <vector>

namespace sallyport::auth {

/// Where they may stand.
struct OldTokens {
    std::vector<query::Table> users;    ///< Of the user models whose tables are in this store.
    bool knows_all_users = true;        ///< false: another store has user models too, so no owner is certain.
    bool are_coming = false;            ///< Rows that statements before these put there.
    std::string table = "accesstoken";  ///< Where access tokens are kept.
};

/// Hashes them, and gives each access token the session of the one user who owns it. The token of an id that users of
/// two models have, without a principal type to tell them apart, is hashed and gets none: it is refused. Empty if
/// nothing is in clear.
///
/// `now` is milliseconds since the Unix epoch. Call it after planning all tables.
std::vector<store::Statement> plan_old_tokens(store::Store& store, OldTokens const& tokens, std::int64_t now);

}  // namespace sallyport::auth
