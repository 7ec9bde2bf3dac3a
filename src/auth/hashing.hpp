// Hashing passwords off the io threads: a small pool at low priority, full means 503.

#pragma once

#include "crypto/keys.hpp"
#include "crypto/password.hpp"
#include "sallyport/pool.hpp"

#include <string>

namespace sallyport::auth {

/// Hashes and checks passwords on threads of its own. Safe on any thread; `keys` must outlive it.
///
/// All members throw Error 503 with Retry-After when `queue_limit` jobs wait already. The last eighth of the queue is
/// for Priority::reserved: known devices, so that strangers' logins cannot keep an owner out.
class Hashing {
public:
    Hashing(crypto::Keys const& keys, crypto::PasswordCost cost, std::size_t threads, std::size_t queue_limit);

    /// `password` has at most crypto::max_password_bytes.
    Task<std::string> hash(std::string password, Priority priority = Priority::normal);
    Task<crypto::PasswordCheck> check(std::string password, std::string stored, Priority priority = Priority::normal);
    Task<> check_nothing(std::string password, Priority priority = Priority::normal);

    /// For whoever has work to do before the hash that would be in vain.
    void require_room(Priority priority) const;
    std::size_t waiting() const { return pool_.waiting(); }

private:
    crypto::Keys const& keys_;
    crypto::PasswordCost cost_;
    Pool pool_;
};

}  // namespace sallyport::auth
