#include "http/static_files.hpp"

#include "http/conditional.hpp"
#include "http/gzip.hpp"
#include "http/header_text.hpp"
#include "http/http_date.hpp"

#include <fmt/format.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <utility>

namespace sallyport::http {
namespace {

constexpr std::size_t piece_bytes = 65536;
constexpr std::size_t most_at_once = 262144;  // bytes; a larger file is read piece by piece, as the client takes it

constexpr std::pair<std::string_view, std::string_view> types[] = {
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"gif", "image/gif"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/x-icon"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json; charset=utf-8"},
    {"map", "application/json; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xml", "application/xml"},
};

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        int const high = hex_digit(text[i + 1]);
        int const low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool is_safe_segment(std::string_view segment) {
    return !segment.empty() && !segment.starts_with('.') && std::ranges::none_of(segment, [](char c) {
        return (c >= 0 && c < ' ') || c == '\x7f' || c == '\\' || c == '/';
    });
}

Task<std::string> read_piece(std::shared_ptr<std::ifstream> file) {
    std::string piece(piece_bytes, '\0');
    file->read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(file->gcount()));
    co_return piece;
}

std::variant<std::string, Producer> content_of(std::filesystem::path const& path, std::size_t size) {
    auto file = std::make_shared<std::ifstream>(path, std::ios::binary);
    if (size > most_at_once) return Producer{[file] { return read_piece(file); }};
    std::string text(size, '\0');
    file->read(text.data(), static_cast<std::streamsize>(size));
    text.resize(static_cast<std::size_t>(file->gcount()));
    return text;
}

Response redirect_to_folder(std::string_view path) {
    return {301, {{"Location", std::string{path} + "/"}}, std::string{}};
}

/// A form of a file that was compressed before: FILE.br or FILE.gz.
struct Form {
    std::string_view coding;
    std::string_view ending;
};

constexpr Form forms[] = {{"br", ".br"}, {"gzip", ".gz"}};  // The smaller first.

}  // namespace

StaticFiles::StaticFiles(std::filesystem::path const& folder) {
    std::error_code error;
    folder_ = std::filesystem::canonical(folder, error);
    if (error) folder_.clear();
}

std::optional<std::filesystem::path> StaticFiles::locate(std::string_view path) const {
    auto const relative = relative_path(path);
    if (!relative || folder_.empty()) return std::nullopt;
    return inside(folder_ / *relative);
}

std::optional<std::filesystem::path> StaticFiles::inside(std::filesystem::path const& path) const {
    std::error_code error;
    auto real = std::filesystem::canonical(path, error);
    if (error) return std::nullopt;
    auto const [end, ignored] = std::ranges::mismatch(folder_, real);
    if (end != folder_.end()) return std::nullopt;  // A link led outside.
    return real;
}

StaticFiles::Compressed StaticFiles::compressed(std::filesystem::path& path, struct stat& facts,
                                                std::string_view accepted) const {
    auto const original = path.string();
    auto const changed = facts.st_mtim.tv_sec;
    Compressed chosen;
    for (auto const& form : forms) {
        auto other = inside(original + std::string{form.ending});
        struct stat its{};
        if (!other || stat(other->c_str(), &its) != 0 || !S_ISREG(its.st_mode)) continue;
        if (its.st_mtim.tv_sec < changed) continue;  // It shows what the file no longer says.
        chosen.is_there = true;
        if (!chosen.coding.empty() || !accepts_coding(accepted, form.coding)) continue;
        chosen.coding = form.coding;
        path = std::move(*other);
        facts = its;
    }
    return chosen;
}

std::optional<Response> StaticFiles::answer(Request const& request) const {
    if (request.verb != "GET" && request.verb != "HEAD") return std::nullopt;
    auto path = locate(request.path());
    if (!path) return std::nullopt;
    std::error_code unreadable;
    if (std::filesystem::is_directory(*path, unreadable)) {
        auto const index = locate(request.path().ends_with('/') ? std::string{request.path()} + "index.html"
                                                                : std::string{request.path()} + "/index.html");
        if (!index) return std::nullopt;
        if (!request.path().ends_with('/')) return redirect_to_folder(request.path());
        path = index;
    } else if (request.path().ends_with('/')) {
        return std::nullopt;
    }

    struct stat facts{};
    if (stat(path->c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
    auto const type = content_type_of(path->filename().string());
    auto const form = compressed(*path, facts, request.header("Accept-Encoding"));
    auto const size = static_cast<std::size_t>(facts.st_size);
    auto const milliseconds = facts.st_mtim.tv_sec * 1000 + facts.st_mtim.tv_nsec / 1000000;
    Response response{200,
                      {{"Content-Type", std::string{type}},
                       {"Cache-Control", "public, max-age=0"},
                       {"Last-Modified", http_date(facts.st_mtim.tv_sec)},
                       {"ETag", fmt::format("W/\"{:x}-{:x}\"", size, milliseconds)},
                       {"Content-Length", std::to_string(size)}},
                      std::string{}};
    if (form.is_there) response.set_header("Vary", "Accept-Encoding");
    if (!form.coding.empty()) {
        response.set_header("Content-Encoding", std::string{form.coding});
        response.set_header("ETag", fmt::format("W/\"{:x}-{:x}-{}\"", size, milliseconds, form.coding));
    }
    if (is_known_to_client(request, response)) {
        make_not_modified(response);
    } else if (request.verb == "GET") {
        response.body = content_of(*path, size);
    }
    return response;
}

std::string_view content_type_of(std::string_view name) {
    auto const extension = name.substr(std::min(name.rfind('.'), name.size() - 1) + 1);
    auto const* const found = std::ranges::find_if(types, [&](auto const& t) { return same_name(t.first, extension); });
    return found == std::end(types) ? "application/octet-stream" : found->second;
}

std::optional<std::string> relative_path(std::string_view path) {
    auto text = decoded(path);
    if (!text || !text->starts_with('/') || !simdjson::validate_utf8(*text)) return std::nullopt;
    text->erase(0, 1);
    // Split before decoding: "%2f" never separates.
    for (std::string_view rest = path.substr(1); !rest.empty();) {
        auto const end = std::min(rest.find('/'), rest.size());
        if (!is_safe_segment(decoded(rest.substr(0, end)).value_or(""))) return std::nullopt;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text;
}

}  // namespace sallyport::http
