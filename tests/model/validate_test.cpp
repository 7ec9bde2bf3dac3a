#include "model/validate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace sallyport::model {
namespace {

definition::Validation declared(std::string property, std::string type, JsonObject options) {
    return {std::move(property), std::move(type), std::move(options)};
}

std::string codes(RecordRules const& rules, JsonObject const& record, Origin origin = Origin::stored) {
    std::string out;
    for (auto const& problem : rules.check(record, origin))
        out += problem.property + ":" + problem.code + "=" + problem.message + ";";
    return out;
}

RecordRules one(std::string type, JsonObject options) {
    definition::Model model;
    model.validations.push_back(declared("p", std::move(type), std::move(options)));
    return RecordRules{model};
}

TEST(RecordRules, EachKindHasItsCodeAndMessage) {
    struct Row {
        char const* type;
        JsonObject options;
        Json value;
        std::string_view problems;
    };
    Row const rows[] = {
        {"presence", {}, "", "p:presence=can't be blank;"},
        {"presence", {}, std::nan(""), "p:presence=can't be blank;"},
        {"presence", {}, Json::array(), "p:presence=can't be blank;"},
        {"presence", {}, false, ""},
        {"absence", {}, "x", "p:absence=can't be set;"},
        {"length", {{"min", 2}}, "x", "p:length.min=too short;"},
        {"length", {{"max", 2}}, "xxx", "p:length.max=too long;"},
        {"length", {{"is", 2}}, "xxx", "p:length.is=length is wrong;"},
        {"length", {{"is", 2}}, "\xF0\x9F\x98\x80", ""},  // An emoji is two UTF-16 units.
        {"length", {}, "", "p:length.blank=is blank;"},
        {"length", {{"allowBlank", true}, {"min", 2}}, "", ""},
        {"length", {{"min", 2}}, nullptr, "p:length.null=is null;"},
        {"length", {{"allowNull", true}, {"min", 2}}, nullptr, ""},
        {"numericality", {}, std::nan(""), "p:numericality.number=is not a number;"},
        {"numericality", {}, "7", "p:numericality.number=is not a number;"},
        {"numericality", {{"int", true}}, 1.5, "p:numericality.int=is not an integer;"},
        {"numericality", {{"int", true}}, 2, ""},
        {"inclusion", {{"in", JsonArray{"a", 1}}}, "1", "p:inclusion=is not included in the list;"},
        {"inclusion", {{"in", JsonArray{"a", 1}}}, 1, ""},
        {"exclusion", {{"in", JsonArray{"root"}}}, "root", "p:exclusion=is reserved;"},
        {"exclusion", {{"in", JsonArray{"root"}}}, {}, "p:exclusion.blank=is blank;"},
        {"format", {{"with", "^\\d{5}$"}}, "1234", "p:format=is invalid;"},
        {"format", {{"with", "^\\d{5}$"}}, 12345, ""},
        {"format", {{"with", "b"}}, "abc", ""},
        {"format", {{"with", "b"}, {"message", "no b"}}, "x", "p:format=no b;"},
        {"length", {{"min", 2}, {"message", JsonObject{{"min", "longer!"}}}}, "x", "p:length.min=longer!;"},
        {"length", {{"min", 2}, {"message", "no kinds"}}, "x", "p:length.min=is invalid;"},
        {"presence", {{"code", "mine"}}, "", "p:mine=can't be blank;"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(std::string{row.type} + " of " + to_text(row.value));
        EXPECT_EQ(codes(one(row.type, row.options), {{"p", row.value}}), row.problems);
    }
}

TEST(RecordRules, IfAndUnlessNameAProperty) {
    auto const only_if = one("presence", {{"if", "q"}});
    auto const unless = one("presence", {{"unless", "q"}});

    EXPECT_EQ(codes(only_if, {{"q", true}}), "p:presence=can't be blank;");
    EXPECT_EQ(codes(only_if, {{"q", false}}), "");
    EXPECT_EQ(codes(unless, {{"q", true}}), "");
    EXPECT_EQ(codes(unless, {}), "p:presence=can't be blank;");
}

TEST(RecordRules, AGeneratedIdMustNotComeWithANewRecord) {
    definition::Model model;
    model.properties.push_back({.name = "id", .is_id = true, .is_generated = true});
    model.properties.back().type.kind = definition::PropertyType::Kind::number;

    EXPECT_EQ(codes(RecordRules{model}, {{"id", 5}}, Origin::fresh), "id:absence=can't be set;");
    EXPECT_EQ(codes(RecordRules{model}, {{"id", 5}}, Origin::stored), "");
    model.force_id = false;
    EXPECT_EQ(codes(RecordRules{model}, {{"id", 5}}, Origin::fresh), "");
}

TEST(RecordRules, ATextIdThatNobodyMakesMustCome) {
    definition::Model model;
    model.properties.push_back({.name = "code", .is_id = true});
    model.properties.back().type.kind = definition::PropertyType::Kind::string;

    EXPECT_EQ(codes(RecordRules{model}, {}, Origin::fresh), "code:presence=can't be blank;");
}

TEST(RecordRules, RulesOfOnePropertyStandTogether) {
    definition::Model model;
    model.properties.push_back({.name = "a", .is_required = true});
    model.properties.push_back({.name = "b", .is_required = true});
    model.validations.push_back(declared("a", "exclusion", {{"in", JsonArray{}}}));

    EXPECT_EQ(codes(RecordRules{model}, {}),
              "a:presence=can't be blank;a:exclusion.blank=is blank;b:presence=can't be blank;");
}

TEST(RecordRules, APatternThatIsNoneIsRefusedAtStart) {
    EXPECT_THROW(one("format", {{"with", "("}}), std::runtime_error);
    EXPECT_THROW(one("nonsense", {}), std::runtime_error);
}

}  // namespace
}  // namespace sallyport::model
