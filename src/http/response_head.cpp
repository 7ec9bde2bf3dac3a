#include "http/response_head.hpp"

#include "http/header_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <initializer_list>

namespace sallyport::http {
namespace {

constexpr std::array<std::string_view, 5> own_headers = {"Connection", "Content-Length", "Date", "Keep-Alive",
                                                         "Transfer-Encoding"};

bool is_own(std::string_view name) {
    return std::ranges::any_of(own_headers, [&](auto own) { return same_name(own, name); });
}

bool is_control(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return ((byte < ' ') & (byte != '\t')) | (byte == 0x7f);
}

void append_all(std::string& out, std::initializer_list<std::string_view> parts) {
    for (auto const part : parts) out += part;
}

std::string_view text_of(fmt::format_int const& number) { return {number.data(), number.size()}; }

void append_safely(std::string& out, std::string_view text) {
    auto const start = static_cast<std::ptrdiff_t>(out.size());
    out += text;
    bool is_dirty = false;  // Without branches, so that the compiler looks at many bytes at once.
    for (char const c : text) is_dirty |= is_control(c);
    if (is_dirty) std::replace_if(out.begin() + start, out.end(), is_control, ' ');
}

std::optional<std::size_t> announced_length(Response const& response) {
    auto const text = response.header("Content-Length");
    std::size_t length = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return length;
}

}  // namespace

Framing framing_of(Response const& response, std::string_view verb, bool is_http_1_0) {
    using enum Framing::Kind;
    if (response.status < 200 || response.status == 204 || response.status == 304) return {};
    bool const is_head = verb == "HEAD";
    if (auto const* text = std::get_if<std::string>(&response.body)) {
        if (is_head && text->empty()) return {length, announced_length(response).value_or(0), false};
        return {length, text->size(), !is_head};
    }
    if (auto const announced = announced_length(response)) return {length, *announced, !is_head};
    return {is_http_1_0 ? until_close : chunked, 0, !is_head};
}

void append_head(std::string& out, Response const& response, Framing const& framing, std::string_view date_line,
                 std::string_view connection) {
    append_all(out,
               {"HTTP/1.1 ", text_of(fmt::format_int{response.status}), " ", reason_phrase(response.status), "\r\n"});
    for (auto const& [name, value] : response.headers) {
        if (is_own(name)) continue;
        append_safely(out, name);
        out += ": ";
        append_safely(out, value);
        out += "\r\n";
    }
    if (framing.kind == Framing::Kind::length) {
        append_all(out, {"Content-Length: ", text_of(fmt::format_int{framing.length}), "\r\n"});
    } else if (framing.kind == Framing::Kind::chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    }
    out += date_line;
    if (!connection.empty()) append_all(out, {"Connection: ", connection, "\r\n"});
    out += "\r\n";
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 100:
            return "Continue";
        case 101:
            return "Switching Protocols";
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 203:
            return "Non-Authoritative Information";
        case 204:
            return "No Content";
        case 205:
            return "Reset Content";
        case 206:
            return "Partial Content";
        case 207:
            return "Multi-Status";
        case 300:
            return "Multiple Choices";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 402:
            return "Payment Required";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 418:
            return "I'm a Teapot";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 423:
            return "Locked";
        case 424:
            return "Failed Dependency";
        case 425:
            return "Too Early";
        case 426:
            return "Upgrade Required";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 451:
            return "Unavailable For Legal Reasons";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        case 507:
            return "Insufficient Storage";
        default:
            return "";
    }
}

}  // namespace sallyport::http
