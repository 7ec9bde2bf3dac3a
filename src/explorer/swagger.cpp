#include "explorer/swagger.hpp"

#include "explorer/schemas.hpp"

#include <utility>

namespace sallyport::explorer {
namespace {

using In = Parameter::In;

JsonArray list_of(std::initializer_list<char const*> texts) { return {texts.begin(), texts.end()}; }

Json list_or(Json const& given, std::initializer_list<char const*> otherwise) {
    return given.is_array() ? given : Json{list_of(otherwise)};
}

char const* place_name(In in) {
    switch (in) {
        case In::path:
            return "path";
        case In::header:
            return "header";
        case In::form:
            return "formData";
        case In::body:
            return "body";
        case In::query:
            break;
    }
    return "query";
}

bool is_simple(std::string const& type) {
    return type == "string" || type == "number" || type == "integer" || type == "boolean" || type == "date";
}

// What is not in the body has a simple type: other values are sent as JSON in a text.
void add_type(JsonObject& parameter, TypeName const& type, Schemas& schemas) {
    if (!is_simple(type.name) || type.is_array) {
        parameter.set("type", "string");
        parameter.set("format", "JSON");
        return;
    }
    auto const schema = schemas.of(type);
    for (auto const& [name, value] : schema.as_object()) parameter.set(name, value);
}

Json body_schema(Parameter const& parameter, Schemas& schemas) {
    JsonObject schema;
    if (!parameter.description.empty()) schema.append("description", parameter.description);
    auto const found = parameter.record.empty() ? schemas.of(parameter.type) : schemas.record(parameter.record);
    for (auto const& [name, value] : found.as_object()) schema.set(name, value);
    return schema;
}

Json parameter_of(Parameter const& parameter, Schemas& schemas) {
    JsonObject written{{"name", parameter.name}, {"in", place_name(parameter.in)}};
    if (!parameter.description.empty()) written.append("description", parameter.description);
    written.append("required", parameter.is_required);
    if (parameter.in == In::body) {
        written.append("schema", body_schema(parameter, schemas));
        return written;
    }
    add_type(written, parameter.type, schemas);
    auto const fits = is_simple(parameter.type.name) && !parameter.type.is_array;
    if (fits && !parameter.default_value.is_nothing()) written.set("default", parameter.default_value);
    return written;
}

Json described(Json schema, std::string const& description) {
    if (description.empty() || schema.as_object().contains("$ref")) return schema;
    JsonObject result{{"description", description}};
    for (auto& [name, value] : schema.as_object()) result.set(name, std::move(value));
    return result;
}

// The schema of a success; undefined where its body is empty.
Json result_schema(MethodSpec const& method, Schemas& schemas) {
    JsonObject members;
    for (auto const& value : method.returns) {
        if (value.type.name == "ReadableStream") return JsonObject{{"type", "file"}};
        if (value.root) return described(schemas.of_return(method, value), value.description);
        if (value.target != ReturnSpec::Target::body || !value.documented) continue;
        members.set(value.name, described(schemas.of(value.type), value.description));
    }
    if (members.empty()) return {};
    return JsonObject{{"type", "object"}, {"properties", std::move(members)}};
}

Json responses_of(MethodSpec const& method, Schemas& schemas) {
    JsonObject success{{"description", "Request was successful"}};
    auto schema = result_schema(method, schemas);
    auto const status = method.status != 0 ? method.status : schema.is_undefined() ? 204 : 200;
    if (!schema.is_undefined()) success.append("schema", std::move(schema));
    JsonObject responses{{std::to_string(status), std::move(success)}};
    if (method.error_status != 0)
        responses.set(std::to_string(method.error_status), JsonObject{{"description", "Unknown error"}});
    return responses;
}

Json operation_of(Operation const& operation, Schemas& schemas) {
    JsonArray parameters;
    for (auto const& parameter : operation.parameters) parameters.push_back(parameter_of(parameter, schemas));
    return JsonObject{{"tags", JsonArray{operation.model->name}},
                      {"summary", operation.method->description},
                      {"operationId", operation.id},
                      {"parameters", std::move(parameters)},
                      {"responses", responses_of(*operation.method, schemas)},
                      {"deprecated", false}};
}

void add_frame(JsonObject& document, Options const& options) {
    document.append("swagger", "2.0");
    document.append("info", options.info);
    if (!options.host.empty()) document.append("host", options.host);
    if (!options.protocol.empty()) document.append("schemes", JsonArray{options.protocol});
    document.append("basePath", options.base_path);
    document.append("consumes", list_or(options.consumes, {"application/json", "application/x-www-form-urlencoded",
                                                           "application/xml", "text/xml"}));
    document.append("produces", list_or(options.produces, {"application/json", "application/xml", "text/xml",
                                                           "application/javascript", "text/javascript"}));
}

}  // namespace

Json swagger_document(std::vector<Operation> const& operations, definition::Registry const& models,
                      Options const& options) {
    Schemas schemas{models, Dialect::swagger};
    schemas.of({"any", false});  // LoopBack defines it whether it is used or not.
    JsonObject paths;
    for (auto const& operation : operations) {
        auto& path = paths[operation.path];
        if (path.is_undefined()) path = Json::object();
        path.as_object().set(operation.verb, operation_of(operation, schemas));
    }
    JsonObject document;
    add_frame(document, options);
    document.append("tags", tags_of(operations));
    document.append("paths", std::move(paths));
    document.append("definitions", schemas.definitions());
    document.append(
        "securityDefinitions",
        JsonObject{{"accessToken", JsonObject{{"type", "apiKey"},
                                              {"in", "header"},
                                              {"name", "Authorization"},
                                              {"description", "The id of an access token, as login gives it."}}}});
    return document;
}

}  // namespace sallyport::explorer
