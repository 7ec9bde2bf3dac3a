// JSON that knows where each of its values and names stands, so that a mistake can be shown where it was made.

#pragma once

#include "definition/finding.hpp"
#include "sallyport/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::definition {

struct LocatedMember;

/// A JSON value and where it stands. A plain value type.
struct Located {
    Json value;  ///< A scalar; of an array or object only the kind: what it holds stands below.
    Place place;
    std::vector<Located> items;          ///< Of an array.
    std::vector<LocatedMember> members;  ///< Of an object, in order; names are unique.

    bool is_object() const { return value.is_object(); }
    bool is_array() const { return value.is_array(); }
    bool is_string() const { return value.is_string(); }

    /// The member's value, or nullptr: also where this is no object. The pointer lives until this changes.
    Located const* find(std::string_view name) const;
    Located* find(std::string_view name);
    LocatedMember const* member(std::string_view name) const;

    /// Replaces the member in place, or adds it at the end.
    void set(LocatedMember member);

    /// The string at `name`; "" if there is none.
    std::string text(std::string_view name) const;
    /// The boolean at `name`, or `otherwise`.
    bool flag(std::string_view name, bool otherwise) const;

    /// Without the places.
    Json json() const;
};

struct LocatedMember {
    std::string name;
    Place place;  ///< Of the name.
    Located value;
};

/// Where values stand, by their path: "remoting.json.limit", "transports.0.host".
using Places = std::vector<std::pair<std::string, Place>>;

/// Where the value of that path stands; null for nowhere.
Place const* find_place(Places const& places, std::string_view path);

/// The places of all that stands below `located`: of an object its name's, of anything else its own.
Places places_of(Located const& located);

/// An empty object that stands at the beginning of `file`.
Located empty_object(std::string file);

/// Reads one JSON text, as strictly as parse_json does; comments are refused. `file` is for the places.
///
/// Throws JsonError.
Located parse_located(std::string_view text, std::string file);

}  // namespace sallyport::definition
