#include "http/forwarded_element.hpp"

#include "http/header_text.hpp"
#include "sallyport/ascii.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace sallyport::http {
namespace {

/// tchar (RFC 9110 section 5.6.2); ":" and brackets besides, which some proxies do not quote.
bool is_value_char(char c) { return is_letter_or_digit(c) || std::string_view{"!#$%&'*+-.^_`|~:[]"}.contains(c); }

/// Reads a line from its front to its end; whoever meets something unexpected gives up on all of it.
class LineReader {
public:
    explicit LineReader(std::string_view line) : rest_{line} {}

    std::optional<std::vector<ForwardedElement>> read() {
        std::vector<ForwardedElement> elements;
        do {
            skip_spaces();
            ForwardedElement element;
            do {
                if (!read_pair(element)) return std::nullopt;
                skip_spaces();
            } while (skip(';'));
            elements.push_back(std::move(element));
        } while (skip(','));
        if (!rest_.empty()) return std::nullopt;
        return elements;
    }

private:
    bool skip(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skip_spaces() {
        while (skip(' ') || skip('\t')) {
        }
    }

    std::string_view read_token() {
        auto const end = std::ranges::find_if_not(rest_, is_value_char);
        auto const token = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(token.size());
        return token;
    }

    std::optional<std::string> read_quoted() {
        std::string text;
        while (!rest_.empty()) {
            if (skip('"')) return text;
            if (skip('\\') && rest_.empty()) break;
            text += rest_.front();
            rest_.remove_prefix(1);
        }
        return std::nullopt;
    }

    bool read_pair(ForwardedElement& element) {
        skip_spaces();
        auto const name = read_token();
        if (name.empty() || !skip('=')) return false;
        auto value = skip('"') ? read_quoted() : std::string{read_token()};
        if (!value) return false;
        auto* const place = same_name(name, "for")     ? &element.node
                            : same_name(name, "proto") ? &element.scheme
                                                       : nullptr;
        if (place == nullptr) return true;
        if (!place->empty()) return false;  // Each parameter once (section 4).
        *place = std::move(*value);
        return true;
    }

    std::string_view rest_;
};

}  // namespace

std::vector<ForwardedElement> forwarded_elements(Headers const& headers) {
    std::vector<ForwardedElement> all;
    for (auto const& [name, value] : headers) {
        if (!same_name(name, "Forwarded")) continue;
        auto elements = LineReader{value}.read().value_or(std::vector<ForwardedElement>{{}});
        std::ranges::move(elements, std::back_inserter(all));
    }
    return all;
}

}  // namespace sallyport::http
