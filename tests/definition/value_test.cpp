#include "definition/value.hpp"

#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sallyport::definition {
namespace {

using Kind = PropertyType::Kind;

PropertyType type_of(Kind kind) { return {.kind = kind, .element = nullptr, .model = {}, .properties = {}}; }

PropertyType list_of(Kind kind) {
    auto type = type_of(Kind::array);
    type.element = std::make_shared<PropertyType>(type_of(kind));
    return type;
}

Property property(std::string name, Kind kind) {
    Property made;
    made.name = std::move(name);
    made.type = type_of(kind);
    return made;
}

TEST(Value, IsCastAsRecorded) {
    struct Row {
        PropertyType type;
        char const* given;
        char const* expected;
    };
    Row const rows[] = {
        {type_of(Kind::any), R"("10")", "10"},
        {type_of(Kind::any), R"("null")", "null"},
        {type_of(Kind::any), R"("{\"a\":1}")", R"({"a":1})"},
        {type_of(Kind::any), R"("text")", R"("text")"},
        {type_of(Kind::any), R"("")", R"("")"},
        {type_of(Kind::string), "123", R"("123")"},
        {type_of(Kind::string), "true", R"("true")"},
        {type_of(Kind::string), R"({"a":1})", R"("[object Object]")"},
        {type_of(Kind::string), R"(["p","q"])", R"("p,q")"},
        {type_of(Kind::string), "null", "null"},
        {type_of(Kind::number), R"("42")", "42"},
        {type_of(Kind::number), R"("4.50")", "4.5"},
        {type_of(Kind::number), "true", "1"},
        {type_of(Kind::number), R"("")", "0"},
        {type_of(Kind::number), R"("abc")", "null"},
        {type_of(Kind::boolean), R"("yes")", "true"},
        {type_of(Kind::boolean), R"("false")", "false"},
        {type_of(Kind::boolean), R"("0")", "false"},
        {type_of(Kind::boolean), R"("")", "false"},
        {type_of(Kind::boolean), "1", "true"},
        {type_of(Kind::date), R"("2015-06-01T12:30:15.5+02:00")", R"("2015-06-01T10:30:15.500Z")"},
        {type_of(Kind::date), R"("2015-06")", R"("2015-06-01T00:00:00.000Z")"},
        {type_of(Kind::date), "-1", R"("1969-12-31T23:59:59.999Z")"},
        {type_of(Kind::date), "0", R"("1970-01-01T00:00:00.000Z")"},
        {type_of(Kind::array), R"(["a",1,null])", R"(["a",1,null])"},
        {type_of(Kind::array), R"("[1,2]")", "[1,2]"},
        {list_of(Kind::string), R"(["a",2,true,null])", R"(["a","2","true","null"])"},
        {list_of(Kind::number), R"(["1","2"])", "[1,2]"},
        {list_of(Kind::number), "false", "[]"},
        {type_of(Kind::geopoint), R"("12.5,13.5")", R"({"lat":12.5,"lng":13.5})"},
        {type_of(Kind::geopoint), "[1,2]", R"({"lat":1,"lng":2})"},
        {type_of(Kind::geopoint), "[1,2,3]", R"({"lat":1,"lng":2})"},
        {type_of(Kind::geopoint), R"({"lng":"-20.25","lat":10.5})", R"({"lat":10.5,"lng":-20.25})"},
        {type_of(Kind::date_string), R"("2015-06-01")", R"("2015-06-01")"},
        {type_of(Kind::date_string), R"("Jun 1, 2015")", R"("Jun 1, 2015")"},
        {type_of(Kind::date_string), "null", "null"},
        {type_of(Kind::buffer), R"("h\u00e9")", R"({"type":"Buffer","data":[104,195,169]})"},
        {type_of(Kind::buffer), R"("")", R"({"type":"Buffer","data":[]})"},
        {type_of(Kind::buffer), "[1,2]", R"({"type":"Buffer","data":[1,2]})"},
        {type_of(Kind::buffer), R"(["a",2,300,-1])", R"({"type":"Buffer","data":[0,2,44,255]})"},
        {type_of(Kind::buffer), R"([[1],"0x10",null,1.7,1e10])", R"({"type":"Buffer","data":[1,16,0,1,0]})"},
        {type_of(Kind::buffer), R"({"data":[1,2],"type":"Buffer"})", R"({"type":"Buffer","data":[1,2]})"},
        {type_of(Kind::buffer), "null", "null"},
        {list_of(Kind::object), R"([null,1])", "[{},1]"},
        {list_of(Kind::buffer), R"(["ab",[1]])", R"([{"type":"Buffer","data":[97,98]},[1]])"},
        {type_of(Kind::any), R"({"deep":[true,null]})", R"({"deep":[true,null]})"},
        {type_of(Kind::model), "5", "{}"},
        {type_of(Kind::model), "false", "{}"},
        {type_of(Kind::object), "5", "5"},
        {type_of(Kind::object), R"("{\"a\":1}")", R"({"a":1})"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(std::string{row.type.name()} + " of " + row.given);
        EXPECT_EQ(to_text(to_property_value(row.type, parse_json(row.given))), row.expected);
    }
}

TEST(Value, TextThatIsNoDateIsAnInvalidDate) {
    for (auto const* text : {"", "1433152800000", "soon"}) {
        auto const date = to_property_value(type_of(Kind::date), Json{text});
        ASSERT_TRUE(date.is_date());
        EXPECT_TRUE(std::isnan(date.as_date())) << text;
    }
}

TEST(Value, WhatCannotBeOfItsTypeIsRefusedWith400) {
    struct Row {
        PropertyType type;
        char const* given;
        char const* message;
    };
    Row const rows[] = {
        {type_of(Kind::array), R"("x")", R"(could not create List from JSON string: "x")"},
        {list_of(Kind::string), R"({"a":1})", R"(Items must be an array: {"a":1})"},
        {type_of(Kind::geopoint), R"("here")", nullptr},
        {type_of(Kind::geopoint), "[91,0]", nullptr},
        {type_of(Kind::geopoint), "[1]", nullptr},
        {type_of(Kind::geopoint), R"({"lat":1})", nullptr},
        {type_of(Kind::geopoint), "7", nullptr},
        {type_of(Kind::date_string), R"("zz")", "Invalid date"},
        {type_of(Kind::date_string), R"("")", "Invalid date"},
        {type_of(Kind::date_string), "5", "Input must be a string"},
        {type_of(Kind::date_string), "true", "Input must be a string"},
        {type_of(Kind::date_string), R"(["2015-06-01"])", "Input must be a string"},
        {list_of(Kind::date_string), "[null]", "Input must be a string"},
        {type_of(Kind::buffer), "5", nullptr},
        {type_of(Kind::buffer), "true", nullptr},
        {type_of(Kind::buffer), R"({"a":1})", nullptr},
        {type_of(Kind::buffer), R"({"type":"Buffer","data":"hi"})", nullptr},
        {list_of(Kind::buffer), "[null]", nullptr},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.given);
        try {
            to_property_value(row.type, parse_json(row.given));
            ADD_FAILURE() << "taken";
        } catch (Error const& error) {
            EXPECT_EQ(error.status, 400);
            if (row.message) EXPECT_EQ(error.message, row.message);
        }
    }
}

TEST(Value, AListWhereMembersAreKnownIsAnObjectOfItsPlaces) {
    auto type = type_of(Kind::object);
    type.properties = {property("a", Kind::string)};

    EXPECT_EQ(to_text(to_property_value(type, parse_json(R"([[1],null])"))), R"({"0":[1],"1":null})");
    EXPECT_EQ(to_text(to_property_value(type, Json::array())), "{}");
}

TEST(Value, ARecordHasKnownPropertiesFirstAndInOrder) {
    Model model;
    model.properties = {property("title", Kind::string), property("count", Kind::number)};
    auto const data = parse_json(R"({"extra":{"x":1},"count":"2","title":"a"})").as_object();

    EXPECT_EQ(to_text(to_record(model, data)), R"({"title":"a","count":2,"extra":{"x":1}})");
    model.strict = Strict::filter;
    EXPECT_EQ(to_text(to_record(model, data)), R"({"title":"a","count":2})");
}

TEST(Value, AnIdThatIsNoNumberIsDropped) {
    Model model;
    model.properties = {property("id", Kind::number)};
    model.properties.front().is_id = true;

    EXPECT_EQ(to_text(to_record(model, parse_json(R"({"id":"x"})").as_object())), "{}");
    EXPECT_EQ(to_text(to_record(model, parse_json(R"({"id":null})").as_object())), R"({"id":null})");
    EXPECT_EQ(to_id(model, "01"), Json{1});
    EXPECT_TRUE(to_id(model, "x").is_undefined());
    EXPECT_TRUE(to_id(model, "").is_undefined());
}

TEST(Value, DefaultsFillWhatIsAbsentAndNothingElse) {
    Model model;
    model.properties = {property("level", Kind::number), property("created", Kind::date), property("uid", Kind::string),
                        property("done", Kind::boolean)};
    model.properties[0].default_value = Json{3};
    model.properties[1].default_function = "now";
    model.properties[2].default_function = "guid";
    model.properties[3].default_value = Json{false};
    JsonObject record{{"level", Json{nullptr}}, {"done", Json{true}}};

    fill_defaults(model, record, 1433152800000);

    EXPECT_TRUE(record.find("level")->is_null());
    EXPECT_EQ(*record.find("done"), Json{true});
    EXPECT_EQ(*record.find("created"), Json::date(1433152800000));
    EXPECT_EQ(record.find("uid")->as_string().size(), 36U);
}

TEST(Value, AStrictEmbeddedModelDropsWhatItDoesNotDefine) {
    Model model;
    model.properties = {property("address", Kind::model)};
    model.properties[0].type.properties = {property("street", Kind::string)};
    auto const data = parse_json(R"({"address":{"z":1,"street":5}})");
    EXPECT_EQ(to_text(to_record(model, data.as_object())), R"({"address":{"street":"5","z":1}})");
    model.properties[0].type.drops_unknown = true;
    EXPECT_EQ(to_text(to_record(model, data.as_object())), R"({"address":{"street":"5"}})");
}

TEST(Value, ADefaultMayBeLeftOutWhenWritten) {
    Model model;
    model.properties = {property("level", Kind::number), property("stars", Kind::number)};
    for (auto& each : model.properties) each.default_value = Json{3};
    model.properties[0].fills_default = false;
    model.properties[1].keeps_default = false;
    JsonObject empty;
    JsonObject equal{{"level", 3}, {"stars", 3}};
    JsonObject other{{"level", 4}, {"stars", 4}};

    for (auto* record : {&empty, &equal, &other}) fill_defaults(model, *record, 0);

    EXPECT_EQ(to_text(empty), "{}");
    EXPECT_EQ(to_text(equal), R"({"level":3})");
    EXPECT_EQ(to_text(other), R"({"level":4,"stars":4})");
    for (auto const& each : model.properties) EXPECT_TRUE(fixed_default(each).is_undefined());
}

TEST(Value, DefaultFunctionsMakeWhatLoopBacksDo) {
    struct Row {
        char const* function;
        std::size_t length;
    };
    for (auto const& [function, length] :
         {Row{"guid", 36}, Row{"uuid", 36}, Row{"uuidv4", 36}, Row{"shortid", 10}, Row{"nanoid", 21}}) {
        SCOPED_TRACE(function);
        Model model;
        model.properties = {property("key", Kind::string)};
        model.properties[0].default_function = function;
        JsonObject one;
        JsonObject other;
        fill_defaults(model, one, 0);
        fill_defaults(model, other, 0);
        EXPECT_EQ(one.find("key")->as_string().size(), length);
        EXPECT_NE(*one.find("key"), *other.find("key"));
    }
}

TEST(Value, DefaultsReachIntoEmbeddedObjects) {
    Model model;
    model.properties = {property("address", Kind::object)};
    model.properties[0].type.properties = {property("street", Kind::string), property("no", Kind::number)};
    model.properties[0].type.properties[1].default_value = Json{1};
    auto record = to_record(model, parse_json(R"({"address":{"z":1,"street":5}})").as_object());

    fill_defaults(model, record.as_object(), 0);

    EXPECT_EQ(to_text(record), R"({"address":{"street":"5","z":1,"no":1}})");
}

}  // namespace
}  // namespace sallyport::definition
