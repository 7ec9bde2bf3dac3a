// The outbox: messages wait sealed in the database, written in the transaction that caused them, and go out soon after,
// each under an id that stays the same for every attempt.

#pragma once

#include "crypto/keys.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/sender.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <string>

namespace sallyport::delivery {

/// Which sender serves which channel. Filled at start, read afterwards.
using Senders = std::map<std::string, std::shared_ptr<Sender>, std::less<>>;

class Outbox {
public:
    Outbox(store::Store& store, crypto::Keys const& keys, Clock const& clock, Senders const& senders);

    /// Adds a message to a transaction; it is sent once that has committed and pump() was called.
    Task<> put(store::Transaction& transaction, Message message);

    /// Sends what is due, on `executor`; returns at once. Call it after a write that put something.
    void pump(boost::asio::any_io_executor executor);

    /// Sends everything due and waits for it: at start (messages of a process that died) and in tests.
    Task<> flush();

private:
    store::Store& store_;
    crypto::Keys const& keys_;
    Clock const& clock_;
    Senders const& senders_;
};

}  // namespace sallyport::delivery
