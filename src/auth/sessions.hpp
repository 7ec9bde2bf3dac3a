// Sessions: what stands in the database about a token, read once and kept until it changes.

#pragma once

#include "sallyport/json.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::auth {

/// A row of the tokens' table and its row of sallyport_sessions. Times in milliseconds since the Unix epoch.
struct Session {
    double ttl = 0;  ///< seconds
    std::int64_t created = 0;
    std::vector<std::string> scopes;  ///< {"DEFAULT"} where the row names none.
    std::string user_model;
    Json user_id;
    std::int64_t last_used = 0;
    std::int64_t authenticated_at = 0;
    std::vector<std::string> factors;

    bool is_over(std::int64_t now, double idle_seconds) const;  ///< Expired, or idle too long (0: no idle limit).
};

/// All members may be called on any thread.
class Sessions {
public:
    /// `table` is that of the tokens.
    explicit Sessions(store::Store& store, std::string const& table = "accesstoken");

    /// The session with that stored id ("sha256:..."); null if either row is missing.
    ///
    /// It is what the last commit left: a session that ended is gone for whoever asks after the commit was answered.
    Task<std::shared_ptr<Session const>> find(std::string id);

private:
    struct Kept {
        std::shared_ptr<Session const> session;
        std::uint64_t token_changes = 0;
        std::int64_t row = 0;  ///< Of sallyport_sessions.
        std::uint64_t row_changes = 0;
    };

    std::shared_ptr<Session const> find_kept(std::string const& id);
    void keep(std::string id, Kept kept);

    store::Store& store_;
    std::string find_session_;
    store::RowChanges const* tokens_;    ///< Null where the store does not tell what changes; then nothing is kept.
    store::RowChanges const* sessions_;  ///< The same.
    std::mutex mutex_;
    std::unordered_map<std::string, Kept> kept_;
};

}  // namespace sallyport::auth
