// How many tries are left: buckets counted in the database, the same for accounts that exist and those that do not.

#pragma once

#include "crypto/keys.hpp"
#include "sallyport/clock.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

/// At most `limit` in any window of that length.
struct Limit {
    std::string key;              ///< What is counted: "send:account:...".
    std::int64_t window_seconds = 60;
    std::int64_t limit = 1;
};

class Throttle {
public:
    Throttle(crypto::Keys const& keys, Clock const& clock);

    /// Counts one against every limit. 0 if all hold; else the seconds until it may be tried again, and nothing counted.
    Task<std::int64_t> take(store::Transaction& transaction, std::vector<Limit> limits);

    /// Seconds to wait before another password for this identifier may be tried (5 free failures, then 30 s doubling to
    /// an hour); 0 if now.
    Task<std::int64_t> password_wait(store::Transaction& transaction, std::string key);
    Task<> password_failed(store::Transaction& transaction, std::string key);
    Task<> forget(store::Transaction& transaction, std::string key);

    /// A name for an email (or number) that does not tell it: HMAC with the identifiers key.
    std::string tag(std::string_view identifier) const;

    void lift();  ///< For tests: every limit holds from now on.
    bool lifted() const { return lifted_; }

private:
    crypto::Keys const& keys_;
    Clock const& clock_;
    bool lifted_ = false;
};

/// The network of an address: IPv4 /24 and IPv6 /56 as text; "" for what is no address.
std::string network_of(std::string_view address);
/// Whether an address is public: not loopback, private, link-local or otherwise special (RFC 6890).
bool is_public_address(std::string_view address);

}  // namespace sallyport::auth
