#include "delivery/letter.hpp"

#include "crypto/digest.hpp"
#include "http/header_text.hpp"
#include "http/http_date.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace sallyport::delivery {
namespace {

constexpr std::size_t longest_line = 76;     // RFC 2045 section 6.7 (5)
constexpr std::size_t bytes_of_a_word = 42;  // So that an encoded word has at most 75 characters (RFC 2047 section 2).

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

bool may_stand_on_smtp_line(char c) { return is_plain(c) && c != ' ' && c != '<' && c != '>'; }

std::string trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\"");
    if (first == std::string_view::npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t\"") - first + 1)};
}

std::string phrase(std::string const& name) {
    auto const is_atom = std::ranges::all_of(
        name, [](char c) { return is_plain(c) && !std::string_view{"()<>[]:;@\\,.\""}.contains(c); });
    if (is_atom) return name;
    if (!std::ranges::all_of(name, is_plain)) return header_words(name);
    std::string quoted = "\"";
    for (auto const c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

std::string shown(Mailbox const& mailbox) {
    return mailbox.name.empty() ? mailbox.address : fmt::format("{} <{}>", phrase(mailbox.name), mailbox.address);
}

// RFC 5322 section 3.3: HTTP's date with a number for the zone.
std::string mail_date(std::int64_t seconds) {
    auto date = http::http_date(seconds);
    return date.replace(date.size() - 3, 3, "+0000");
}

// RFC 5322 section 3.6.8: any visible ASCII but the colon.
bool is_own_header(std::string_view name) {
    constexpr std::array ours{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted"};
    auto const is_name =
        !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
    auto const is_ours = [&](std::string_view our) { return http::same_name(name, our); };
    constexpr std::string_view content = "Content-";
    return is_name && std::ranges::none_of(ours, is_ours) && !http::same_name(name.substr(0, content.size()), content);
}

std::string part(std::string_view type, std::string_view text) {
    return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
                       type, quoted_printable(text));
}

}  // namespace

std::optional<Mailbox> read_mailbox(std::string_view text) {
    Mailbox mailbox;
    auto const open = text.rfind('<');
    if (open != std::string_view::npos && text.ends_with('>')) {
        mailbox.name = trimmed(text.substr(0, open));
        mailbox.address = std::string{text.substr(open + 1, text.size() - open - 2)};
    } else {
        mailbox.address = trimmed(text);
    }
    auto const& address = mailbox.address;
    auto const at = address.rfind('@');
    bool const is_address = at != std::string::npos && at > 0 && at + 1 < address.size() && address.size() <= 254 &&
                            std::ranges::all_of(address, may_stand_on_smtp_line);
    return is_address ? std::optional{mailbox} : std::nullopt;
}

std::string letter(Message const& message, Mailbox const& from, std::int64_t now) {
    auto const domain = from.address.substr(from.address.rfind('@') + 1);
    // The same for every try, so that a reader's mailbox can drop doubles; the id itself may be a digest of something.
    auto const name = crypto::to_hex(crypto::sha256(message.id)).substr(0, 32);
    auto text = fmt::format(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{}>\r\nMIME-Version: 1.0\r\n"
        "Auto-Submitted: auto-generated\r\n",
        shown(from), message.to, header_words(http::without_controls(message.subject)), mail_date(now), name, domain);
    for (auto const& [header, value] : message.headers) {
        if (is_own_header(header))
            text += fmt::format("{}: {}\r\n", header, header_words(http::without_controls(value)));
    }
    if (message.html.empty()) return text + part("text/plain", message.text);
    text += fmt::format("Content-Type: multipart/alternative; boundary=\"={}\"\r\n\r\n", name);
    for (auto const& [type, body] : {std::pair{"text/plain", &message.text}, std::pair{"text/html", &message.html}})
        text += fmt::format("--={}\r\n{}", name, part(type, *body));
    return text + fmt::format("--={}--\r\n", name);
}

std::string header_words(std::string_view text) {
    if (std::ranges::all_of(text, is_plain)) return std::string{text};
    std::string words;
    while (!text.empty()) {
        auto length = std::min(bytes_of_a_word, text.size());
        // Not within a character: bytes that continue one are 10xxxxxx.
        while (length < text.size() && length > 1 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
            --length;
        words +=
            fmt::format("{}=?utf-8?B?{}?=", words.empty() ? "" : "\r\n ", crypto::to_base64(text.substr(0, length)));
        text.remove_prefix(length);
    }
    return words;
}

std::string quoted_printable(std::string_view text) {
    std::string encoded;
    std::size_t column = 0;
    auto const add = [&](std::string_view token) {
        if (column + token.size() > longest_line - 1) {
            encoded += "=\r\n";
            column = 0;
        }
        encoded += token;
        column += token.size();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = text[i];
        bool const ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text.substr(i + 1).starts_with("\r\n");
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (c == '\n') {
            encoded += "\r\n";
            column = 0;
        } else if ((is_plain(c) && c != '=' && !(c == ' ' && ends_line)) || (c == '\t' && !ends_line)) {
            add({&c, 1});
        } else {
            add(fmt::format("={:02X}", static_cast<unsigned char>(c)));
        }
    }
    return encoded;
}

}  // namespace sallyport::delivery
