// Settings, read where they are used: what is read is noted with the value in use and where that came from, so that
// nobody has to keep a second list.

#pragma once

#include "definition/located_json.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::definition {

/// A number, or a text that is one: what a variable of the environment holds is always a text.
std::optional<double> to_numeral(Json const& value);

/// A setting, the value in use, and where it came from: "server/config.json:3", "${PORT} in server/config.json:3", "the
/// variable PORT", "--port", "default".
struct SettingInUse {
    std::string name;  ///< "tls.key", "transports.0.host"
    Json value;        ///< undefined for none
    std::string from;
};

/// Where a place is, in the words of SettingInUse; "default" for a place without a line.
std::string origin_of(Place const& place);

/// The settings of one object. What a copy reads is noted in the original too. Not thread-safe; `object` and `places`
/// must outlive it.
class Settings {
public:
    Settings(Json const& object, Places const& places);

    /// The value at a path ("tls.key", "transports.0"), as written; undefined if there is none. Nothing is noted.
    Json const& at(std::string_view path) const;
    /// Where it stands; "default" if nowhere.
    std::string origin(std::string_view path) const;

    // The value at a path if it is of the type, else `otherwise`; noted.
    bool flag(std::string_view path, bool otherwise);
    double number(std::string_view path, double otherwise);
    std::string text(std::string_view path, std::string_view otherwise = {});

    /// As written, and noted.
    Json const& any(std::string_view path);
    /// As any(), but noted only where it is written.
    Json const& given(std::string_view path);

    /// Notes what is in use instead of, or made of, what is written; a later note of a path replaces an earlier one.
    void note(std::string_view path, Json value);
    void note(std::string_view path, Json value, std::string from);

    /// The settings below a path; what is read there is noted here, by its whole path.
    Settings below(std::string_view path) const;

    /// What was noted so far, in the order of the first notes.
    std::vector<SettingInUse> const& in_use() const { return *in_use_; }

private:
    std::string whole(std::string_view path) const { return above_ + std::string{path}; }

    Json const* object_;
    Places const* places_;
    std::string above_;  ///< Of a Settings from below(): "transports.0."
    std::shared_ptr<std::vector<SettingInUse>> in_use_ = std::make_shared<std::vector<SettingInUse>>();
};

}  // namespace sallyport::definition
