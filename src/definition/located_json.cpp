// parse_json judges the text; only a good text is walked again, to note where everything stands.

#include "definition/located_json.hpp"

#include <algorithm>

namespace sallyport::definition {
namespace {

constexpr JsonLimits limits{.max_depth = 64, .max_keys = 100'000};

class Walker {
public:
    Walker(std::string_view text, std::string file) : text_{text}, file_{std::move(file)} {}

    Located value() {
        skip_blanks();
        Located found{.value = {}, .place = here(), .items = {}, .members = {}};
        if (text_[at_] == '{') {
            found.value = Json::object();
            members(found);
        } else if (text_[at_] == '[') {
            found.value = Json::array();
            items(found);
        } else {
            found.value = parse_json(scalar());
        }
        return found;
    }

private:
    void members(Located& object) {
        ++at_;
        while (next_unless('}')) {
            LocatedMember member{.name = {}, .place = here(), .value = {}};
            member.name = parse_json(scalar()).as_string();
            skip_blanks();
            ++at_;  // The colon.
            member.value = value();
            object.members.push_back(std::move(member));
        }
    }

    void items(Located& array) {
        ++at_;
        while (next_unless(']')) array.items.push_back(value());
    }

    /// Goes past blanks and a comma; false, and past `end`, if the list ends here.
    bool next_unless(char end) {
        skip_blanks();
        if (text_[at_] == ',') {
            ++at_;
            skip_blanks();
        }
        if (text_[at_] != end) return true;
        ++at_;
        return false;
    }

    std::string_view scalar() {
        auto const start = at_;
        if (text_[at_] == '"') {
            for (++at_; text_[at_] != '"'; ++at_) {
                if (text_[at_] == '\\') ++at_;
            }
            ++at_;
        } else {
            while (at_ < text_.size() && std::string_view{",]} \t\r\n"}.find(text_[at_]) == std::string_view::npos)
                ++at_;
        }
        return text_.substr(start, at_ - start);
    }

    void skip_blanks() {
        for (; at_ < text_.size(); ++at_) {
            auto const c = text_[at_];
            if (c == '\n') {
                ++line_;
                line_start_ = at_ + 1;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
        }
    }

    Place here() const { return {.file = file_, .line = line_, .column = static_cast<int>(at_ - line_start_) + 1}; }

    std::string_view text_;
    std::string file_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    int line_ = 1;
};

void add_places(Located const& located, std::string const& above, Places& places) {
    auto const path_of = [&](std::string const& name) { return above.empty() ? name : above + "." + name; };
    for (auto const& member : located.members) {
        auto const path = path_of(member.name);
        places.emplace_back(path, member.value.is_object() ? member.place : member.value.place);
        add_places(member.value, path, places);
    }
    for (std::size_t i = 0; i < located.items.size(); ++i) {
        auto const path = path_of(std::to_string(i));
        places.emplace_back(path, located.items[i].place);
        add_places(located.items[i], path, places);
    }
}

}  // namespace

Located const* Located::find(std::string_view name) const {
    auto const* found = member(name);
    return found ? &found->value : nullptr;
}

Located* Located::find(std::string_view name) {
    auto const found = std::ranges::find(members, name, &LocatedMember::name);
    return found == members.end() ? nullptr : &found->value;
}

LocatedMember const* Located::member(std::string_view name) const {
    auto const found = std::ranges::find(members, name, &LocatedMember::name);
    return found == members.end() ? nullptr : &*found;
}

void Located::set(LocatedMember member) {
    auto const found = std::ranges::find(members, member.name, &LocatedMember::name);
    if (found == members.end()) {
        members.push_back(std::move(member));
    } else {
        *found = std::move(member);
    }
}

std::string Located::text(std::string_view name) const {
    auto const* found = find(name);
    return found && found->is_string() ? found->value.as_string() : "";
}

bool Located::flag(std::string_view name, bool otherwise) const {
    auto const* found = find(name);
    return found && found->value.is_boolean() ? found->value.as_boolean() : otherwise;
}

Json Located::json() const {
    if (is_array()) {
        JsonArray array;
        for (auto const& item : items) array.push_back(item.json());
        return Json{std::move(array)};
    }
    if (!is_object()) return value;
    JsonObject object;
    for (auto const& member : members) object.append(member.name, member.value.json());
    return Json{std::move(object)};
}

Places places_of(Located const& located) {
    Places places;
    add_places(located, {}, places);
    return places;
}

Place const* find_place(Places const& places, std::string_view path) {
    auto const found = std::ranges::find(places, path, &Places::value_type::first);
    return found == places.end() ? nullptr : &found->second;
}

Located empty_object(std::string file) {
    return {.value = Json::object(), .place = {.file = std::move(file)}, .items = {}, .members = {}};
}

Located parse_located(std::string_view text, std::string file) {
    parse_json(text, limits);
    return Walker{text, std::move(file)}.value();
}

}  // namespace sallyport::definition
