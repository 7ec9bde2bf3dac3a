// Reading JSON with simdjson's on-demand parser: it reads numbers exactly, and every value is visited, so that nothing
// unchecked is skipped over.

#include "sallyport/json.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace sallyport {
namespace {

using simdjson::ondemand::json_type;

constexpr std::size_t longest_shared = 65536;  // bytes

struct Place {
    int line = 1;
    int column = 1;
};

Place place_of(std::string_view text, std::size_t offset) {
    auto const before = text.substr(0, std::min(offset, text.size()));
    auto const lines = std::ranges::count(before, '\n');
    auto const start = before.rfind('\n');
    auto const column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
    return {static_cast<int>(lines) + 1, static_cast<int>(column)};
}

class Reader {
public:
    Reader(std::string_view text, JsonLimits const& limits) : text_{text}, limits_{limits}, padded_{text} {}

    Json read() {
        if (text_.starts_with("\xEF\xBB\xBF")) fail("a byte order mark is not JSON", 0);
        simdjson::ondemand::document document;
        check(parser().iterate(padded_).get(document));
        document_ = &document;
        Json value = read_document(document);
        if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
            fail_here("unexpected text after the value");
        return value;
    }

private:
    // A parser keeps its buffers for the next text: one for each thread, unless the text is long.
    simdjson::ondemand::parser& parser() {
        thread_local simdjson::ondemand::parser shared;
        return text_.size() <= longest_shared ? shared : own_parser_.emplace();
    }

    [[noreturn]] void fail(std::string const& what, std::size_t offset) const {
        auto const place = place_of(text_, offset);
        throw JsonError{what, place.line, place.column};
    }

    [[noreturn]] void fail_here(std::string const& what) const {
        char const* location = nullptr;
        auto const known = document_ != nullptr && document_->current_location().get(location) == simdjson::SUCCESS;
        fail(what, known ? static_cast<std::size_t>(location - padded_.data()) : text_.size());
    }

    void check(simdjson::error_code error) const {
        if (error == simdjson::SUCCESS) return;
        if (error == simdjson::EMPTY || error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT)
            fail("unexpected end of the text", text_.size());
        if (error == simdjson::UTF8_ERROR) fail("the text is not valid UTF-8", bad_utf8());
        if (error == simdjson::NUMBER_ERROR) fail_here("this is no number that fits a double");
        if (error == simdjson::STRING_ERROR) fail_here("bad escape in a string");
        if (error == simdjson::UNCLOSED_STRING) fail("a string is not closed", text_.size());
        if (error == simdjson::UNESCAPED_CHARS)
            fail("a control character in a string must be escaped", control_character());
        fail_here("unexpected character");
    }

    std::size_t bad_utf8() const {
        std::size_t good = 0;
        std::size_t bad = text_.size();
        while (good + 1 < bad) {  // Longest valid prefix, within the last character.
            auto const middle = good + (bad - good) / 2;
            (simdjson::validate_utf8(text_.substr(0, middle)) ? good : bad) = middle;
        }
        return good;
    }

    std::size_t control_character() const {
        auto const found = std::ranges::find_if(
            text_, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
        return static_cast<std::size_t>(found - text_.begin());
    }

    template <class Source>
    Json read_scalar(Source& source, json_type type) {
        switch (type) {
            case json_type::string: {
                std::string_view text;
                check(source.get_string().get(text));
                return Json{text};
            }
            case json_type::number: {
                double number = 0;
                check(source.get_double().get(number));
                return Json{number};
            }
            case json_type::boolean: {
                bool flag = false;
                check(source.get_bool().get(flag));
                return Json{flag};
            }
            default: {
                bool null = false;
                check(source.is_null().get(null));
                if (!null) fail_here("unexpected character");
                return Json{nullptr};
            }
        }
    }

    Json read_document(simdjson::ondemand::document& document) {
        json_type type{};
        check(document.type().get(type));
        if (type == json_type::array) return read_array(document.get_array());
        if (type == json_type::object) return read_object(document.get_object());
        return read_scalar(document, type);
    }

    Json read_value(simdjson::ondemand::value value) {
        json_type type{};
        check(value.type().get(type));
        if (type == json_type::array) return read_array(value.get_array());
        if (type == json_type::object) return read_object(value.get_object());
        return read_scalar(value, type);
    }

    Json read_array(simdjson::simdjson_result<simdjson::ondemand::array> result) {
        simdjson::ondemand::array array;
        check(std::move(result).get(array));  // NOLINT(performance-move-const-arg): get() wants it so.
        enter();
        JsonArray items;
        for (auto element : array) {
            simdjson::ondemand::value value;
            check(std::move(element).get(value));
            items.push_back(read_value(value));
        }
        --depth_;
        return Json{std::move(items)};
    }

    Json read_object(simdjson::simdjson_result<simdjson::ondemand::object> result) {
        simdjson::ondemand::object object;
        check(std::move(result).get(object));  // NOLINT(performance-move-const-arg)
        enter();
        JsonObject members;
        std::unordered_set<std::string> names;  // Only for large objects: a search through few is quicker.
        for (auto field : object) {
            std::string_view name;
            check(field.unescaped_key().get(name));
            if (++keys_ > limits_.max_keys) fail_here(fmt::format("more than {} names", limits_.max_keys));
            auto const known = names.empty() ? members.contains(name) : names.contains(std::string{name});
            if (known && limits_.duplicates == JsonLimits::Duplicates::refuse)
                fail_here(fmt::format("the name \"{}\" stands twice in one object", name));
            std::string key{name};
            simdjson::ondemand::value value;
            check(field.value().get(value));
            auto read = read_value(value);
            if (known) {
                members.set(key, std::move(read));
                continue;
            }
            if (members.size() == 24) {
                for (auto const& member : members) names.insert(member.first);
            }
            if (members.size() >= 24) names.insert(key);
            members.append(std::move(key), std::move(read));
        }
        --depth_;
        return Json{std::move(members)};
    }

    void enter() {
        if (++depth_ > limits_.max_depth) fail_here(fmt::format("nested deeper than {}", limits_.max_depth));
    }

    std::string_view text_;
    JsonLimits const& limits_;
    simdjson::padded_string padded_;
    std::optional<simdjson::ondemand::parser> own_parser_;
    simdjson::ondemand::document* document_ = nullptr;
    int depth_ = 0;
    std::size_t keys_ = 0;
};

}  // namespace

JsonError::JsonError(std::string const& what, int line, int column)
    : std::runtime_error{fmt::format("{} (line {}, column {})", what, line, column)}, line_{line}, column_{column} {}

Json parse_json(std::string_view text, JsonLimits const& limits) { return Reader{text, limits}.read(); }

}  // namespace sallyport
