// What a model's JSON demands of its records: required properties, dates that are dates, and declared `validations`.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/model.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::model {

/// Where a record comes from.
enum class Origin : std::uint8_t {
    fresh,     ///< A client, for a new one: it must not bring a generated id, and must bring one that nobody makes.
    unkeyed,   ///< The same, for one that a condition may find: it need not bring its id.
    stored,    ///< The store.
    embedded,  ///< Another record, in which it stands: its id is no key.
};

/// A declared `uniqueness`; asked of the store by StoredModel.
struct Uniqueness {
    std::string property;
    std::string message = "is not unique";
    bool ignore_case = false;
    std::vector<std::string> scoped_to;  ///< Unique among records that are equal in these properties.
};

/// Whether LoopBack takes a value for blank: absent, null, "", NaN or an empty array.
bool is_blank(Json const& value);

/// The rules of one model, compiled once. Immutable afterwards; safe on any thread.
class RecordRules {
public:
    /// Throws std::runtime_error naming the property of a `format` whose pattern cannot be compiled.
    explicit RecordRules(definition::Model const& model);

    /// What is wrong with a whole record, by property, in the order in which properties were given rules.
    std::vector<Problem> check(JsonObject const& record, Origin origin) const;

    std::vector<Uniqueness> const& uniqueness() const { return uniqueness_; }

private:
    using Report = std::function<void(std::string_view kind)>;
    using Test = std::function<void(Json const& value, Report const& report)>;

    struct Rule {
        std::string code;
        Json message;  ///< A text, or texts by kind; undefined for none.
        Test test;
        Json options;
        bool is_of_id = false;  ///< Whether an id may, or must, be given.
    };
    struct Subject {
        std::string property;
        std::vector<Rule> rules;
    };

    std::vector<Rule>& rules_of(std::string const& property);
    void add_declared(definition::Validation const& validation);

    std::vector<Subject> subjects_;
    std::vector<Uniqueness> uniqueness_;
};

}  // namespace sallyport::model
