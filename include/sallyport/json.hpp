// Json: the value every part of Sallyport passes around.
//
// It holds what JSON can say (RFC 8259) and two things JavaScript adds, because LoopBack's wire contract
// tells them apart: `undefined` (a name that is not there) and dates. Numbers are doubles, as in
// JavaScript (ECMA-262 section 6.1.6.1). Objects keep the order in which members were set.

#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sallyport {

class Json;

/// The members of a JSON object, in the order they were set. Names are unique.
class JsonObject {
public:
    using Member = std::pair<std::string, Json>;
    using Members = std::vector<Member>;

    JsonObject();
    JsonObject(std::initializer_list<Member> members);
    JsonObject(JsonObject const& other);
    JsonObject(JsonObject&& other) noexcept;
    JsonObject& operator=(JsonObject const& other);
    JsonObject& operator=(JsonObject&& other) noexcept;
    ~JsonObject();

    /// The value of `name`, or nullptr. The pointer lives until the object changes.
    Json const* find(std::string_view name) const;
    Json* find(std::string_view name);
    bool contains(std::string_view name) const { return find(name) != nullptr; }

    /// The value of `name`; made `undefined` at the end if it is not there.
    Json& operator[](std::string_view name);

    /// Replaces the value of `name` in place, or adds it at the end.
    void set(std::string_view name, Json value);

    /// Adds a member without looking for an equal name: the caller knows there is none.
    void append(std::string name, Json value);

    /// Makes room for `members` in all, so that adding them moves nothing.
    void reserve(std::size_t members);

    /// Removes `name`; false if it was not there.
    bool erase(std::string_view name);

    bool empty() const;
    std::size_t size() const;
    Members::const_iterator begin() const;
    Members::const_iterator end() const;
    Members::iterator begin();
    Members::iterator end();

    bool operator==(JsonObject const& other) const;  ///< Same names and values, in any order.

private:
    Members members_;
};

using JsonArray = std::vector<Json>;

/// One JSON value. A plain value type: copying copies everything below it.
class Json {
public:
    enum class Kind : std::uint8_t { undefined, null, boolean, number, date, string, array, object };

    Json() = default;  ///< undefined
    Json(std::nullptr_t) : value_(nullptr) {}
    Json(std::same_as<bool> auto value) : value_(value) {}
    template <class Number>
        requires((std::integral<Number> || std::floating_point<Number>) && !std::same_as<Number, bool>)
    Json(Number value) : value_(static_cast<double>(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(std::string_view value) : value_(std::string{value}) {}
    Json(char const* value) : value_(std::string{value}) {}
    Json(JsonArray value) : value_(std::move(value)) {}
    Json(JsonObject value) : value_(std::move(value)) {}

    /// A point in time, in milliseconds since the Unix epoch; NaN is JavaScript's "Invalid Date".
    static Json date(double milliseconds);
    static Json array() { return Json{JsonArray{}}; }
    static Json object() { return Json{JsonObject{}}; }

    Kind kind() const { return static_cast<Kind>(value_.index()); }
    bool is_undefined() const { return kind() == Kind::undefined; }
    bool is_null() const { return kind() == Kind::null; }
    bool is_nothing() const { return is_undefined() || is_null(); }
    bool is_boolean() const { return kind() == Kind::boolean; }
    bool is_number() const { return kind() == Kind::number; }
    bool is_date() const { return kind() == Kind::date; }
    bool is_string() const { return kind() == Kind::string; }
    bool is_array() const { return kind() == Kind::array; }
    bool is_object() const { return kind() == Kind::object; }

    /// The value as that type. Asking for a type it has not is a mistake of ours: std::bad_variant_access.
    bool as_boolean() const { return std::get<bool>(value_); }
    double as_number() const { return std::get<double>(value_); }
    double as_date() const { return std::get<Date>(value_).milliseconds; }
    std::string const& as_string() const { return std::get<std::string>(value_); }
    std::string& as_string() { return std::get<std::string>(value_); }
    JsonArray const& as_array() const { return std::get<JsonArray>(value_); }
    JsonArray& as_array() { return std::get<JsonArray>(value_); }
    JsonObject const& as_object() const { return std::get<JsonObject>(value_); }
    JsonObject& as_object() { return std::get<JsonObject>(value_); }

    /// The member `name` of an object; `undefined` if this is no object or has no such member.
    Json const& operator[](std::string_view name) const;

    /// The member `name` of an object, added if absent; this must be an object.
    Json& operator[](std::string_view name) { return as_object()[name]; }

    /// Equal in kind and content; NaN equals NaN.
    bool operator==(Json const& other) const;

private:
    struct Date {
        double milliseconds;
    };
    std::variant<std::monostate, std::nullptr_t, bool, double, Date, std::string, JsonArray, JsonObject> value_;
};

inline JsonObject::JsonObject() = default;
inline JsonObject::JsonObject(JsonObject&& other) noexcept = default;
inline JsonObject& JsonObject::operator=(JsonObject&& other) noexcept = default;
inline void JsonObject::append(std::string name, Json value) {
    members_.emplace_back(std::move(name), std::move(value));
}
inline bool JsonObject::empty() const { return members_.empty(); }
inline std::size_t JsonObject::size() const { return members_.size(); }
inline JsonObject::Members::const_iterator JsonObject::begin() const { return members_.begin(); }
inline JsonObject::Members::const_iterator JsonObject::end() const { return members_.end(); }
inline JsonObject::Members::iterator JsonObject::begin() { return members_.begin(); }
inline JsonObject::Members::iterator JsonObject::end() { return members_.end(); }

/// What parse_json refuses beyond RFC 8259's grammar.
struct JsonLimits {
    enum class Duplicates : std::uint8_t { refuse, last_wins };

    int max_depth = 32;           ///< Nested arrays and objects; 1 is a flat one.
    std::size_t max_keys = 1000;  ///< Members of all objects together.
    Duplicates duplicates = Duplicates::refuse;
};

/// Why a text is not JSON, and where.
class JsonError : public std::runtime_error {
public:
    JsonError(std::string const& what, int line, int column);
    int line() const { return line_; }      ///< From 1.
    int column() const { return column_; }  ///< From 1, in bytes.

private:
    int line_;
    int column_;
};

/// Reads one JSON text (RFC 8259). Numbers are read exactly; invalid UTF-8, lone surrogates, numbers beyond
/// a double, a byte order mark and anything after the value are refused.
///
/// Throws JsonError. Safe on any thread.
Json parse_json(std::string_view text, JsonLimits const& limits = {});

/// Writes a value as JSON.stringify does (ECMA-262 section 25.5.2): undefined members are left out, undefined
/// elements and non-finite numbers become null, dates are ISO 8601 in UTC with milliseconds.
std::string to_text(Json const& value);
void append_text(std::string& out, Json const& value);

/// Appends one number in JavaScript's form (ECMA-262 section 6.1.6.1.20); non-finite ones as null.
void append_number(std::string& out, double value);

/// Appends a JSON string with its quotes; `text` is UTF-8, broken bytes become U+FFFD.
void append_string(std::string& out, std::string_view text);

/// Appends `milliseconds` since the Unix epoch as "2015-06-01T10:00:00.000Z", without quotes.
void append_iso_date(std::string& out, double milliseconds);

/// The text JavaScript's String(value) gives: "[object Object]", "p,q", "1.5", "null".
std::string to_display(Json const& value);

/// The number JavaScript's Number(value) gives; NaN where there is none (ECMA-262 section 7.1.4).
double to_number(Json const& value);

/// Whether JavaScript takes the value for true (ECMA-262 section 7.1.2).
bool is_truthy(Json const& value);

/// The time a text names, as JavaScript's Date.parse in the UTC time zone reads ISO 8601 forms
/// (ECMA-262 section 21.4.1.32), and common others such as "2015/06/01" and "Jun 1, 2015"; NaN if none.
double parse_date(std::string_view text);

}  // namespace sallyport
