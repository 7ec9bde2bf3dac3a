#include "rest/reply.hpp"

#include "rest/negotiation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::rest {
namespace {

constexpr std::string_view json_type = "application/json; charset=utf-8";

struct Phrase {
    int status;
    std::string_view text;
};

constexpr std::array phrases{
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{406, "Not Acceptable"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{411, "Length Required"},
    Phrase{413, "Payload Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{418, "I'm a teapot"},
    Phrase{422, "Unprocessable Entity"},
    Phrase{423, "Locked"},
    Phrase{428, "Precondition Required"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Time-out"},
    Phrase{505, "HTTP Version not Supported"},
    Phrase{506, "Variant Also Negotiates"},
    Phrase{507, "Insufficient Storage"},
    Phrase{508, "Loop Detected"},
    Phrase{510, "Not Extended"},
    Phrase{511, "Network Authentication Required"},
};

bool is_several_failures(Error const& error) { return error.status == 500 && error.details.is_array(); }

int status_of(Error const& error) { return error.status >= 400 && error.status <= 599 ? error.status : 500; }

JsonObject members_of(Error const& error) {
    JsonObject members{{"name", error.name}, {"message", error.message}};
    if (!error.code.empty()) members.append("code", error.code);
    if (!error.details.is_undefined()) members.append("details", error.details);
    return members;
}

JsonObject shown(Error const& error, ErrorForm const& form) {
    auto const status = status_of(error);
    JsonObject shown{{"statusCode", Json{status}}};
    if (is_several_failures(error)) {
        shown.append("message", "Failed with multiple errors, see `details` for more information.");
        shown.append("details", error.details);
        return shown;
    }
    auto const is_told = status < 500 || form.candour == Candour::open;
    if (!is_told) shown.append("message", Json{reason_phrase(status)});
    for (auto& [name, value] : members_of(error)) {
        if (is_told || std::ranges::find(form.safe_fields, name) != form.safe_fields.end())
            shown.set(name, std::move(value));
    }
    return shown;
}

std::string escaped(std::string_view text) {
    std::string result;
    for (auto const c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string page(JsonObject const& error) {
    auto const text = [&](std::string_view name) {
        auto const* value = error.find(name);
        if (value == nullptr) return std::string{};
        return escaped(value->is_string() ? value->as_string() : to_text(*value));
    };
    auto const status = text("statusCode");
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{0} {1}</title>\n</head>\n<body>\n"
        "<h1>{0}</h1>\n<p>{1}</p>\n",
        status, text("message"));
    if (auto const code = text("code"); !code.empty()) html += fmt::format("<p><code>{}</code></p>\n", code);
    if (auto const details = text("details"); !details.empty()) html += fmt::format("<pre>{}</pre>\n", details);
    return html + "</body>\n</html>\n";
}

Json rooted(JsonObject error, std::string const& root) {
    if (root.empty()) return error;
    return JsonObject{{root, std::move(error)}};
}

Response reply(Error const& error, ErrorForm const& form, bool as_page) {
    auto object = shown(error, form);
    Response response;
    response.status = status_of(error);
    response.set_header("Content-Type", as_page ? "text/html; charset=utf-8" : std::string{json_type});
    response.set_header("X-Content-Type-Options", "nosniff");
    if (error.retry_after_seconds > 0) response.set_header("Retry-After", std::to_string(error.retry_after_seconds));
    response.body = as_page ? page(object) : to_text(rooted(std::move(object), form.root));
    return response;
}

ReturnSpec const* root_of(MethodSpec const& method) {
    auto const found = std::ranges::find(method.returns, true, &ReturnSpec::root);
    return found == method.returns.end() ? nullptr : &*found;
}

// The value of one return: a method with only one gives it as it is, one with several an object by their names. It is
// part of `result`.
Json const& value_of(ReturnSpec const& spec, MethodSpec const& method, Json const& result) {
    static Json const absent;
    if (method.returns.size() == 1) return result;  // NOLINT(bugprone-return-const-ref-from-parameter)
    return result.is_object() ? result[spec.name] : absent;
}

void add_header(Response& response, ReturnSpec const& spec, Json const& value) {
    if (value.is_nothing()) return;
    auto text = value.is_string() ? value.as_string() : to_text(value);
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 && c != '\t'; }))
        throw Error{500, "A header value holds a control character."};
    response.set_header(spec.header.empty() ? spec.name : spec.header, std::move(text));
}

// What goes beside the body: a status, headers.
void add_outside(Response& response, MethodSpec const& method, Json const& result) {
    for (auto const& spec : method.returns) {
        auto const& value = value_of(spec, method, result);
        if (spec.target == ReturnSpec::Target::header) add_header(response, spec, value);
        if (spec.target != ReturnSpec::Target::status || !value.is_number()) continue;
        auto const status = value.as_number();
        if (status >= 200 && status <= 599) response.status = static_cast<int>(status);
    }
}

std::string named_body(MethodSpec const& method, Json const& result) {
    std::string body = "{";
    for (auto const& spec : method.returns) {
        if (spec.target != ReturnSpec::Target::body) continue;
        auto const& value = value_of(spec, method, result);
        if (value.is_undefined()) continue;
        if (body.size() > 1) body += ',';
        append_string(body, spec.name);
        body += ':';
        append_text(body, value);
    }
    return body + "}";
}

// A text becomes the whole body, or the one named member of it.
std::string text_body(MethodSpec const& method, std::string text) {
    if (root_of(method) != nullptr || method.returns.empty()) return text;
    std::string body = "{";
    append_string(body, method.returns.front().name);
    return body + ":" + std::move(text) + "}";
}

struct Content {
    bool is_there = true;
    std::string text;
};

Content content_of(MethodSpec const& method, Json const& result) {
    if (method.returns.empty()) return {.is_there = false, .text = {}};
    auto const* root = root_of(method);
    if (root == nullptr) return {.is_there = true, .text = named_body(method, result)};
    auto const& value = value_of(*root, method, result);
    if (value.is_undefined()) return {.is_there = false, .text = {}};
    if (root->type.name == "file" && value.is_string()) return {.is_there = true, .text = value.as_string()};
    return {.is_there = true, .text = to_text(value)};
}

void set_content(Response& response, Request const& request, std::string text) {
    auto const type = result_type(request);
    if (type == ResultType::none) {
        response.status = 406;
        response.set_header("Content-Type", "text/plain; charset=utf-8");
        response.body = "Not Acceptable";
        return;
    }
    if (response.header("Content-Type").empty())
        response.set_header("Content-Type", type == ResultType::json_api ? "application/vnd.api+json; charset=utf-8"
                                                                         : std::string{json_type});
    response.body = std::move(text);
}

}  // namespace

std::string_view reason_phrase(int status) {
    auto const found = std::ranges::find(phrases, status, &Phrase::status);
    return found == phrases.end() ? "Unknown Error" : found->text;
}

Response error_reply(Error const& error, Request const& request, ErrorForm const& form) {
    return reply(error, form, prefers_html(request, form));
}

Response error_reply(Error const& error) { return reply(error, {}, false); }

Response json_reply(int status, std::string body) {
    Response response;
    response.status = status;
    response.set_header("Content-Type", std::string{json_type});
    response.body = std::move(body);
    return response;
}

Response result_reply(Invocation& call) {
    auto const& method = call.method;
    Response response;
    response.headers = std::move(call.response_headers);
    if (auto* text = std::get_if<JsonText>(&call.result)) {
        set_content(response, call.request, text_body(method, std::move(text->text)));
    } else if (auto* stream = std::get_if<Producer>(&call.result)) {
        if (response.header("Content-Type").empty()) response.set_header("Content-Type", std::string{json_type});
        response.body = std::move(*stream);
    } else {
        static Json const nothing;
        auto const* value = std::get_if<Json>(&call.result);
        add_outside(response, method, value == nullptr ? nothing : *value);
        auto content = content_of(method, value == nullptr ? nothing : *value);
        if (content.is_there) {
            set_content(response, call.request, std::move(content.text));
        } else if (response.status == 200) {
            response.status = 204;
        }
    }
    if (response.status == 406) return response;
    if (method.status != 0) response.status = method.status;
    if (call.status != 0) response.status = call.status;
    return response;
}

}  // namespace sallyport::rest
