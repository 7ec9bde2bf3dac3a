#include "model/validation_error.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sallyport::model {
namespace {

definition::Model note() {
    definition::Model model;
    model.name = "Note";
    model.properties.push_back({.name = "title"});
    model.properties.push_back({.name = "pin", .is_hidden = true});
    return model;
}

TEST(ValidationError, SpeaksAsLoopBackDoes) {
    auto const error = validation_error(note(), {{"title", ""}}, {{"title", "presence", "can't be blank"}});

    EXPECT_EQ(error.status, 422);
    EXPECT_EQ(error.name, "ValidationError");
    EXPECT_EQ(error.message, "The `Note` instance is not valid. Details: `title` can't be blank (value: \"\").");
    EXPECT_EQ(to_text(error.details),
              R"({"context":"Note","codes":{"title":["presence"]},"messages":{"title":["can't be blank"]}})");
}

TEST(ValidationError, GroupsProblemsByPropertyInTheOrderTheyCame) {
    auto const error = validation_error(note(), {}, {{"b", "x", "one"}, {"a", "y", "two"}, {"b", "z", "three"}});

    EXPECT_EQ(error.message,
              "The `Note` instance is not valid. Details: `b` one (value: undefined); `b` three (value: undefined); "
              "`a` two (value: undefined).");
}

TEST(ValidationError, NeverTellsASecret) {
    JsonObject const record{
        {"pin", "1234"}, {"password", "pass-word"}, {"oldPassword", "older"}, {"resetToken", "abc"}};

    for (auto const* name : {"pin", "password", "oldPassword", "resetToken"}) {
        auto const error = validation_error(note(), record, {{name, "x", "is bad"}});
        EXPECT_EQ(error.message,
                  std::string{"The `Note` instance is not valid. Details: `"} + name + "` is bad (value: undefined).");
    }
}

TEST(ValidationError, ShowsValuesShortAndOneLevelDeep) {
    struct Row {
        Json value;
        std::string_view shown;
    };
    Row const rows[] = {
        {{}, "undefined"},
        {nullptr, "null"},
        {std::nan(""), "NaN"},
        {1.25, "1.25"},
        {"it's", "\"it's\""},
        {std::string(60, 'k'), "\"kkkkkkkkkkkkkkkkkkkkkkkkk...kkk\""},
        {Json::date(std::nan("")), "Invalid Date"},
        {Json::date(0), "1970-01-01T00:00:00.000Z"},
        {JsonArray{1, "a", JsonArray{2}}, "[ 1, 'a', [ 2 ] ]"},
        {JsonObject{{"a", 1}, {"b", JsonObject{{"c", 2}}}}, "{ a: 1, b: [Object] }"},
        {Json::array(), "[]"},
        {Json::object(), "{}"},
    };

    for (auto const& row : rows) EXPECT_EQ(shown_value(row.value), row.shown);
}

TEST(ValidationError, CutsBetweenCharacters) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "\xC3\xA9";

    EXPECT_EQ(shown_value(text).size(), 2 * 28 + std::string_view{"\"...\""}.size());
}

}  // namespace
}  // namespace sallyport::model
