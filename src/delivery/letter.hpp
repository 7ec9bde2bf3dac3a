// A mail as it travels (RFC 5322, RFC 2045 to 2049).

#pragma once

#include "sallyport/sender.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::delivery {

/// A name and an address: "Acme <no-reply@acme.example>".
struct Mailbox {
    std::string name;  ///< "" for none.
    std::string address;
};

/// Reads one mailbox; nothing if its address cannot be one on an SMTP line (RFC 5321 section 4.1.2).
std::optional<Mailbox> read_mailbox(std::string_view text);

/// Headers and body: the text, and the HTML beside it where there is one, both in quoted-printable UTF-8. Every line
/// ends with CRLF and has at most 78 characters, the subject's words aside. `now` in seconds since the Unix epoch.
std::string letter(Message const& message, Mailbox const& from, std::int64_t now);

/// RFC 2047: a header's text in encoded words where it is not plain ASCII.
std::string header_words(std::string_view text);

/// RFC 2045 section 6.7.
std::string quoted_printable(std::string_view text);

}  // namespace sallyport::delivery
