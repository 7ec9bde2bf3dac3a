// Sender: how a message reaches a person.

#pragma once

#include "sallyport/task.hpp"

#include <cstdint>
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
    std::string subject;  ///< Of mail.
    std::string text;
    std::string html;             ///< Of mail; "" for none.
    std::string secret;           ///< The code or token inside `text`; for tests and for `console`.
    std::int64_t expires_at = 0;  ///< Not to be sent after; milliseconds since the Unix epoch.
};

/// Delivers messages over one channel.
class Sender {
public:
    virtual ~Sender() = default;

    /// Returns once the message is accepted. Throws std::exception if it was not and a retry may help.
    virtual Task<> send(Message message) = 0;
};

}  // namespace sallyport
