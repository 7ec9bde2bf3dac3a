#include "explorer/openapi.hpp"

#include "explorer/openapi_parts.hpp"
#include "explorer/schemas.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::explorer {
namespace {

using In = Parameter::In;

Json with_description(Json schema, std::string const& description) {
    if (!description.empty()) schema["description"] = description;
    return schema;
}

// Parameters
// ------------------------------------------------------------------------------------------------------------

char const* place_name(In in) { return in == In::path ? "path" : in == In::header ? "header" : "query"; }

// A filter or a condition is described once for all.
bool is_shared(Parameter const& parameter) {
    return parameter.in == In::query && parameter.type.name == "object" && !parameter.type.is_array &&
           shared_parameters().contains(parameter.name);
}

// An id is a number or a text, by the model; "me" and the like stand for one. In a path or a header both are text.
Json parameter_schema(Parameter const& parameter, Schemas& schemas) {
    auto type = parameter.type;
    if (type.name == "any") type.name = "string";
    auto schema = schemas.of(type);
    if (!parameter.default_value.is_nothing()) schema["default"] = parameter.default_value;
    return schema;
}

Json parameter_of(Parameter const& parameter, Schemas& schemas) {
    if (is_shared(parameter)) return JsonObject{{"$ref", "#/components/parameters/" + parameter.name}};
    JsonObject written{{"name", parameter.name}, {"in", place_name(parameter.in)}};
    if (!parameter.description.empty()) written.append("description", parameter.description);
    written.append("required", parameter.is_required);
    auto schema = parameter_schema(parameter, schemas);
    // Objects are sent as JSON in the text.
    auto const is_flat = schema["type"].is_string() && schema["type"] != Json{"object"};
    if (is_flat) {
        written.append("schema", std::move(schema));
    } else {
        written.append("content", json_content(std::move(schema)));
    }
    return written;
}

// Bodies
// ----------------------------------------------------------------------------------------------------------------

Form form_of(std::string const& method) {
    constexpr std::array whole{"create", "replaceOrCreate", "replaceById"};
    auto const makes = std::ranges::find(whole, method) != whole.end() || method.contains("__create__");
    return makes ? Form::fresh : Form::changes;
}

Json body_schema(Operation const& operation, Parameter const& parameter, Schemas& schemas) {
    if (!parameter.record.empty()) {
        auto one = schemas.record(parameter.record, form_of(operation.method->name));
        if (!parameter.allows_array) return one;
        auto many = JsonObject{{"type", "array"}, {"items", one}};
        return JsonObject{{"oneOf", JsonArray{std::move(one), std::move(many)}}};
    }
    if (operation.model->is("User")) {
        auto known = account_body(operation.method->name);
        if (!known.is_undefined()) return known;
    }
    return schemas.of(parameter.type);
}

// Values that no place is said for may come as JSON or as a form.
Json fields_body(Operation const& operation, Schemas& schemas) {
    JsonObject members;
    JsonArray required;
    for (auto const& parameter : operation.parameters) {
        if (parameter.in != In::form) continue;
        auto schema = schemas.of(parameter.type);
        if (!schema.as_object().contains("$ref")) schema = with_description(std::move(schema), parameter.description);
        members.append(parameter.name, std::move(schema));
        if (parameter.is_required) required.emplace_back(parameter.name);
    }
    auto const is_required = !required.empty();
    JsonObject schema{{"type", "object"}, {"properties", std::move(members)}};
    if (is_required) schema.append("required", std::move(required));
    JsonObject const media{{"schema", std::move(schema)}};
    return JsonObject{
        {"required", is_required},
        {"content", JsonObject{{"application/json", media}, {"application/x-www-form-urlencoded", media}}}};
}

// undefined for none
Json request_body(Operation const& operation, Schemas& schemas) {
    auto const body = std::ranges::find(operation.parameters, In::body, &Parameter::in);
    if (body != operation.parameters.end()) {
        JsonObject written;
        if (!body->description.empty()) written.append("description", body->description);
        written.append("required", body->is_required);
        written.append("content", json_content(body_schema(operation, *body, schemas)));
        return written;
    }
    return operation.has(In::form) ? fields_body(operation, schemas) : Json{};
}

// Answers
// ---------------------------------------------------------------------------------------------------------------

Json result_schema(Operation const& operation, Schemas& schemas) {
    JsonObject members;
    for (auto const& value : operation.method->returns) {
        auto schema = gives_token(value) ? schemas.record("AccessToken") : schemas.of_return(*operation.method, value);
        if (value.root) return schema;
        if (value.target == ReturnSpec::Target::body) members.set(value.name, std::move(schema));
    }
    if (members.empty()) return {};
    return JsonObject{{"type", "object"}, {"properties", std::move(members)}};
}

JsonObject headers_of(MethodSpec const& method, Schemas& schemas) {
    JsonObject headers;
    for (auto const& value : method.returns) {
        if (value.target != ReturnSpec::Target::header) continue;
        headers.set(value.header.empty() ? value.name : value.header, JsonObject{{"schema", schemas.of(value.type)}});
    }
    return headers;
}

std::string success_text(MethodSpec const& method, bool has_body) {
    for (auto const& value : method.returns) {
        if (value.root && !value.description.empty()) return value.description;
    }
    return has_body ? "It was done." : "It was done, and there is nothing to say.";
}

JsonObject responses_of(Operation const& operation, Schemas& schemas) {
    auto const& method = *operation.method;
    auto schema = result_schema(operation, schemas);
    auto const has_body = !schema.is_undefined() && operation.verb != "head";
    JsonObject success{{"description", success_text(method, has_body)}};
    if (auto headers = headers_of(method, schemas); !headers.empty()) success.append("headers", std::move(headers));
    if (has_body) success.append("content", json_content(std::move(schema)));
    auto const status = method.status != 0 ? method.status : method.returns.empty() ? 204 : 200;
    JsonObject responses{{std::to_string(status), std::move(success)}};
    add_errors(operation, responses);
    return responses;
}

Json operation_of(Operation const& operation, Schemas& schemas) {
    JsonObject written{{"tags", JsonArray{operation.model->name}}, {"operationId", operation.id}};
    if (!operation.method->description.empty()) written.append("summary", operation.method->description);
    JsonArray parameters;
    for (auto const& parameter : operation.parameters) {
        if (parameter.in != In::body && parameter.in != In::form)
            parameters.push_back(parameter_of(parameter, schemas));
    }
    if (!parameters.empty()) written.append("parameters", std::move(parameters));
    if (auto body = request_body(operation, schemas); !body.is_undefined())
        written.append("requestBody", std::move(body));
    written.append("responses", responses_of(operation, schemas));
    return written;
}

std::string server_of(Options const& options) {
    if (options.host.empty()) return options.base_path;
    return (options.protocol.empty() ? "http" : options.protocol) + "://" + options.host + options.base_path;
}

}  // namespace

Json openapi_document(std::vector<Operation> const& operations, definition::Registry const& models,
                      Options const& options) {
    Schemas schemas{models, Dialect::openapi};
    JsonObject paths;
    for (auto const& operation : operations) {
        auto& path = paths[operation.path];
        if (path.is_undefined()) path = Json::object();
        path.as_object().set(operation.verb, operation_of(operation, schemas));
    }
    auto definitions = schemas.definitions();
    definitions.set(error_name, error_schema());
    return JsonObject{{"openapi", "3.1.0"},
                      {"info", options.info},
                      {"servers", JsonArray{JsonObject{{"url", server_of(options)}}}},
                      // The token is for those who have one: what strangers may do is in the app's access rules.
                      {"security", JsonArray{JsonObject{{token_scheme, Json::array()}}, Json::object()}},
                      {"tags", tags_of(operations)},
                      {"paths", std::move(paths)},
                      {"components", JsonObject{{"schemas", std::move(definitions)},
                                                {"parameters", shared_parameters()},
                                                {"responses", shared_responses()},
                                                {"securitySchemes", security_schemes()}}}};
}

}  // namespace sallyport::explorer
