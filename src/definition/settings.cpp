#include "definition/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace sallyport::definition {
namespace {

Json const& member(Json const& value, std::string_view name) {
    static Json const nothing;
    if (!value.is_array()) return value[name];
    std::size_t index = 0;
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    auto const is_index = error == std::errc{} && end == name.data() + name.size();
    return is_index && index < value.as_array().size() ? value.as_array()[index] : nothing;
}

}  // namespace

std::optional<double> to_numeral(Json const& value) {
    if (value.is_number()) return value.as_number();
    if (!value.is_string() || value.as_string().empty()) return std::nullopt;
    auto const& text = value.as_string();
    auto number = 0.0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto const is_whole = error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
    return is_whole ? std::optional{number} : std::nullopt;
}

std::string origin_of(Place const& place) {
    if (place.line == 0) return "default";
    auto const where = fmt::format("{}:{}", place.file, place.line);
    return place.variable.empty() ? where : fmt::format("${{{}}} in {}", place.variable, where);
}

Settings::Settings(Json const& object, Places const& places) : object_{&object}, places_{&places} {}

Json const& Settings::at(std::string_view path) const {
    auto const* value = object_;
    for (;;) {
        auto const dot = path.find('.');
        value = &member(*value, path.substr(0, dot));
        if (dot == std::string_view::npos) return *value;
        path.remove_prefix(dot + 1);
    }
}

std::string Settings::origin(std::string_view path) const {
    auto const name = whole(path);
    auto const* const found = find_place(*places_, name);
    return found == nullptr ? "default" : origin_of(*found);
}

bool Settings::flag(std::string_view path, bool otherwise) {
    auto const& written = at(path);
    auto const value = written.is_boolean() ? written.as_boolean() : otherwise;
    note(path, value);
    return value;
}

double Settings::number(std::string_view path, double otherwise) {
    auto const& written = at(path);
    auto const value = to_numeral(written).value_or(otherwise);
    note(path, value);
    return value;
}

std::string Settings::text(std::string_view path, std::string_view otherwise) {
    auto const& written = at(path);
    auto value = written.is_string() ? written.as_string() : std::string{otherwise};
    note(path, value.empty() ? Json{} : Json{value});
    return value;
}

Json const& Settings::any(std::string_view path) {
    auto const& written = at(path);
    note(path, written);
    return written;
}

Json const& Settings::given(std::string_view path) {
    auto const& written = at(path);
    if (!written.is_undefined()) note(path, written);
    return written;
}

void Settings::note(std::string_view path, Json value) { note(path, std::move(value), origin(path)); }

void Settings::note(std::string_view path, Json value, std::string from) {
    SettingInUse setting{.name = whole(path), .value = std::move(value), .from = std::move(from)};
    auto const known = std::ranges::find(*in_use_, setting.name, &SettingInUse::name);
    if (known == in_use_->end()) {
        in_use_->push_back(std::move(setting));
    } else {
        *known = std::move(setting);
    }
}

Settings Settings::below(std::string_view path) const {
    auto settings = *this;
    settings.object_ = &at(path);
    settings.above_ = whole(path) + ".";
    return settings;
}

}  // namespace sallyport::definition
