#include "rest/coercion.hpp"

#include "coercion_cases.hpp"
#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace sallyport::rest {
namespace {

std::string shown(Json const& value) {
    if (value.is_undefined()) return "undefined";
    if (value.is_date() && std::isnan(value.as_date())) return "invalid date";
    return to_text(value);
}

std::string convert(std::string_view type, bool is_sloppy, Json value, Coercion const& coercion) {
    auto const is_array = type.starts_with("[]");
    TypeName const name{.name = std::string{is_array ? type.substr(2) : type}, .is_array = is_array};
    try {
        return shown(is_sloppy ? from_sloppy(name, std::move(value), coercion)
                               : from_typed(name, std::move(value), coercion));
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 400);
        return "error: " + error.message;
    }
}

TEST(Coercion, TheAppMayNameWhatPartsTheItemsOfAnArray) {
    definition::Registry const models;
    std::vector<std::string> const delimiters{",", "||"};
    Coercion const coercion{.models = models, .json = {}, .item_delimiters = delimiters};
    EXPECT_EQ(convert("[]string", true, "a,b||c|d", coercion), R"(["a","b","c|d"])");
    EXPECT_EQ(convert("[]number", true, "1,2", coercion), "[1,2]");
    EXPECT_EQ(convert("[]number", true, "1,x", coercion), "error: Value is not a number.");
    EXPECT_EQ(convert("[]number", true, "[1,2]", coercion), "[1,2]");
    EXPECT_EQ(convert("[]string", true, JsonArray{"a,b", "c"}, coercion), R"(["a,b","c"])");
    EXPECT_EQ(convert("[]string", true, "a,b", {.models = models, .json = {}}), R"(["a,b"])");
}

TEST(Coercion, MakesOfEveryValueWhatLoopBackMakes) {
    definition::Registry const models;
    Coercion const coercion{.models = models, .json = {}};
    for (auto const& [type, is_sloppy, value, result] : coercion_cases) {
        EXPECT_EQ(convert(type, is_sloppy, parse_json(value), coercion), result)
            << type << (is_sloppy ? " from text " : " from JSON ") << value;
    }
}

TEST(Coercion, APointIsRefusedInLoopBacksWords) {
    definition::Registry const models;
    Coercion const coercion{.models = models, .json = {}};
    struct {
        char const* value;
        char const* result;
    } const cases[] = {
        {R"("12.5,13.5")", R"({"lat":12.5,"lng":13.5})"},
        {R"("[1,2]")", R"({"lat":1,"lng":2})"},
        {R"({"lat":"1","lng":"2"})", R"({"lat":1,"lng":2})"},
        {R"("null")", "null"},
        {R"("1")", R"(error: must provide a "lat,lng" string when creating a GeoPoint with string)"},
        {R"("1,2,3")", R"(error: must provide a "lat,lng" string when creating a GeoPoint with string)"},
        {R"(",")", "error: lat & lng must be numbers when creating GeoPoint"},
        {R"("[1,2,3]")", "error: must provide valid geo-cordinates array [lat, lng]"},
        {R"("{\"lat\":1}")", "error: must provide a lat and lng object when creating a GeoPoint"},
        {R"("{\"lat\":\"1\",\"lng\":2}")", "error: lat must be a number when creating a GeoPoint"},
        {R"("1,a")", "error: lng must be a number when creating a GeoPoint"},
        {R"("0,181")", "error: lng must be <= 180"},
        {R"("0,-181")", "error: lng must be >= -180"},
        {R"("91,0")", "error: lat must be <= 90"},
        {R"("-91,0")", "error: lat must be >= -90"},
    };
    for (auto const& [value, result] : cases)
        EXPECT_EQ(convert("geopoint", true, parse_json(value), coercion), result) << value;
    EXPECT_EQ(convert("geopoint", false, Json{5}, coercion),
              R"(error: must provide valid geo-coordinates array [lat, lng] or object or a "lat, lng" string)");
}

TEST(Coercion, AnArrayOfObjectsPassesForAnObjectWhereTheMethodSaysSo) {
    definition::Registry const models;
    Coercion const coercion{.models = models, .json = {}, .allows_array = true};
    EXPECT_EQ(convert("object", false, parse_json(R"([{"a":1},null])"), coercion), R"([{"a":1},null])");
    EXPECT_EQ(convert("object", false, parse_json("[1]"), coercion), "error: Some of array items are not an object.");
    EXPECT_EQ(convert("object", false, parse_json("[[]]"), coercion), "error: Some of array items are not an object.");
}

TEST(Coercion, AModelsNameIsATypeOfObject) {
    definition::Registry models;
    definition::Model note;
    note.name = "Note";
    models.add(std::move(note));
    Coercion const coercion{.models = models, .json = {}};
    EXPECT_EQ(convert("Note", false, parse_json(R"({"title":"a"})"), coercion), R"({"title":"a"})");
    EXPECT_EQ(convert("Note", false, Json{"a"}, coercion), "error: Value is not an object.");
    EXPECT_EQ(convert("Letter", false, Json{"a"}, coercion), "\"a\"");
}

TEST(Coercion, DuplicateKeysInsideAQueryValueAreRefusedWhereTheRulesSaySo) {
    definition::Registry const models;
    Json const value{R"({"a":1,"a":2})"};
    Coercion coercion{.models = models, .json = {}};
    EXPECT_EQ(convert("object", true, value, coercion), "error: Cannot parse JSON-encoded object value.");
    coercion.json.duplicates = JsonLimits::Duplicates::last_wins;
    EXPECT_EQ(convert("object", true, value, coercion), R"({"a":2})");
}

}  // namespace
}  // namespace sallyport::rest
