// The development channels: a console that prints the code, as the article does, and a mailbox in memory.

#pragma once

#include "http/event_log.hpp"
#include "sallyport/sender.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::delivery {

/// What the console shows for a message: "Two factor code for EMAIL: CODE", or "Message for EMAIL: TEXT" for those
/// without a code. One line, whatever the account is called.
std::string console_line(Message const& message);

/// Writes console_line() to standard output. Refused in production unless allowed: app/ sees to that.
class ConsoleSender final : public Sender {
public:
    Task<> send(Message message) override;
};

/// Keeps mail in memory as LoopBack's STUB transport does; at most the newest 1000. Nobody gets any, which the log
/// tells each time. Safe on any thread.
class StubMail final : public Sender {
public:
    static constexpr std::size_t capacity = 1000;

    /// Of the data source of that name.
    explicit StubMail(std::string source, http::EventLog log = {}) : source_{std::move(source)}, log_{log} {}

    Task<> send(Message message) override;

    std::vector<Message> messages() const;  ///< The oldest first.

private:
    std::string source_;
    http::EventLog log_;
    mutable std::mutex mutex_;
    std::deque<Message> messages_;
};

}  // namespace sallyport::delivery
