#include "store/sqlite_functions.hpp"

#include "crypto/digest.hpp"
#include "query/pattern.hpp"
#include "sallyport/json.hpp"
#include "store/stored_json.hpp"
#include "store/value_condition.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::store {
namespace {

std::string_view text_of(sqlite3_value* value) {
    auto const* text = reinterpret_cast<char const*>(sqlite3_value_text(value));
    return text == nullptr ? std::string_view{}
                           : std::string_view{text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

void give_text(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// An argument that is the same for every row, parsed once: SQLite keeps it beside the running statement.
template <class Parsed, class Make>
Parsed const& kept(sqlite3_context* context, int argument, Make make) {
    if (auto* known = static_cast<Parsed*>(sqlite3_get_auxdata(context, argument))) return *known;
    auto made = make();
    auto* raw = made.release();
    sqlite3_set_auxdata(context, argument, raw, [](void* gone) { delete static_cast<Parsed*>(gone); });
    // SQLite may have dropped it at once; then this row has its own.
    if (auto* known = static_cast<Parsed*>(sqlite3_get_auxdata(context, argument))) return *known;
    throw std::bad_alloc{};
}

void match(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0]) || is_null(arguments[1])) return sqlite3_result_int(context, 0);
    auto const& pattern = kept<RE2>(context, 0, [&] {
        auto const text = text_of(arguments[0]);
        return std::make_unique<RE2>(re2::StringPiece{text.data(), text.size()}, query::pattern_options());
    });
    if (!pattern.ok()) return sqlite3_result_int(context, 0);  // query/parse refuses such a pattern with a 400.
    std::string number;
    auto text = std::string_view{};
    if (sqlite3_value_type(arguments[1]) == SQLITE_FLOAT) {
        append_number(number, sqlite3_value_double(arguments[1]));
        text = number;
    } else {
        text = text_of(arguments[1]);
    }
    sqlite3_result_int(context, RE2::PartialMatch(re2::StringPiece{text.data(), text.size()}, pattern) ? 1 : 0);
}

// The document in a column, which LoopBack's connector encodes twice.
std::optional<Json> document(sqlite3_value* column, int decodings) {
    if (is_null(column)) return std::nullopt;
    auto value = stored_json(text_of(column));
    for (int i = 1; i < decodings && value && value->is_string(); ++i) {
        auto inner = stored_json(value->as_string());
        if (!inner) break;
        value = std::move(inner);
    }
    return value;
}

using Names = std::vector<std::string>;

Names const& path_of(sqlite3_context* context, sqlite3_value* argument) {
    return kept<Names>(context, 1, [&] {
        auto names = std::make_unique<Names>();
        auto const path = stored_json(text_of(argument));
        if (path && path->is_array()) {
            for (auto const& name : path->as_array()) names->push_back(to_display(name));
        }
        return names;
    });
}

Json const* element(JsonArray const& items, std::string_view name) {
    if (name.empty() || name.size() > 9 || name.find_first_not_of("0123456789") != std::string_view::npos)
        return nullptr;
    auto const index = static_cast<std::size_t>(std::stoul(std::string{name}));
    return index < items.size() ? &items[index] : nullptr;
}

// Everything that stands at the path below `value`, arrays taken apart, and those in them; null where there is nothing.
// A list has no member of a name, whatever its items have.
void collect(Json const& value, Names const& path, std::size_t depth, JsonArray& out) {
    if (depth == path.size()) {
        if (!value.is_array()) return out.push_back(value.is_undefined() ? Json{nullptr} : value);
        for (auto const& item : value.as_array()) collect(item, path, depth, out);
        return;
    }
    if (value.is_array()) {
        if (auto const* item = element(value.as_array(), path[depth])) return collect(*item, path, depth + 1, out);
        out.emplace_back(nullptr);
        for (auto const& item : value.as_array()) collect(item, path, depth, out);
        return;
    }
    collect(value[path[depth]], path, depth + 1, out);
}

void some(sqlite3_context* context, int, sqlite3_value** arguments) {
    JsonArray found;
    collect(document(arguments[0], sqlite3_value_int(arguments[2])).value_or(Json{nullptr}),
            path_of(context, arguments[1]), 0, found);
    auto const& test = kept<ValueCondition>(
        context, 4, [&] { return std::make_unique<ValueCondition>(text_of(arguments[3]), text_of(arguments[4])); });
    sqlite3_result_int(context, test.passes_some(found) ? 1 : 0);
}

void at(sqlite3_context* context, int, sqlite3_value** arguments) {
    auto const value = document(arguments[0], sqlite3_value_int(arguments[2]));
    if (!value) return sqlite3_result_null(context);
    auto const* place = &*value;
    for (auto const& name : path_of(context, arguments[1])) place = &(*place)[name];
    switch (place->kind()) {
        case Json::Kind::undefined:
            return sqlite3_result_null(context);
        case Json::Kind::null:
        case Json::Kind::boolean:
        case Json::Kind::number:
        case Json::Kind::date:
            return sqlite3_result_double(context, to_number(*place));
        case Json::Kind::string:
            return give_text(context, place->as_string());
        case Json::Kind::array:
        case Json::Kind::object:
            return give_text(context, to_display(*place));
    }
}

double radians(Json const& degrees) { return degrees.as_number() * std::numbers::pi / 180; }

// The haversine formula on a sphere.
double angle_between(Json const& here, double latitude, double longitude) {
    auto const half_square = [](double angle) { return std::pow(std::sin(angle / 2), 2); };
    auto const from = radians(here["lat"]);
    auto const to = radians(latitude);
    auto const chord =
        half_square(to - from) + std::cos(from) * std::cos(to) * half_square(radians(longitude) - radians(here["lng"]));
    return 2 * std::asin(std::sqrt(std::clamp(chord, 0.0, 1.0)));
}

void distance(sqlite3_context* context, int, sqlite3_value** arguments) {
    auto const value = document(arguments[0], sqlite3_value_int(arguments[2]));
    if (!value) return sqlite3_result_null(context);
    auto const* place = &*value;
    for (auto const& name : path_of(context, arguments[1])) place = &(*place)[name];
    if (!(*place)["lat"].is_number() || !(*place)["lng"].is_number()) return sqlite3_result_null(context);
    sqlite3_result_double(
        context, angle_between(*place, sqlite3_value_double(arguments[3]), sqlite3_value_double(arguments[4])));
}

void merge(sqlite3_context* context, int, sqlite3_value** arguments) {
    auto more = is_null(arguments[0]) ? std::nullopt : stored_json(text_of(arguments[0]));
    auto object = more && more->is_object() ? std::move(more->as_object()) : JsonObject{};
    if (auto const known = stored_json(text_of(arguments[2])); known && known->is_array()) {
        for (auto const& name : known->as_array()) object.erase(to_display(name));
    }
    if (auto const changes = is_null(arguments[1]) ? std::nullopt : stored_json(text_of(arguments[1]))) {
        for (auto const& [name, value] : changes->as_object()) object.set(name, value);
    }
    if (object.empty()) return sqlite3_result_null(context);
    give_text(context, to_text(Json{std::move(object)}));
}

void token(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (is_null(arguments[0])) return sqlite3_result_null(context);
    give_text(context, "sha256:" + crypto::to_hex(crypto::sha256(text_of(arguments[0]))));
}

// No exception may pass through SQLite.
template <auto function>
void guarded(sqlite3_context* context, int count, sqlite3_value** arguments) {
    try {
        function(context, count, arguments);
    } catch (std::bad_alloc const&) {
        sqlite3_result_error_nomem(context);
    } catch (std::exception const& error) {
        sqlite3_result_error(context, error.what(), -1);
    }
}

}  // namespace

void add_sqlite_functions(sqlite3* database) {
    struct Entry {
        char const* name;
        int arguments;
        void (*function)(sqlite3_context*, int, sqlite3_value**);
    };
    constexpr Entry entries[] = {{"sallyport_match", 2, guarded<match>}, {"sallyport_some", 5, guarded<some>},
                                 {"sallyport_at", 3, guarded<at>},       {"sallyport_distance", 5, guarded<distance>},
                                 {"sallyport_merge", 3, guarded<merge>}, {"sallyport_token", 1, guarded<token>}};
    for (auto const& entry : entries) {
        auto const code = sqlite3_create_function(database, entry.name, entry.arguments,
                                                  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nullptr,
                                                  entry.function, nullptr, nullptr);
        if (code != SQLITE_OK) throw std::runtime_error{std::string{"SQLite refuses the function "} + entry.name};
    }
}

}  // namespace sallyport::store
