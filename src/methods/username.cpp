#include "methods/username.hpp"

#include "crypto/control_characters.hpp"
#include "definition/value.hpp"

#include <algorithm>

namespace sallyport::methods {
namespace {

constexpr std::size_t shortest_hexadecimal_id = 20;  // An ObjectID has 24 digits, a UUID 32.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hexadecimal(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-'; }

bool looks_like_id(definition::Model const& model, std::string_view text) {
    if (std::ranges::all_of(text, is_digit)) return true;
    if (text.size() >= shortest_hexadecimal_id && std::ranges::all_of(text, is_hexadecimal)) return true;
    // Where ids are texts, every text is one.
    return definition::to_id(model, text).is_number();
}

}  // namespace

std::string problem_with_username(definition::Model const& model, std::string_view username) {
    if (username.empty()) return {};
    if (looks_like_id(model, username)) return "can't look like an id";
    return problem_with_chosen_id(username);
}

std::string problem_with_chosen_id(std::string_view id) {
    if (id.contains('@')) return "can't contain \"@\", as an email does";
    return crypto::has_control_characters(id) ? "can't contain control characters" : "";
}

}  // namespace sallyport::methods
