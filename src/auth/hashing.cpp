#include "auth/hashing.hpp"

#include <utility>

namespace sallyport::auth {

// Low priority: a burst of logins may take what time is left, and reads go on beside it.
Hashing::Hashing(crypto::Keys const& keys, crypto::PasswordCost cost, std::size_t threads, std::size_t queue_limit)
    : keys_{keys},
      cost_{cost},
      pool_{{.name = "hashing", .threads = threads, .queue_limit = queue_limit, .nice = 10}} {}

Task<std::string> Hashing::hash(std::string password, Priority priority) {
    return pool_.run([this, text = std::move(password)] { return crypto::hash_password(keys_, text, cost_); },
                     priority);
}

Task<crypto::PasswordCheck> Hashing::check(std::string password, std::string stored, Priority priority) {
    return pool_.run([this, text = std::move(password),
                      hash = std::move(stored)] { return crypto::check_password(keys_, text, hash, cost_); },
                     priority);
}

Task<> Hashing::check_nothing(std::string password, Priority priority) {
    return pool_.run([this, text = std::move(password)] { crypto::check_nothing(keys_, text, cost_); }, priority);
}

void Hashing::require_room(Priority priority) const {
    if (!pool_.has_room(priority)) throw busy();
}

}  // namespace sallyport::auth
