// Method: what a URL does. The words for declaring one, and what its body is given.

#pragma once

#include "sallyport/caller.hpp"
#include "sallyport/error.hpp"
#include "sallyport/json.hpp"
#include "sallyport/request.hpp"
#include "sallyport/task.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace sallyport {

class Model;

/// The type of an argument, a return or a property: LoopBack's names in lower case ("string", "number",
/// "integer", "boolean", "date", "object", "any", "geopoint", "buffer") or a model's name as it is.
struct TypeName {
    std::string name = "any";
    bool is_array = false;

    bool operator==(TypeName const&) const = default;
};

struct ArgumentSpec {
    /// `unspecified`: path if the route names it, else body, else query, else header. `options`: who asks, as
    /// LoopBack's "optionsFromRequest" says it: {accessToken, authorizedRoles: {name: true}}. `none`: nothing.
    enum class Source : std::uint8_t { unspecified, path, query, body, form, header, options, none };

    std::string name{};
    TypeName type{};
    bool required = false;
    Source source = Source::unspecified;
    Json default_value{};  ///< undefined for none
    std::string description{};
    bool allows_array = false;  ///< Of an object: an array of objects is taken too (LoopBack's allowArray).
};

struct ReturnSpec {
    enum class Target : std::uint8_t { body, header, status };

    std::string name{};
    TypeName type{};
    bool root = false;  ///< The value is the whole body, not a member of it.
    Target target = Target::body;
    std::string header{};  ///< Of Target::header; the name unless given.
    std::string description{};
    bool documented = true;  ///< false: in the answer, but not in its description.
};

struct RouteSpec {
    std::string verb = "POST";  ///< Upper case; "ALL" for any.
    std::string path;           ///< Below the model's path: "/:id/close".
};

/// Everything about a method but its body.
struct MethodSpec {
    std::string name;                  ///< "find", "prototype.close"
    std::vector<std::string> aliases;  ///< Other names for access rules and sharedMethods.
    bool is_static =
        true;  ///< false, as always for "prototype.": routes start with "/:id", the record is loaded first.
    std::vector<ArgumentSpec> accepts;
    std::vector<ReturnSpec> returns;
    std::vector<RouteSpec> http;             ///< Empty: POST /NAME.
    int status = 0;                          ///< Of success; 0: 200, or 204 without returns.
    int error_status = 0;                    ///< Of errors without one of their own; 0: 500.
    std::string access_type;                 ///< "READ", "WRITE", "EXECUTE"; "" to derive it (LoopBack's table).
    std::vector<std::string> access_scopes;  ///< Empty: {"DEFAULT"}.
    std::string description;
    bool documented = true;
    bool shared = true;          ///< false: no route.
    std::size_t body_limit = 0;  ///< Bytes of a request's body, if less than the usual; 0: the usual. Over it: 413.
    /// Which argument names the record that $owner is asked about, where the path has no :id: an id, or a record that
    /// has one. Where the method has no such argument nobody is the owner.
    std::string record_argument = "id";

    /// The name without "prototype.".
    std::string_view short_name() const;
};

/// JSON that is text already; goes into the reply as it is.
struct JsonText {
    std::string text;
};

/// What a method gives back: nothing; a value (with several returns, an object by their names); text; a stream.
using Result = std::variant<std::monostate, Json, JsonText, Producer>;

/// A date argument; Json::date(time.time_since_epoch().count()) makes a value of it again.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// What Invocation::get() can give.
template <class Value>
concept ArgumentValue = std::is_arithmetic_v<Value> || std::same_as<Value, std::string> || std::same_as<Value, Time> ||
                        std::same_as<Value, JsonArray> || std::same_as<Value, JsonObject>;

/// One call of a method. Lives until the reply is made.
struct Invocation {
    Model& model;
    MethodSpec const& method;
    Caller const& caller;
    Request const& request;
    JsonObject arguments;      ///< By name, of their declared types; absent ones are not in it.
    Json id;                   ///< Of an instance method: the id in the path, of its type.
    Json instance;             ///< Of an instance method: the record; undefined where no one asked for it.
    Result result;             ///< For hooks that run after the body.
    int status = 0;            ///< Set it to change the status of success.
    Headers response_headers;  ///< Added to the reply.
    Error* error = nullptr;    ///< For hooks after an error: what will end the request; they may change it.

    /// The argument `name`; undefined if absent.
    Json const& argument(std::string_view name) const;

    /// The same as a bool, a number, std::string, Time, JsonArray or JsonObject; `otherwise` if it is absent or null.
    ///
    /// Arguments are of their declared types when a body runs: to ask for another type is a mistake of the program.
    template <ArgumentValue Value>
    Value get(std::string_view name, Value otherwise = {}) const {
        auto const& value = argument(name);
        if (value.is_nothing()) return otherwise;
        if constexpr (std::same_as<Value, bool>) {
            return value.as_boolean();
        } else if constexpr (std::same_as<Value, std::string>) {
            return value.as_string();
        } else if constexpr (std::same_as<Value, Time>) {
            return Time{std::chrono::milliseconds{static_cast<std::int64_t>(value.as_date())}};
        } else if constexpr (std::same_as<Value, JsonArray>) {
            return value.as_array();
        } else if constexpr (std::same_as<Value, JsonObject>) {
            return value.as_object();
        } else {
            return static_cast<Value>(value.as_number());
        }
    }
};

/// Does the work. Runs on an io thread: never block in it (see Pool). Throw Error to refuse.
using MethodBody = std::function<Task<Result>(Invocation&)>;

/// Runs before or after a body; throw Error to end the request.
using RemoteHook = std::function<Task<>(Invocation&)>;

}  // namespace sallyport
