#include "methods/password_policy.hpp"

#include "crypto/password.hpp"
#include "methods/account.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

void PasswordPolicy::require(std::string_view password) const {
    if (password.empty()) throw Error{422, "Invalid password.", "INVALID_PASSWORD"};
    if (password.size() > most_bytes) {
        throw Error{422,
                    fmt::format("The password entered was too long. Max length is {} (entered {})", most_bytes,
                                password.size()),
                    "PASSWORD_TOO_LONG"};
    }
    if (code_points(password) < least_characters) {
        throw Error{422, fmt::format("The password is too short. Use at least {} characters.", least_characters),
                    "PASSWORD_TOO_SHORT"};
    }
}

PasswordPolicy password_policy(definition::Model const& model, bool compatible) {
    if (compatible) return {};
    return {.least_characters = requires_two_factor(model) ? 8U : 15U, .most_bytes = crypto::max_password_bytes};
}

}  // namespace sallyport::methods
