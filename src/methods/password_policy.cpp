#include "methods/password_policy.hpp"

#include "crypto/password.hpp"
#include "methods/account.hpp"
#include "methods/most_used_passwords.hpp"
#include "sallyport/ascii.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::methods {
namespace {

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0; }

// "Ann.1987!" is "ann": what is left without digits and signs at both ends.
std::string_view core_of(std::string_view text) {
    while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
    while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
    return text;
}

bool is_of(std::string_view password, std::vector<std::string> const& words) {
    auto const small = to_lower(password);
    return std::ranges::any_of(words, [&](std::string const& word) {
        auto const own = to_lower(word);
        return !own.empty() && (small == own || (!core_of(own).empty() && core_of(small) == core_of(own)));
    });
}

}  // namespace

void PasswordPolicy::require(std::string_view password, std::vector<std::string> const& words) const {
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
    if (!refuses_most_used) return;
    if (is_among_most_used(to_lower(password)))
        throw Error{422, "This password is among the most used ones. Choose another.", "PASSWORD_BLOCKED"};
    if (is_of(password, words))
        throw Error{422, "This password is the name of the account, or nearly. Choose another.", "PASSWORD_BLOCKED"};
}

std::vector<std::string> words_of(definition::Model const& model, Json const& user) {
    std::vector<std::string> words{model.name};
    for (auto const* name : {"email", "username", "mobile", "phone"}) {
        if (user[name].is_string()) words.push_back(user[name].as_string());
    }
    if (user["email"].is_string())
        words.push_back(user["email"].as_string().substr(0, user["email"].as_string().find('@')));
    return words;
}

PasswordPolicy password_policy(definition::Model const& model, bool compatible) {
    if (compatible) return {};
    return {.least_characters = requires_two_factor(model) ? 8U : 15U,
            .most_bytes = crypto::max_password_bytes,
            .refuses_most_used = true};
}

}  // namespace sallyport::methods
