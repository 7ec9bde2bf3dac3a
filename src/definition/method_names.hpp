// The names that access rules and "sharedMethods" call methods by.
//
// A name that no method has changes nothing: what it was to close stays open. But C++ adds methods after the JSON was
// read, so an unknown name proves nothing. It is a mistake only where it looks like a known one; a method of C++ whose
// name does is declared under "methods". Any other unknown name is a note.

#pragma once

#include "definition/finding.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::definition {

struct Draft;

/// A method that is called by its name.
struct MethodMention {
    enum class By : std::uint8_t {
        rule,           ///< "find", "patchAttributes"
        shared_methods  ///< "find", "prototype.patchAttributes", "*", "prototype.__get__*"
    };

    By by = By::rule;
    std::string name;
    Place place;
    std::string rule{};  ///< What the rule says of it: "DENY * ROLE $everyone".
};

/// LoopBack's patterns are not anchored: the pieces between the stars must occur in order, anywhere.
bool matches_pattern(std::string_view pattern, std::string_view name);

/// Names of the model's methods, aliases included, in full: "prototype.patchAttributes".
std::vector<std::string> method_names(Draft const& draft);

/// Tells where `mention` names none of `methods`, whose names are in full.
void check_method_name(MethodMention const& mention, std::vector<std::string> const& methods, Findings& findings);

/// Tells of rules that call a method by another of its names, by which LoopBack's rules do not find it: a mistake where
/// one is to close it.
void check_aliases(Draft const& draft, Findings& findings);

}  // namespace sallyport::definition
