#include "explorer/openapi_parts.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sallyport::explorer {
namespace {

using In = Parameter::In;

JsonObject text(char const* description) { return {{"type", "string"}, {"description", description}}; }
JsonObject count(char const* description) {
    return {{"type", "integer"}, {"minimum", 0}, {"description", description}};
}

JsonObject password() {
    return {{"type", "string"}, {"format", "password"}, {"description", "The account's password."}};
}

JsonObject body(JsonObject members, std::initializer_list<char const*> required) {
    JsonObject schema{{"type", "object"}, {"properties", std::move(members)}};
    if (required.size() > 0) schema.append("required", JsonArray{required.begin(), required.end()});
    return schema;
}

JsonObject in_query(char const* name, char const* description, JsonObject schema) {
    // The page fills it in for whoever tries a call out: with nothing, not with one of everything.
    JsonObject media{{"schema", std::move(schema)}, {"example", Json::object()}};
    return {{"name", name},
            {"in", "query"},
            {"description", description},
            {"required", false},
            {"content", JsonObject{{"application/json", std::move(media)}}}};
}

JsonObject filter_schema() {
    Json const names = JsonObject{{"type", "array"}, {"items", JsonObject{{"type", "string"}}}};
    auto const one_or_many = [&](char const* description) {
        return JsonObject{{"oneOf", JsonArray{JsonObject{{"type", "string"}}, names}}, {"description", description}};
    };
    JsonObject members{
        {"where", JsonObject{{"type", "object"}, {"description", "A condition, as in {\"size\": {\"gt\": 3}}."}}},
        {"order", one_or_many("\"size DESC\", or several such.")},
        {"limit", count("How many records at most.")},
        {"skip", count("How many records to leave out at the start.")},
        {"fields", JsonObject{{"description", "Names of properties, or {\"name\": true}."}}},
        {"include", JsonObject{{"description", "Relations whose records come along: a name, or a list."}}}};
    return {{"type", "object"}, {"properties", std::move(members)}};
}

struct ErrorText {
    char const* status;
    char const* name;
    char const* text;
};

constexpr std::array error_texts{
    ErrorText{"400", "BadRequest", "Something that was sent is missing or not of its type."},
    ErrorText{"401", "Unauthorized", "A login is needed, or the one that was tried failed."},
    ErrorText{"403", "Forbidden", "The access rules do not let this caller do this."},
    ErrorText{"404", "NotFound", "There is no such record."},
    ErrorText{"422", "Unprocessable", "The record is not valid; details.messages says why, by property."},
    ErrorText{"429", "TooManyRequests", "Too many tries: Retry-After says how many seconds to wait."},
    ErrorText{"default", "OtherError", "Any other error, in the same shape."},
};

bool is_limited(std::string_view method) {
    constexpr std::array limited{"login", "requestCode", "loginWithCode", "resetPassword"};
    return std::ranges::find(limited, method) != limited.end();
}

bool may_answer(Operation const& operation, std::string_view status) {
    auto const& parameters = operation.parameters;
    auto const writes = std::ranges::any_of(parameters, [](auto const& one) { return !one.record.empty(); });
    if (status == "400") return !parameters.empty();
    if (status == "403") return !is_limited(operation.method->name);
    if (status == "404") return operation.path.contains('{');
    if (status == "422") return writes;
    if (status == "429") return is_limited(operation.method->name);
    return true;
}

}  // namespace

Json json_content(Json schema) { return JsonObject{{"application/json", JsonObject{{"schema", std::move(schema)}}}}; }

JsonObject const& shared_parameters() {
    static JsonObject const parameters{
        {"filter", in_query("filter", "Which records, in which order, how much of each.", filter_schema())},
        {"where", in_query("where", "A condition on the records.", JsonObject{{"type", "object"}})}};
    return parameters;
}

JsonObject shared_responses() {
    Json const content = json_content(JsonObject{{"$ref", std::string{"#/components/schemas/"} + error_name}});
    JsonObject responses;
    for (auto const& error : error_texts) {
        JsonObject response{{"description", error.text}, {"content", content}};
        if (std::string_view{error.status} == "429")
            response.append("headers", JsonObject{{"Retry-After", JsonObject{{"schema", count("Seconds.")}}}});
        responses.append(error.name, std::move(response));
    }
    return responses;
}

JsonObject security_schemes() {
    return {{token_scheme, JsonObject{{"type", "apiKey"},
                                      {"in", "header"},
                                      {"name", "Authorization"},
                                      {"description", "The `id` of an access token, as a login gives it."}}}};
}

Json error_schema() {
    JsonObject error{{"statusCode", JsonObject{{"type", "integer"}}},
                     {"name", text("The kind of error, as in ValidationError.")},
                     {"message", text("What is wrong, for people.")},
                     {"code", text("What is wrong, for programs, as in LOGIN_FAILED.")},
                     {"details", JsonObject{{"description", "More, where there is more to say."}}}};
    return body({{"error", body(std::move(error), {"statusCode", "message"})}}, {"error"});
}

void add_errors(Operation const& operation, JsonObject& responses) {
    for (auto const& error : error_texts) {
        if (!may_answer(operation, error.status)) continue;
        responses.append(error.status, JsonObject{{"$ref", std::string{"#/components/responses/"} + error.name}});
    }
}

Json account_body(std::string_view method) {
    if (method == "login") {
        return body({{"email", text("The account's email, or")},
                     {"username", text("its name.")},
                     {"password", password()},
                     {"ttl", count("How many seconds the token should live.")}},
                    {"password"});
    }
    if (method == "requestCode") {
        return body({{"email", text("The account's email.")},
                     {"password", password()},
                     {"channel", text("How to send the code; the account's usual way unless given.")}},
                    {"email", "password"});
    }
    if (method == "loginWithCode") {
        return body({{"email", text("The account's email.")},
                     {"twofactor", text("The code.")},
                     {"challenge", text("The challenge that requestCode answered with.")},
                     {"trustDevice",
                      Json{JsonObject{
                          {"type", "boolean"},
                          {"description",
                           "Whether this device may skip the code from now on, where the model has `trustDays`."}}}}},
                    {"email", "twofactor"});
    }
    if (method == "resetPassword") return body({{"email", text("The account's email.")}}, {"email"});
    return {};
}

bool gives_token(ReturnSpec const& value) {
    return value.root && value.name == "accessToken" && value.type == TypeName{"object", false};
}

}  // namespace sallyport::explorer
