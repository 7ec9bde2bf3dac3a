// The sessions of an account, as its owner sees them.

#pragma once

#include "auth/account_id.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

/// One session. Its handle names it and is worth nothing: the first 8 hex digits of the hash that its token is kept
/// under.
struct ListedSession {
    std::string id;  ///< "sha256:...", as stored.
    std::int64_t created = 0;
    std::int64_t last_used = 0;
    std::int64_t expires_at = 0;
    std::vector<std::string> factors;
    std::string network;
    std::string agent;

    std::string handle() const;
    /// {"id": handle, "created", "lastUsed", "expires", "factors", "network", "client", "current"}
    Json to_json(bool is_current) const;
};

/// Those that last at `now` (ms since the Unix epoch), newest first; read_session takes a row. Tokens that only reset
/// or enrol are none.
store::Statement select_sessions(Account const& account, std::int64_t now);
ListedSession read_session(store::Row const& row);

}  // namespace sallyport::auth
