#include "model/validate.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

namespace sallyport::model {
namespace {

Json default_message(std::string_view type) {
    if (type == "presence") return "can't be blank";
    if (type == "absence") return "can't be set";
    if (type == "inclusion") return "is not included in the list";
    if (type == "exclusion") return "is reserved";
    if (type == "uniqueness") return "is not unique";
    if (type == "date") return "is not a valid date";
    if (type == "length") return JsonObject{{"min", "too short"}, {"max", "too long"}, {"is", "length is wrong"}};
    if (type == "numericality") return JsonObject{{"int", "is not an integer"}, {"number", "is not a number"}};
    return "is invalid";
}

// A message may be one text or a text per kind; "is blank" and "is null" are the same for every rule.
std::string text_of(Json const& message, std::string_view kind) {
    if (kind.empty()) return message.is_string() ? message.as_string() : "is invalid";
    if (auto const& own = message[kind]; own.is_string()) return own.as_string();
    if (kind == "blank") return "is blank";
    if (kind == "null") return "is null";
    return "is invalid";
}

// The length of a text as JavaScript counts it: UTF-16 code units.
double length_of(Json const& value) {
    if (value.is_array()) return static_cast<double>(value.as_array().size());
    if (!value.is_string()) return std::nan("");
    auto units = 0.0;
    for (auto const byte : value.as_string()) {
        auto const c = static_cast<unsigned char>(byte);
        if ((c & 0xC0) != 0x80) units += c >= 0xF0 ? 2 : 1;
    }
    return units;
}

double number_or(Json const& value, double otherwise) { return value.is_number() ? value.as_number() : otherwise; }

using Report = std::function<void(std::string_view)>;
using Test = std::function<void(Json const&, Report const&)>;

Test presence() {
    return [](Json const& value, Report const& report) {
        if (is_blank(value)) report("");
    };
}

Test absence() {
    return [](Json const& value, Report const& report) {
        if (!is_blank(value)) report("");
    };
}

Test date() {
    return [](Json const& value, Report const& report) {
        if (value.is_date() && std::isnan(value.as_date())) report("");
    };
}

Test length(Json const& options) {
    return [options](Json const& value, Report const& report) {
        auto const length = length_of(value);
        auto const min = number_or(options["min"], 0);
        auto const max = number_or(options["max"], 0);
        auto const is = number_or(options["is"], 0);
        if (min != 0 && length < min) report("min");
        if (max != 0 && length > max) report("max");
        if (is != 0 && length != is) report("is");
    };
}

Test numericality(Json const& options) {
    return [whole = is_truthy(options["int"])](Json const& value, Report const& report) {
        if (!value.is_number() || std::isnan(value.as_number())) {
            report("number");
        } else if (whole && value.as_number() != std::round(value.as_number())) {
            report("int");
        }
    };
}

Test listed(Json const& options, bool wanted) {
    auto list = options["in"].is_array() ? options["in"].as_array() : JsonArray{};
    return [list = std::move(list), wanted](Json const& value, Report const& report) {
        if ((std::ranges::find(list, value) != list.end()) != wanted) report("");
    };
}

Test format(definition::Validation const& validation) {
    auto const& pattern = validation.options["with"];
    auto regexp = std::make_shared<RE2>(pattern.is_string() ? pattern.as_string() : std::string{}, RE2::Quiet);
    if (!regexp->ok()) {
        throw std::runtime_error{
            fmt::format("validation of \"{}\": \"with\" is no pattern: {}", validation.property, regexp->error())};
    }
    return [regexp](Json const& value, Report const& report) {
        auto const testable = value.is_string() || value.is_number();
        if (!testable || !RE2::PartialMatch(to_display(value), *regexp)) report("");
    };
}

// All rules but presence and absence first look whether there is a value at all.
Test unless_nothing(Json const& options, Test test) {
    return [blank_allowed = is_truthy(options["allowBlank"]), null_allowed = is_truthy(options["allowNull"]),
            test = std::move(test)](Json const& value, Report const& report) {
        auto const blank = value.is_undefined() || (value.is_string() && value.as_string().empty());
        if (blank) {
            if (!blank_allowed) report("blank");
        } else if (value.is_null()) {
            if (!null_allowed) report("null");
        } else {
            test(value, report);
        }
    };
}

Test test_of(definition::Validation const& validation) {
    auto const& options = validation.options;
    if (validation.type == "presence") return presence();
    if (validation.type == "absence") return absence();
    if (validation.type == "date") return date();
    if (validation.type == "length") return unless_nothing(options, length(options));
    if (validation.type == "numericality") return unless_nothing(options, numericality(options));
    if (validation.type == "inclusion") return unless_nothing(options, listed(options, true));
    if (validation.type == "exclusion") return unless_nothing(options, listed(options, false));
    if (validation.type == "format") return unless_nothing(options, format(validation));
    throw std::runtime_error{
        fmt::format("validation of \"{}\": \"{}\" is not known", validation.property, validation.type)};
}

Uniqueness uniqueness_of(definition::Validation const& validation) {
    Uniqueness unique;
    unique.property = validation.property;
    unique.ignore_case = is_truthy(validation.options["ignoreCase"]);
    if (auto const& message = validation.options["message"]; message.is_string()) unique.message = message.as_string();
    auto const& scope = validation.options["scopedTo"];
    if (scope.is_string()) unique.scoped_to.push_back(scope.as_string());
    if (scope.is_array()) {
        for (auto const& name : scope.as_array()) unique.scoped_to.push_back(to_display(name));
    }
    return unique;
}

// "if" and "unless" name a property; the rule holds where that is true, or is not.
bool applies(Json const& options, JsonObject const& record) {
    auto const is_set = [&](Json const& name) {
        auto const* value = name.is_string() ? record.find(name.as_string()) : nullptr;
        return value != nullptr && is_truthy(*value);
    };
    auto const& only_if = options["if"];
    auto const& unless = options["unless"];
    return (!only_if.is_string() || is_set(only_if)) && (!unless.is_string() || !is_set(unless));
}

// Whether an id must come with the record: a number can always be made.
bool is_given(definition::Property const& id) {
    return !id.is_generated && id.type.kind != definition::PropertyType::Kind::number;
}

// Whether a rule about the id is one for records of this origin.
bool is_asked(std::string_view code, Origin origin) {
    switch (origin) {
        case Origin::fresh:
            return true;
        case Origin::unkeyed:
            return code == "absence";
        case Origin::stored:
            return code == "presence";
        case Origin::embedded:
            break;
    }
    return false;
}

}  // namespace

bool is_blank(Json const& value) {
    if (value.is_number()) return std::isnan(value.as_number());
    if (value.is_string()) return value.as_string().empty();
    if (value.is_array()) return value.as_array().empty();
    return value.is_nothing();
}

RecordRules::RecordRules(definition::Model const& model) {
    if (auto const* id = model.id()) {
        if (id->is_generated && model.force_id) {
            auto& rules = rules_of(id->name);
            rules.push_back({"absence", default_message("absence"), absence(), {}, true});
        } else if (is_given(*id)) {
            rules_of(id->name).push_back({"presence", default_message("presence"), presence(), {}, !id->is_required});
        }
    }
    for (auto const& property : model.properties) {
        if (property.is_required && !(property.is_id && is_given(property))) {
            rules_of(property.name).push_back({"presence", default_message("presence"), presence(), {}, false});
        }
        if (property.type.kind == definition::PropertyType::Kind::date) {
            rules_of(property.name).push_back({"date", default_message("date"), date(), {}, false});
        }
    }
    for (auto const& validation : model.validations) add_declared(validation);
}

void RecordRules::add_declared(definition::Validation const& validation) {
    if (validation.type == "uniqueness") {
        uniqueness_.push_back(uniqueness_of(validation));
        return;
    }
    auto const& message = validation.options["message"];
    auto const& code = validation.options["code"];
    rules_of(validation.property)
        .push_back({code.is_string() ? code.as_string() : validation.type,
                    message.is_nothing() ? default_message(validation.type) : message, test_of(validation),
                    validation.options, false});
}

std::vector<RecordRules::Rule>& RecordRules::rules_of(std::string const& property) {
    auto const found = std::ranges::find(subjects_, property, &Subject::property);
    return found != subjects_.end() ? found->rules : subjects_.emplace_back(property).rules;
}

std::vector<Problem> RecordRules::check(JsonObject const& record, Origin origin) const {
    Json const undefined;
    std::vector<Problem> problems;
    for (auto const& [property, rules] : subjects_) {
        auto const* found = record.find(property);
        for (auto const& rule : rules) {
            if (rule.is_of_id && !is_asked(rule.code, origin)) continue;
            if (!applies(rule.options, record)) continue;
            rule.test(found ? *found : undefined, [&](std::string_view kind) {
                auto code = kind.empty() ? rule.code : fmt::format("{}.{}", rule.code, kind);
                problems.push_back({property, std::move(code), text_of(rule.message, kind)});
            });
        }
    }
    return problems;
}

}  // namespace sallyport::model
