// The outbox: messages wait sealed in the database, written in the transaction that caused them, and go out soon after,
// each under an id that stays the same for every attempt.

#pragma once

#include "crypto/keys.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/sender.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::delivery {

/// Which sender serves which channel. Filled at start, read afterwards.
using Senders = std::map<std::string, std::shared_ptr<Sender>, std::less<>>;

/// How long things take, in milliseconds.
struct OutboxRules {
    std::int64_t first_wait = 2000;  ///< After the first failure; doubled after each further one.
    std::int64_t longest_wait = 60'000;
    std::int64_t lease = 60'000;             ///< A sender that has not answered by then is thought dead.
    std::int64_t default_life = 86'400'000;  ///< Of a message that names no end.
};

/// Safe on any thread; everything handed to the constructor must outlive it.
///
/// A message is sent at least once within its life, and erased as soon as it was accepted or its life is over: neither
/// codes nor links stay in the database.
class Outbox {
public:
    Outbox(store::Store& store, crypto::Keys const& keys, Clock const& clock, Senders const& senders,
           OutboxRules rules = {});

    /// Adds a message to a transaction; it is sent once that has committed and pump() was called. Gives it an id if it
    /// has none.
    Task<> put(store::Transaction& transaction, Message message);

    /// Sends what is due, on `executor`, and goes on until nothing waits any more; returns at once. Call it after a
    /// write that put something, and at start for the messages of a process that died.
    void pump(boost::asio::any_io_executor const& executor);

    /// Tries once to send everything due, and waits for it.
    Task<> flush();

private:
    struct Claimed;

    Task<> pump_until_empty();
    Task<std::optional<Claimed>> claim();
    Task<bool> try_to_send(Claimed const& claimed);
    Task<> settle(Claimed const& claimed, bool sent);
    Task<std::int64_t> next_due();

    store::Store& store_;
    crypto::Keys const& keys_;
    Clock const& clock_;
    Senders const& senders_;
    OutboxRules rules_;
    std::atomic<bool> is_waiting_ = false;  ///< One coroutine waits for what comes later; one is enough.
};

}  // namespace sallyport::delivery
