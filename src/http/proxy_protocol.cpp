#include "http/proxy_protocol.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace sallyport::http {
namespace {

namespace ip = boost::asio::ip;
using namespace std::string_view_literals;
using enum ProxyHeader::Verdict;

constexpr ProxyHeader refused{.verdict = malformed};

bool begins_alike(std::string_view bytes, std::string_view mark) {
    auto const length = std::min(bytes.size(), mark.size());
    return bytes.substr(0, length) == mark.substr(0, length);
}

// Version 1
// ----------------------------------------------------------------------------------------------------------

constexpr auto mark_1 = "PROXY "sv;
constexpr std::size_t longest_line = 107;  // bytes, CR LF included (section 2.1)

std::string_view next_word(std::string_view& rest) {
    auto const word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    return word;
}

/// 0 to 65535 without leading zeros.
bool is_port(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text.front() == '0')) return false;
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number <= 65535;
}

std::optional<ip::address> address_of(std::string_view text, bool is_v6) {
    boost::system::error_code error;
    std::string const whole{text};
    if (is_v6) {
        if (whole.contains('%')) return std::nullopt;  // A zone means nothing on another machine.
        auto const address = ip::make_address_v6(whole, error);
        return error ? std::nullopt : std::optional<ip::address>{address};
    }
    auto const address = ip::make_address_v4(whole, error);
    return error ? std::nullopt : std::optional<ip::address>{address};
}

/// "TCP4 source destination port port", exactly.
std::optional<ip::address> client_of_line(std::string_view line) {
    auto const family = next_word(line);
    if ((family != "TCP4" && family != "TCP6") || std::ranges::count(line, ' ') != 3) return std::nullopt;
    bool const is_v6 = family == "TCP6";
    auto const source = address_of(next_word(line), is_v6);
    auto const destination = address_of(next_word(line), is_v6);
    auto const source_port = next_word(line);
    return destination && is_port(source_port) && is_port(line) ? source : std::nullopt;
}

ProxyHeader read_line(std::string_view bytes) {
    auto const end = bytes.substr(0, longest_line).find('\n');
    if (end == std::string_view::npos) return bytes.size() < longest_line ? ProxyHeader{} : refused;
    if (end < mark_1.size() || bytes[end - 1] != '\r') return refused;
    auto const line = bytes.substr(mark_1.size(), end - 1 - mark_1.size());
    ProxyHeader header{.verdict = whole, .length = end + 1};
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return header;
    header.client = client_of_line(line);
    return header.client ? header : refused;
}

// Version 2
// ----------------------------------------------------------------------------------------------------------

constexpr auto mark_2 = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t fixed_bytes = 16;
constexpr std::size_t tlv_head_bytes = 3;
constexpr unsigned type_of_tls = 0x20;      // PP2_TYPE_SSL
constexpr unsigned tls_at_client = 0x01;    // PP2_CLIENT_SSL
constexpr std::size_t least_tls_bytes = 5;  // a byte of flags, four that tell whether a certificate was good

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
std::size_t number_at(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8U | byte_at(bytes, at + 1);
}

template <typename Address>
Address address_at(std::string_view bytes) {
    typename Address::bytes_type raw{};
    std::copy_n(bytes.begin(), raw.size(), raw.begin());
    return Address{raw};
}

/// Walks what follows the addresses; false if a length does not add up.
bool read_extensions(std::string_view rest, ProxyHeader& header) {
    while (!rest.empty()) {
        if (rest.size() < tlv_head_bytes) return false;
        auto const size = number_at(rest, 1);
        if (rest.size() - tlv_head_bytes < size) return false;
        if (byte_at(rest, 0) == type_of_tls) {
            if (size < least_tls_bytes) return false;
            header.is_secure = (byte_at(rest, tlv_head_bytes) & tls_at_client) != 0;
        }
        rest.remove_prefix(tlv_head_bytes + size);
    }
    return true;
}

/// How many bytes the addresses of a family take; nothing for one that does not exist.
std::optional<std::size_t> address_bytes(unsigned family) {
    constexpr std::array<std::size_t, 4> sizes = {0, 12, 36, 216};  // unspecified, IPv4, IPv6, Unix
    return family < sizes.size() ? std::optional{sizes[family]} : std::nullopt;
}

ProxyHeader read_binary(std::string_view bytes) {
    if (bytes.size() > 12 && byte_at(bytes, 12) != 0x20 && byte_at(bytes, 12) != 0x21) return refused;
    if (bytes.size() < fixed_bytes) return {};
    auto const size = number_at(bytes, 14);
    if (size > most_proxy_header - fixed_bytes) return refused;
    auto const family = byte_at(bytes, 13) >> 4U;
    auto const transport = byte_at(bytes, 13) & 0x0fU;
    auto const addresses = address_bytes(family);
    bool const is_local = byte_at(bytes, 12) == 0x20;
    if (!is_local && (!addresses || transport > 2 || size < *addresses)) return refused;
    if (bytes.size() < fixed_bytes + size) return {};

    ProxyHeader header{.verdict = whole, .length = fixed_bytes + size, .is_local = is_local};
    if (is_local) return header;  // Its addresses and what follows them are to be skipped (section 2.2).
    auto const body = bytes.substr(fixed_bytes, size);
    bool const is_stream = transport == 1;
    if (family == 1 && is_stream) header.client = address_at<ip::address_v4>(body);
    if (family == 2 && is_stream) header.client = address_at<ip::address_v6>(body);
    return read_extensions(body.substr(*addresses), header) ? header : refused;
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) {
    if (bytes.empty()) return {};
    if (begins_alike(bytes, mark_2)) return bytes.size() < mark_2.size() ? ProxyHeader{} : read_binary(bytes);
    if (begins_alike(bytes, mark_1)) return bytes.size() < mark_1.size() ? ProxyHeader{} : read_line(bytes);
    return refused;
}

}  // namespace sallyport::http
