#include "delivery/gateway_answer.hpp"

#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace sallyport::delivery {
namespace {

/// The values at a path of RFC 6901, "*" standing for every element of an array.
void collect(Json const& value, std::string_view path, std::vector<Json const*>& found) {
    if (path.empty()) {
        found.push_back(&value);
        return;
    }
    path.remove_prefix(1);
    auto const slash = path.find('/');
    auto const step = path.substr(0, slash);
    auto const rest = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
    if (value.is_array()) {
        auto const& items = value.as_array();
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (step == "*" || step == std::to_string(i)) collect(items[i], rest, found);
        }
    } else if (value.is_object()) {
        if (auto const* member = value.as_object().find(step)) collect(*member, rest, found);
    }
}

bool is_among(Json const& value, Json const& wanted) {
    if (wanted.is_array()) {
        return std::ranges::any_of(wanted.as_array(), [&](Json const& one) { return is_among(value, one); });
    }
    if (value.is_nothing() || value.is_object() || value.is_array()) return false;
    return wanted == Json{"*"} || to_display(value) == to_display(wanted);
}

// 200, "2xx", or a list of such.
bool is_one_of(int status, Json const& wanted) {
    if (wanted.is_array()) {
        return std::ranges::any_of(wanted.as_array(), [&](Json const& one) { return is_one_of(status, one); });
    }
    if (wanted.is_number()) return wanted.as_number() == status;
    return wanted.is_string() && wanted.as_string()[0] - '0' == status / 100;
}

// A code of the provider may be shown; a sentence may hold the number or the text.
std::string shown(Json const& value) {
    auto const text = value.is_string() || value.is_number() ? to_display(value) : std::string{"?"};
    auto const is_code = text.size() <= 16 && std::ranges::all_of(text, [](char c) {
                             return is_letter_or_digit(c) || c == '_' || c == '-';
                         });
    return is_code ? text : "?";
}

bool holds_where(JsonObject const& where, std::string const& body, std::string& why) {
    std::optional<Json> answer;
    try {
        answer = parse_json(body);
    } catch (JsonError const&) {
        why += ", no JSON";
        return false;
    }
    for (auto const& [path, wanted] : where) {
        std::vector<Json const*> found;
        collect(*answer, path, found);
        if (!found.empty() && std::ranges::all_of(found, [&](Json const* one) { return is_among(*one, wanted); }))
            continue;
        for (auto const* one : found) why += fmt::format(", {} is {}", path, shown(*one));
        if (found.empty()) why += fmt::format(", no {}", path);
        return false;
    }
    return true;
}

bool is_status(Json const& value) {
    if (value.is_array()) return !value.as_array().empty() && std::ranges::all_of(value.as_array(), is_status);
    if (value.is_number()) return value.as_number() >= 100 && value.as_number() <= 599;
    return value.is_string() && value.as_string().size() == 3 && value.as_string().ends_with("xx");
}

}  // namespace

bool is_condition(Json const& condition) {
    if (condition.is_array())
        return !condition.as_array().empty() && std::ranges::all_of(condition.as_array(), is_condition);
    if (!condition.is_object() || condition.as_object().empty()) return false;
    return std::ranges::all_of(condition.as_object(), [](auto const& member) {
        auto const& [key, value] = member;
        return (key == "status" && is_status(value)) || (key == "where" && value.is_object()) ||
               (key == "contains" && value.is_string());
    });
}

bool answers(Json const& condition, http::OutboundReply const& reply, std::string& why) {
    if (condition.is_array()) {
        return std::ranges::any_of(condition.as_array(), [&](Json const& one) { return answers(one, reply, why); });
    }
    if (auto const& status = condition["status"]; !status.is_undefined() && !is_one_of(reply.status, status))
        return false;
    if (auto const& contains = condition["contains"]; contains.is_string()) {
        if (!reply.body.contains(contains.as_string())) return false;
    }
    auto const& where = condition["where"];
    return !where.is_object() || holds_where(where.as_object(), reply.body, why);
}

}  // namespace sallyport::delivery
