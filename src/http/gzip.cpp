#include "http/gzip.hpp"

#include "http/header_text.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace sallyport::http {
namespace {

constexpr int fastest = 1;            // Level 6 takes three times as long for six percent less.
constexpr int gzip_window = 15 + 16;  // 32 KiB, with gzip's header instead of zlib's.
constexpr int gzip_or_zlib_window = 15 + 32;
constexpr int usual_memory = 8;

/// zlib's state, a quarter of a megabyte: making it anew for each answer would cost ten times the compression.
class Deflater {
public:
    Deflater() {
        if (deflateInit2(&stream_, fastest, Z_DEFLATED, gzip_window, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc{};
        }
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(Deflater const&) = delete;
    Deflater& operator=(Deflater const&) = delete;

    std::string compress(std::string_view text) {
        deflateReset(&stream_);
        std::string out(deflateBound(&stream_, text.size()), '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads it.
        stream_.avail_in = static_cast<uInt>(text.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        deflate(&stream_, Z_FINISH);
        out.resize(stream_.total_out);
        return out;
    }

private:
    z_stream stream_{};
};

/// Whether parameters such as ";q=0.0" refuse what they stand after.
bool is_refused(std::string_view parameters) {
    auto const mark = parameters.find("q=");
    if (mark == std::string_view::npos) return false;
    auto const quality = trimmed(parameters.substr(mark + 2));
    return !quality.empty() && quality.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
    bool accepts_any = false;
    while (!accept_encoding.empty()) {
        auto const element = next_element(accept_encoding);
        auto const mark = std::min(element.find(';'), element.size());
        auto const named = trimmed(element.substr(0, mark));
        bool const is_good = !is_refused(element.substr(mark));
        // RFC 9110 section 8.4.1.3: an old name for the same thing.
        if (same_name(named, coding) || (coding == "gzip" && same_name(named, "x-gzip"))) return is_good;
        if (named == "*") accepts_any = is_good;
    }
    return accepts_any;
}

bool accepts_gzip(std::string_view accept_encoding) { return accepts_coding(accept_encoding, "gzip"); }

bool is_compressible(std::string_view content_type) {
    constexpr std::array<std::string_view, 5> others = {"application/json", "application/javascript", "application/xml",
                                                        "application/manifest+json", "image/svg+xml"};
    auto const type = trimmed(content_type.substr(0, content_type.find(';')));
    return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
           std::ranges::find(others, type) != others.end();
}

std::string gzip(std::string_view text) {
    thread_local Deflater deflater;  // Of no one's concern but this function's.
    return deflater.compress(text);
}

std::string gunzip(std::string_view compressed) { return inflated(compressed, std::string{}.max_size()); }

std::string inflated(std::string_view compressed, std::size_t most) {
    z_stream stream{};
    if (inflateInit2(&stream, gzip_or_zlib_window) != Z_OK) throw std::bad_alloc{};
    std::unique_ptr<z_stream, decltype(&inflateEnd)> const owner{&stream, inflateEnd};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));  // zlib only reads it.
    stream.avail_in = static_cast<uInt>(compressed.size());
    std::string text;
    std::array<char, 65536> piece{};
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        text.append(piece.data(), piece.size() - stream.avail_out);
        if (text.size() > most) throw std::length_error{"more than may be read"};
    }
    if (state != Z_STREAM_END) throw BadCompression{stream.msg != nullptr ? stream.msg : "unexpected end of file"};
    return text;
}

}  // namespace sallyport::http
