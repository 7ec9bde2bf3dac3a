#include "http/request_reader.hpp"

#include "http/header_text.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

// Beast splits lines, finds where bodies end and undoes chunking. It is lenient in places, so each header that decides
// about framing or routing is looked at again here.

namespace sallyport::http {
namespace {

namespace beast = boost::beast;
using Field = beast::http::field;
using Code = beast::error_code;

constexpr std::size_t largest_chunk_line = 4096;         // bytes
constexpr std::size_t least_last_chunk = 5;              // "0\r\n\r\n"; the parser counts on seeing it in one go
constexpr std::size_t largest_chunk_extensions = 16384;  // bytes, of one body
constexpr std::size_t first_body_reserve = 65536;        // bytes; a claim alone gets no more memory than this
constexpr std::size_t kept_body_capacity = 65536;        // bytes kept for the next request of the connection

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// uri-host [ ":" port ] (RFC 9110 section 7.2), by its characters; empty is allowed.
bool is_host(std::string_view text) {
    return text.find_first_of("/\\?#@ \t,\"<>^`{|}") == std::string_view::npos &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

class RequestReader::Parser final : public beast::http::basic_parser<true> {
public:
    explicit Parser(Request& request) : request_{request} {
        header_limit(std::numeric_limits<std::uint32_t>::max());  // HeadScan has measured it.
        body_limit(boost::none);                                  // Counted below, in one place for both framings.
        request_.verb.clear();
        request_.target.clear();
        request_.body.clear();
        if (request_.body.capacity() > kept_body_capacity) request_.body.shrink_to_fit();
    }

    Fault fault() const { return fault_; }
    bool is_http_1_0() const { return version_ < 11; }
    bool expects_continue() const { return expects_continue_; }
    void limit_body(std::size_t bytes) { limit_ = bytes; }

private:
    void refuse(Code& code, int status, std::string_view why) {
        fault_ = {status, why};
        code = beast::http::error::bad_value;
    }

    void on_request_impl(beast::http::verb, beast::string_view verb, beast::string_view target, int version,
                         Code&) override {
        version_ = version;
        request_.verb.assign(verb.data(), verb.size());
        request_.target.assign(target.data(), target.size());
    }

    void on_field_impl(Field field, beast::string_view name, beast::string_view value, Code& code) override {
        if (is_header_done()) return refuse(code, 400, "Trailers are not supported");
        check(field, {value.data(), value.size()}, code);
        if (count_ == request_.headers.size()) request_.headers.emplace_back();
        auto& header = request_.headers[count_++];
        header.first.assign(name.data(), name.size());
        header.second.assign(value.data(), value.size());
        if (field == Field::host) host_ = count_ - 1;
    }

    void check(Field field, std::string_view value, Code& code) {
        switch (field) {
            case Field::host:
                if (host_) return refuse(code, 400, "More than one Host");
                if (!is_host(value)) return refuse(code, 400, "Host is not a host");
                break;
            case Field::content_length:
                if (++lengths_ > 1 || !is_number(value)) return refuse(code, 400, "Content-Length is not one number");
                break;
            case Field::transfer_encoding:
                if (++encodings_ > 1 || !same_name(value, "chunked") || is_http_1_0()) {
                    return refuse(code, 400, "Transfer-Encoding is not chunked");
                }
                break;
            case Field::expect:
                expects_continue_ = !is_http_1_0() && same_name(value, "100-continue");
                break;
            default:
                break;
        }
    }

    void on_header_impl(Code& code) override {
        request_.headers.resize(count_);
        if (!host_ && !is_http_1_0()) return refuse(code, 400, "Host is missing");
        if (!route_by_target()) refuse(code, 400, "Request target is neither a path nor an http URL");
    }

    /// An absolute target names the host itself, whatever the Host header says (RFC 9112 section 3.2.2).
    bool route_by_target() {
        auto& target = request_.target;
        if (target.find('#') != std::string::npos) return false;
        if (target.starts_with('/') || request_.verb == "CONNECT") return true;
        if (target == "*") return request_.verb == "OPTIONS";
        auto const mark = target.find("://");
        if (mark == std::string::npos) return false;
        std::string_view const scheme = std::string_view{target}.substr(0, mark);
        if (!same_name(scheme, "http") && !same_name(scheme, "https")) return false;

        auto const end = std::min(target.find_first_of("/?", mark + 3), target.size());
        auto const authority = target.substr(mark + 3, end - mark - 3);
        if (authority.empty() || !is_host(authority)) return false;
        target.erase(0, end);
        if (!target.starts_with('/')) target.insert(0, 1, '/');
        if (host_) {
            request_.headers[*host_].second = authority;
        } else {
            request_.headers.emplace_back("Host", authority);
        }
        return true;
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const& length, Code&) override {
        if (length) request_.body.reserve(std::min<std::uint64_t>(*length, first_body_reserve));
    }

    std::size_t on_body_impl(beast::string_view bytes, Code&) override {
        request_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions, Code& code) override {
        extension_bytes_ += extensions.size();
        if (extension_bytes_ > largest_chunk_extensions) return refuse(code, 400, "Chunk extensions too long");
        auto const is_control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
        if (std::ranges::any_of(extensions, is_control)) return refuse(code, 400, "Control character in a chunk");
        if (size > limit_ - request_.body.size()) return refuse(code, 413, "Request body too large");
    }

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code&) override {
        request_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_response_impl(int, beast::string_view, int, Code&) override {}
    void on_finish_impl(Code&) override {}

    Request& request_;
    Fault fault_;
    std::size_t count_ = 0;            ///< Headers read; the request may still hold more from the one before.
    std::optional<std::size_t> host_;  ///< Its index.
    int lengths_ = 0;
    int encodings_ = 0;
    int version_ = 11;
    bool expects_continue_ = false;
    std::size_t limit_ = std::numeric_limits<std::size_t>::max();
    std::size_t extension_bytes_ = 0;
};

RequestReader::RequestReader(HeadLimits limits, Request& request) : limits_{limits}, request_{request}, scan_{limits} {
    restart();
}

RequestReader::~RequestReader() = default;

void RequestReader::restart() {
    scan_ = HeadScan{limits_};
    parser_ = std::make_unique<Parser>(request_);
    stage_ = Stage::head;
    has_head_ = false;
    fault_ = {};
}

void RequestReader::refuse(Fault fault) {
    fault_ = fault.status != 0 ? fault : Fault{400, "Malformed request"};
    stage_ = Stage::refused;
}

std::size_t RequestReader::take(std::string_view bytes) {
    return stage_ == Stage::head ? take_head(bytes) : stage_ == Stage::body ? take_body(bytes) : 0;
}

std::size_t RequestReader::take_head(std::string_view bytes) {
    if (bytes.starts_with("\r\n") && scan_.length() == 0) {  // An empty line before a request (RFC 9112 section 2.2)
        scan_ = HeadScan{limits_};
        return 2;
    }
    // What speaks TLS to this port would send a long first line; there is no need to wait for it.
    if (!bytes.empty() && bytes.front() >= 0 && bytes.front() < '\n') return refuse({400, "This is no HTTP"}), 0;
    if (!bytes.empty() && bytes.front() == '\x16') return refuse({400, "TLS on a port for plain HTTP"}), 0;
    auto const verdict = scan_.scan(bytes);
    if (verdict == HeadScan::Verdict::unfinished) return 0;
    if (verdict == HeadScan::Verdict::refused) return refuse(scan_.fault()), 0;

    Code code;
    auto const taken = parser_->put({bytes.data(), scan_.length()}, code);
    if (code || taken != scan_.length()) {
        refuse(parser_->fault());
    } else {
        stage_ = parser_->is_done() ? Stage::complete : Stage::body;
        has_head_ = true;
    }
    return taken;
}

std::size_t RequestReader::take_body(std::string_view bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size() && stage_ == Stage::body) {
        Code code;
        auto const rest = bytes.substr(taken);
        if (parser_->chunked() && rest.size() < least_last_chunk && rest.starts_with('0')) break;
        auto const step = parser_->put({rest.data(), rest.size()}, code);
        taken += step;
        if (code == beast::http::error::need_more) {
            if (rest.size() - step > largest_chunk_line) refuse({400, "Chunk header too long"});
            break;
        }
        if (code) return refuse(parser_->fault()), taken;
        if (parser_->is_done()) stage_ = Stage::complete;
    }
    return taken;
}

void RequestReader::limit_body(std::size_t bytes) {
    if (stage_ != Stage::body) return;
    auto const length = parser_->content_length();
    if (length && *length > bytes) return refuse({413, "Request body too large"});
    parser_->limit_body(bytes);
}

bool RequestReader::keeps_alive() const { return parser_->keep_alive(); }
bool RequestReader::is_http_1_0() const { return parser_->is_http_1_0(); }
bool RequestReader::expects_continue() const { return parser_->expects_continue(); }

}  // namespace sallyport::http
