#include "delivery/message_text.hpp"

#include "sallyport/ascii.hpp"
#include "sallyport/percent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::delivery {
namespace {

bool is_name(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_letter_or_digit); }

/// Walks over text and places in turn.
template <class OnText, class OnPlace>
void walk(std::string_view text, OnText on_text, OnPlace on_place) {
    std::size_t done = 0;
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        auto const close = text.find('}', open);
        if (close == std::string_view::npos) break;
        auto const name = text.substr(open + 1, close - open - 1);
        if (!is_name(name)) continue;
        on_text(text.substr(done, open - done));
        on_place(name);
        done = close + 1;
        open = close;
    }
    on_text(text.substr(done));
}

}  // namespace

std::vector<std::string> places_in(std::string_view text) {
    std::vector<std::string> names;
    walk(text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}

std::string filled(std::string_view text,
                   std::function<std::optional<std::string>(std::string_view name)> const& value_of) {
    std::string result;
    walk(
        text, [&](std::string_view plain) { result += plain; },
        [&](std::string_view name) {
            auto const value = value_of(name);
            result += value ? *value : fmt::format("{{{}}}", name);
        });
    return result;
}

std::string escape_url(std::string_view text) { return percent_encoded(text, "-._~"); }

std::string escape_form(std::string_view text) {
    auto escaped = percent_encoded(text, "-._* ");
    std::ranges::replace(escaped, ' ', '+');
    return escaped;
}

std::string escape_xml(std::string_view text) {
    std::string escaped;
    for (auto const c : text) {
        if (c == '&') {
            escaped += "&amp;";
        } else if (c == '<') {
            escaped += "&lt;";
        } else if (c == '>') {
            escaped += "&gt;";
        } else if (c == '"') {
            escaped += "&quot;";
        } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t') {
            escaped += c;
        }
    }
    return escaped;
}

}  // namespace sallyport::delivery
