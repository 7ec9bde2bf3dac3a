// Random bytes, tokens and digits from the system's generator (getrandom(2)).

#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace sallyport::crypto {

/// Where random bytes come from; tests hand in their own.
using RandomBytes = std::function<std::string(std::size_t count)>;

/// `count` bytes from the system's generator. Safe on any thread.
std::string random_bytes(std::size_t count);

/// `count` characters, each one of [A-Za-z0-9] with equal chance.
std::string random_token(std::size_t count, RandomBytes const& source = random_bytes);

/// A code of `count` decimal digits, every one of the 10^count codes equally likely (rejection sampling).
std::string random_digits(int count, RandomBytes const& source = random_bytes);

/// A version 4 UUID in lower case (RFC 9562 section 5.4).
std::string random_uuid();

}  // namespace sallyport::crypto
