// Rows whose time is over, taken away a few at a time.
//
// Whoever writes a limit, a challenge or an event takes some old ones along, so that no flood makes a table grow for
// ever. What nobody comes by for again goes here, in short transactions: who waits for the writer waits for one of
// them, and not for a million rows.

#pragma once

#include "sallyport/clock.hpp"
#include "store/store.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace sallyport::auth {

struct ExpiryRules {
    std::int64_t batch = 500;  ///< Rows in one transaction, at most.
    std::chrono::milliseconds every{60'000};
};

class ExpiredRows {
public:
    /// `token_table` keeps the tokens of the sessions. All must outlive it.
    ExpiredRows(store::Store& store, Clock const& clock, std::string token_table, ExpiryRules rules = {});

    /// Takes one batch from each table, each in a transaction of its own; true if there may be more.
    Task<bool> drop_some();

    /// Takes all there are, batch by batch, now and every minute from then on. Never returns; where the database does
    /// not answer, it tries again a minute later.
    Task<> keep_dropping();

private:
    Task<> drop_sessions(store::Transaction& transaction, std::int64_t& dropped) const;

    store::Store& store_;
    Clock const& clock_;
    std::string token_table_;
    ExpiryRules rules_;
};

}  // namespace sallyport::auth
