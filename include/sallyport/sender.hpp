// Sender: how a message reaches a person.

#pragma once

#include "sallyport/request.hpp"
#include "sallyport/task.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace sallyport {

/// One message to one person. It may hold a secret: never log it.
struct Message {
    enum class Kind : std::uint8_t { code, verification, reset, notice };

    Kind kind = Kind::notice;
    std::string id;       ///< The same for every attempt to send it, so that a gateway can drop doubles.
    std::string channel;  ///< "console", "sms", "email"
    std::string model;    ///< The account's user model and email.
    std::string account;
    std::string to;       ///< Number (E.164) or address; "" for console.
    std::string from{};   ///< Of mail, where it is not the data source's: "Acme <hello@acme.example>".
    std::string subject;  ///< Of mail.
    std::string text;
    std::string html;             ///< Of mail; "" for none.
    Headers headers{};            ///< Of mail: besides those that every mail has, which they cannot replace.
    std::string secret;           ///< The code or token inside `text`; for tests and for `console`.
    std::int64_t expires_at = 0;  ///< Not to be sent after; milliseconds since the Unix epoch.
    int attempt = 1;              ///< Which try this is.
};

/// Why a message was not accepted, and what may be done about it. what() is shown to the operator: it must not hold
/// what was sent, nor to whom.
class SendFailure : public std::runtime_error {
public:
    enum class Then : std::uint8_t {
        retry,        ///< It was not taken; the same again may be.
        give_up,      ///< It was not taken, and never will be.
        maybe_there,  ///< It may have arrived, and must not be sent twice.
    };

    SendFailure(std::string const& why, Then then) : std::runtime_error{why}, then_{then} {}

    Then then() const { return then_; }

private:
    Then then_;
};

/// Delivers messages over one channel.
class Sender {
public:
    virtual ~Sender() = default;

    /// Returns once the message is accepted. Throws SendFailure; any other std::exception counts as one to retry, and
    /// is not shown. A message that is retried comes again with the same id.
    virtual Task<> send(Message message) = 0;
};

}  // namespace sallyport
