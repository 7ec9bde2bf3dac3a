// Knobs for tests: the time, what was sent, limits, a clean state. A library of its own (sallyport_testing), never
// part of the `sallyport` program.

#pragma once

#include "sallyport/app.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace sallyport::test_support {

/// A clock that runs with the machine's and can be moved forward.
class AdvancingClock final : public Clock {
public:
    std::int64_t now() const override;
    void advance(std::int64_t milliseconds) { offset_ += milliseconds; }

private:
    std::atomic<std::int64_t> offset_{0};
};

/// Keeps every message instead of sending it.
class KeepingSender final : public Sender {
public:
    Task<> send(Message message) override;
    std::vector<Message> sent() const;
    void clear();

private:
    mutable std::mutex mutex_;
    std::vector<Message> messages_;
};

/// Lifts all limits on logins, codes and messages of `app`.
void lift_limits(App& app);

/// Empties every table of the data source named `source` and our own tables, and starts generated ids at 1.
Task<> reset(App& app, std::string source = "db");

/// What `app`, once started, answers to a request, without a network in between. Blocks: not for io threads.
///
/// `body` goes as JSON; none if it is undefined.
Response ask(App& app, std::string verb, std::string target, Json const& body = {}, Headers headers = {});

/// The same with a body of any kind, which a Content-Type header names.
Response ask_with(App& app, std::string verb, std::string target, std::string body, Headers headers);

/// The body of an answer; of a stream all of it.
std::string text_of(App& app, Response const& response);

/// The body of an answer as JSON; undefined if it is none.
Json json_of(Response const& response);

/// Sends every message that waits, and returns when all are out.
Task<> flush(App& app);

}  // namespace sallyport::test_support
