#include "query/parse.hpp"

#include "query/place.hpp"
#include "sallyport/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace sallyport::query {
namespace {

FilterRules const strict{};
FilterRules const as_loopback{.refuse_unknown = false, .max_include_depth = 12, .max_limit = 0};

definition::Relation relation(std::string name, std::string model) {
    definition::Relation made;
    made.name = std::move(name);
    made.model = std::move(model);
    return made;
}

// Place, which relates to itself and to nothing that is known.
struct Fixture {
    Fixture() {
        model.relations = {relation("parts", "Place"), relation("whole", "Place"), relation("thing", "")};
        models.add(model);
    }

    Filter read(std::string const& text, FilterRules const& rules = strict) const {
        return read_filter(parse_json(text, {.max_depth = 100, .max_keys = 100000}), model, models, rules);
    }

    definition::Model model = place_model();
    definition::Registry models;
};

std::string refusal(std::string const& filter, FilterRules const& rules = strict) {
    try {
        Fixture{}.read(filter, rules);
    } catch (Error const& error) {
        EXPECT_EQ(error.status, 400) << filter;
        return error.message;
    }
    return "accepted";
}

TEST(Filter, WhatCannotBeReadIs400WithLoopBacksWords) {
    struct Case {
        std::string filter;
        std::string message;
    };
    std::string const no_list = "Value is not an array or object with sequential numeric indices";
    Case const cases[] = {
        {R"({"where":"x"})", R"(The where clause "x" is not an object)"},
        {R"({"where":[]})", "The where clause [] is not an object"},
        {R"({"where":{"or":[1]}})", "The where clause 1 is not an object"},
        {R"({"where":{"name":{"near":"1,2"}}})",
         R"(The name property has invalid clause {"near":"1,2"}: it holds no points)"},
        {R"({"where":{"info":{"near":"1,2","unit":"ells"}}})",
         R"(The info property has invalid clause {"near":"1,2","unit":"ells"}: the unit is miles, kilometers, meters, )"
         "feet, radians or degrees"},
        {R"({"where":{"info":{"near":"1,2","maxDistance":"far"}}})",
         R"(The info property has invalid clause {"near":"1,2","maxDistance":"far"}: maxDistance is not a number)"},
        {R"({"where":{"info":{"near":"1,2","gt":1}}})",
         R"(The info property has invalid clause {"near":"1,2","gt":1}: unknown operator gt)"},
        {R"({"where":{"info":{"near":null}}})",
         R"(The info property has invalid clause {"near":null}: near needs a point)"},
        {R"({"where":{"score":{"between":1}}})",
         R"(The score property has invalid clause {"between":1}: Error: )" + no_list},
        {R"({"where":{"name":{"inq":"x"}}})", R"(The name property has invalid clause {"inq":"x"}: Error: )" + no_list},
        {R"({"where":{"name":{"inq":{}}}})",
         R"(The name property has invalid clause {"inq":{}}: Error: Value is an empty object)"},
        {R"({"where":{"name":{"like":5}}})",
         R"(The name property has invalid clause {"like":5}: Expected a string or RegExp)"},
        {R"({"where":{"score":{"between":[1]}}})",
         R"(The score property has invalid clause {"between":[1]}: Expected precisely 2 values, received 1)"},
        {R"({"where":{"and":"x"}})", R"(The and operator has invalid clauses "x": )" + no_list},
        {R"({"where":{"or":null}})", R"(The or operator has invalid clauses "null": )" + no_list},
        {R"({"where":{"or":{}}})", "The or operator has invalid clauses {}: Value is an empty object"},
        {R"({"where":{"opened":"never"}})", "Invalid date: never"},
        {R"({"where":"x","limit":-1})", "The limit parameter -1 is not valid"},
        {R"({"limit":-1})", "The limit parameter -1 is not valid"},
        {R"({"limit":1.5})", "The limit parameter 1.5 is not valid"},
        {R"({"limit":"x"})", R"(The limit parameter "x" is not valid)"},
        {R"({"skip":-1})", "The offset/skip parameter -1 is not valid"},
        {R"({"offset":1.5})", "The offset/skip parameter 1.5 is not valid"},
        {R"({"order":5})", "The order 5 is not valid"},
        {R"({"order":[null]})", R"(The order "null" is not valid)"},
        {R"({"order":"name sideways"})", R"(The order "name sideways" has invalid direction)"},
        {R"({"include":"nobody"})", R"(Relation "nobody" is not defined for Place model)"},
        {R"([])", "The query filter [] is not an object"},
    };
    for (auto const& one : cases) EXPECT_EQ(refusal(one.filter, as_loopback), one.message) << one.filter;
}

TEST(Filter, AnEmptyPatternFindsNothing) {
    for (auto const* op : {"like", "ilike"}) {
        auto const where = Fixture{}.read(R"({"where":{"name":{")" + std::string{op} + R"(":""}}})").where;
        EXPECT_EQ(where.kind, Where::Kind::any) << op;
        EXPECT_TRUE(where.parts.empty()) << op;
    }
}

TEST(Filter, WhatAnEmbeddedModelHidesIsHidden) {
    Fixture fixture;
    definition::Property inner;
    inner.name = "code";
    inner.is_hidden = true;
    definition::Property box;
    box.name = "box";
    box.type.kind = definition::PropertyType::Kind::model;
    box.type.properties = {inner};
    auto boxes = box;
    boxes.name = "boxes";
    boxes.type.kind = definition::PropertyType::Kind::array;
    boxes.type.element = std::make_shared<definition::PropertyType>(box.type);
    boxes.type.properties.clear();
    fixture.model.properties.insert(fixture.model.properties.end(), {box, boxes});

    for (auto const* filter :
         {R"({"where":{"box.code":"1"}})", R"({"where":{"boxes.code":"1"}})", R"({"order":"box.code"})"}) {
        EXPECT_THROW(fixture.read(filter), Error) << filter;
    }
    EXPECT_NO_THROW(fixture.read(R"({"where":{"box.size":"1"}})"));
    EXPECT_TRUE(fixture.read(R"({"where":{"boxes.code":"1"}})", as_loopback).where.matches_everything());
}

TEST(Filter, UnknownAndHiddenPropertiesAreRefusedAlike) {
    for (auto const* name : {"pin", "nothing"}) {
        std::string const quoted = '"' + std::string{name} + '"';
        EXPECT_EQ(refusal(R"({"where":{)" + quoted + ":1}}"), "Place has no property " + quoted + " to filter by.");
        EXPECT_EQ(refusal(R"({"order":)" + quoted + "}"), "Place has no property " + quoted + " to order by.");
        EXPECT_EQ(refusal(R"({"fields":[)" + quoted + "]}"), "Place has no property " + quoted + " to give.");
    }
    EXPECT_NE(refusal(R"({"where":{"or":[{"name":"a"},{"and":[{"pin":{"like":"1%"}}]}]}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"info.pin":"x"}})"), "accepted");
    EXPECT_NE(refusal(R"({"include":{"relation":"parts","scope":{"where":{"pin":"1"}}}})"), "accepted");
}

TEST(Filter, WhatIsProtectedIsHiddenBelowAnotherRecord) {
    Fixture fixture;
    std::ranges::find(fixture.model.properties, "nickname", &definition::Property::name)->is_protected = true;
    fixture.models.add(fixture.model);
    auto const where_below = [&](std::string const& where) {
        return fixture.read(R"({"include":{"relation":"parts","scope":{"where":)" + where + "}}}", as_loopback)
            .include[0]
            .scope[0]
            .where;
    };

    EXPECT_FALSE(fixture.read(R"({"where":{"nickname":"al"}})").where.matches_everything());
    EXPECT_TRUE(where_below(R"({"nickname":"al"})").matches_everything());
    EXPECT_TRUE(where_below(R"({"and":[{"nickname":{"like":"a%"}}]})").matches_everything());
    EXPECT_FALSE(where_below(R"({"name":"al"})").matches_everything());
    auto const ordered = fixture.read(R"({"include":{"relation":"parts","scope":{"order":"nickname"}}})", as_loopback);
    EXPECT_EQ(ordered.include[0].scope[0].order.at(0).property, "id");
    EXPECT_THROW(fixture.read(R"({"include":{"relation":"parts","scope":{"where":{"nickname":"al"}}}})"), Error);
}

TEST(Filter, AnEmbeddedModelIsComparedWithAnObjectOnly) {
    Fixture fixture;
    auto box = property("box", definition::PropertyType::Kind::object);
    box.type.properties = {property("size", definition::PropertyType::Kind::string)};
    fixture.model.properties.push_back(box);

    for (auto const* value : {"5", R"({"gt":5})", R"({"like":"5"})", R"({"inq":[5]})"}) {
        EXPECT_THROW(fixture.read(R"({"where":{"box":)" + std::string{value} + "}}"), Error) << value;
    }
    try {
        fixture.read(R"({"where":{"box":{"between":[5]}}})");
        ADD_FAILURE() << "of one value there is no range";
    } catch (Error const& error) {
        EXPECT_TRUE(error.message.ends_with("Expected precisely 2 values, received 1")) << error.message;
    }
    EXPECT_NO_THROW(fixture.read(R"({"where":{"box":null,"and":[{"box":{"size":"L"}},{"box":{"neq":{}}}]}})"));
}

TEST(Filter, ToLeaveFieldsOutIsToAskForTheOthersOfTheDefinition) {
    auto const fields = Fixture{}.read(R"({"fields":{"name":false}})").fields;

    EXPECT_FALSE(fields.has("name"));
    EXPECT_TRUE(fields.has("score"));
    EXPECT_FALSE(fields.has("unknown"));
}

TEST(Filter, FieldsThatLeaveOutAllThatIsKnownLeaveNothing) {
    Fixture const fixture;
    JsonObject none;
    for (auto const& property : fixture.model.properties) none.set(property.name, false);

    auto const fields = fixture.read(to_text(JsonObject{{"fields", Json{none}}}), as_loopback).fields;

    EXPECT_FALSE(fields.empty());
    for (auto const* name : {"name", "unknown", ""}) EXPECT_FALSE(fields.has(name)) << name;
}

TEST(Filter, FieldsThatNameNothingAskForWhatTheDefinitionNames) {
    for (auto const* given : {R"({"fields":1})", R"({"fields":true})"}) {
        auto const fields = Fixture{}.read(given).fields;

        EXPECT_TRUE(fields.has("name")) << given;
        EXPECT_FALSE(fields.has("unknown")) << given;
    }
    EXPECT_TRUE(Fixture{}.read(R"({"fields":0})").fields.empty());
}

TEST(Filter, HiddenPropertiesAreDroppedAndUnknownOnesKeptInLoopBacksMode) {
    Fixture const fixture;

    EXPECT_TRUE(fixture.read(R"({"where":{"pin":"1"}})", as_loopback).where.matches_everything());
    EXPECT_EQ(fixture.read(R"({"where":{"nothing":"1"}})", as_loopback).where.property, "nothing");
    EXPECT_EQ(fixture.read(R"({"order":"pin"})", as_loopback).order.front().property, "id");
    EXPECT_FALSE(fixture.read(R"({"fields":["pin"]})", as_loopback).fields.empty());
}

TEST(Filter, TheProgramItselfMayFilterByHiddenProperties) {
    Fixture const fixture;
    auto rules = strict;
    rules.prohibit_hidden = false;

    EXPECT_EQ(fixture.read(R"({"where":{"pin":"1"}})", rules).where.property, "pin");
}

TEST(Filter, AModelOpensItsHiddenPropertiesWhereTheRulesLetIt) {
    Fixture fixture;
    fixture.model.settings["prohibitHiddenPropertiesInQuery"] = false;
    auto open = as_loopback;
    open.models_may_open_hidden = true;

    EXPECT_EQ(fixture.read(R"({"where":{"pin":"1"}})", open).where.property, "pin");
    EXPECT_EQ(fixture.read(R"({"order":"pin"})", open).order.size(), 1U);
    EXPECT_TRUE(fixture.read(R"({"where":{"pin":"1"}})", as_loopback).where.matches_everything());
    EXPECT_THROW(fixture.read(R"({"where":{"pin":"1"}})", strict), Error);
}

TEST(Filter, ADateStringIsComparedAsTextAndABufferByItsBytes) {
    using Kind = definition::PropertyType::Kind;
    auto model = place_model();
    model.properties.push_back(property("day", Kind::date_string));
    model.properties.push_back(property("file", Kind::buffer));
    auto const read = [&](std::string const& where) { return read_where(parse_json(where), model, strict).value; };
    auto const ab = parse_json(R"({"type":"Buffer","data":[97,98]})");

    EXPECT_EQ(read(R"({"day":"2015-06-01"})"), Json{"2015-06-01"});
    EXPECT_THROW(read(R"({"day":{"gt":"zz"}})"), Error);
    EXPECT_EQ(read(R"({"file":"ab"})"), ab);
    EXPECT_EQ(read(R"({"file":{"data":[97,98],"type":"Buffer"}})"), ab);
    EXPECT_EQ(read(R"({"file":{"inq":["ab",[97,98]]}})"), (JsonArray{ab, ab}));
}

TEST(Filter, ValuesAreBroughtIntoTheTypeOfTheirProperty) {
    struct Case {
        std::string where;
        Json value;
    };
    Case const cases[] = {
        {R"({"score":"20"})", 20},
        {R"({"score":"abc"})", "abc"},
        {R"({"name":5})", "5"},
        {R"({"open":"true"})", true},
        {R"({"open":"0"})", false},
        {R"({"opened":"2015-02-10"})", Json::date(1423526400000)},
        {R"({"opened":0})", Json::date(0)},
        {R"({"opened":{"inq":[["2015-02-10"]]}})", JsonArray{Json::date(1423526400000)}},
        {R"({"nickname":null})", nullptr},
        {R"({"ratings":"3"})", 3},
        {R"({"score":{"inq":["1",null]}})", JsonArray{1, nullptr}},
        {R"({"score":{"inq":{"0":"1","1":"2"}}})", JsonArray{1, 2}},
        {R"({"id":{"eq":"3"}})", 3},
        {R"({"info.city":"SF"})", "SF"},
        {R"({"score":["1","x"]})", JsonArray{1, "x"}},
        {R"({"open":{"between":[0,[]]}})", JsonArray{false, true}},
        {R"({"open":{"like":"x"}})", "true"},
        {R"({"score":{"like":"010"}})", "10"},
        {R"({"name":{"regexp":"/^a/i"}})", "^a"},
    };
    for (auto const& one : cases) {
        EXPECT_EQ(read_where(parse_json(one.where), place_model(), strict).value, one.value) << one.where;
    }
}

TEST(Filter, ADateIsLikeNoPatternAndUnlikeEachButNothing) {
    auto const read = [](char const* where) { return read_where(parse_json(where), place_model(), strict); };
    auto const unlike = read(R"({"opened":{"nlike":"2015-02-10"}})");

    EXPECT_EQ(read(R"({"opened":{"like":"2015-02-10"}})").kind, Where::Kind::any);
    EXPECT_EQ(unlike.op, Operator::nin);
    EXPECT_EQ(unlike.value, Json::array());
}

TEST(Filter, ARegexpIsBoundedAndMustCompile) {
    EXPECT_NE(refusal(R"({"where":{"name":{"regexp":"["}}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"name":{"regexp":"/a/x"}}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"name":{"regexp":")" + std::string(257, 'a') + R"("}}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"name":{"like":")" + std::string(257, 'a') + R"("}}})"), "accepted");
    EXPECT_EQ(refusal(R"({"where":{"name":{"regexp":"(a+)+$"}}})"), "accepted");
    EXPECT_EQ(refusal(R"({"where":{"name":{"regexp":"^(?<first>A|\\u00e9)\\/$"}}})"), "accepted");
}

TEST(Filter, OperatorsOfOtherDatabasesAreRefused) {
    EXPECT_NE(refusal(R"({"where":{"name":{"$where":"1"}}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"info":{"$gt":"1"}}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"score":{"gt":1,"bogus":1}}})"), "accepted");
    EXPECT_NE(refusal(R"({"where":{"score":{"bogus":1}}})"), "accepted");
}

TEST(Filter, DepthAndNumberAreBounded) {
    std::string deep = R"({"name":"a"})";
    for (int i = 0; i < 20; ++i) deep = R"({"and":[)" + deep + "]}";
    EXPECT_EQ(refusal(R"({"where":)" + deep + "}"), "The query object exceeds maximum depth 12");

    auto const as_wide = [](int levels, FilterRules rules) {
        rules.max_depth = levels;
        auto const where = parse_json(R"({"name":{"inq":["a"]}})");  // Three deep.
        Fixture fixture;
        read_where(where, fixture.model, rules);
        read_filter(JsonObject{{"where", where}}, fixture.model, fixture.models, rules);
    };
    EXPECT_NO_THROW(as_wide(4, as_loopback));
    EXPECT_THROW(as_wide(3, as_loopback), Error);
    EXPECT_NO_THROW(as_wide(6, joined(as_loopback)));
    EXPECT_THROW(as_wide(5, joined(as_loopback)), Error) << "LoopBack joins it to another";

    Fixture fixture;
    auto const two_deep = R"({"where":{"name":"a"}})";
    EXPECT_NO_THROW(fixture.read(two_deep));
    fixture.model.settings["maxDepthOfQuery"] = 1;
    EXPECT_THROW(fixture.read(two_deep), Error);
    fixture.model.settings["maxDepthOfQuery"] = 1000;
    EXPECT_THROW(fixture.read(R"({"where":)" + deep + "}"), Error);

    std::string many;
    for (int i = 0; i < 10000; ++i) many += R"({"score":)" + std::to_string(i) + "},";
    many.pop_back();
    EXPECT_EQ(refusal(R"({"where":{"or":[)" + many + "]}}"), "The filter has more than 1000 conditions.");

    std::string list;
    for (int i = 0; i < 1001; ++i) list += std::to_string(i) + ",";
    list.pop_back();
    EXPECT_EQ(refusal(R"({"where":{"score":{"inq":[)" + list + "]}}}"), "The filter has more than 1000 conditions.");

    std::string nested = R"("parts")";
    for (int i = 0; i < 9; ++i) nested = R"({"parts":)" + nested + "}";
    EXPECT_EQ(refusal(R"({"include":)" + nested + "}"), "The include goes deeper than 3 relations.");
}

TEST(Filter, LimitsAreHeldInBoundsAndNoneOrZeroMeansAsManyAsAllowed) {
    Fixture const fixture;
    EXPECT_EQ(fixture.read("{}").limit, 1000);
    EXPECT_EQ(fixture.read(R"({"limit":0})").limit, 1000);
    EXPECT_EQ(fixture.read(R"({"limit":1e9})").limit, 1000);
    EXPECT_EQ(fixture.read(R"({"limit":"2"})").limit, 2);
    EXPECT_EQ(fixture.read("{}", as_loopback).limit, std::nullopt);
    EXPECT_EQ(fixture.read(R"({"limit":0})", as_loopback).limit, std::nullopt);
    EXPECT_EQ(fixture.read(R"({"limit":5000})", as_loopback).limit, 5000);
    EXPECT_EQ(fixture.read(R"({"skip":1e12})").skip, 1000000000000);
    EXPECT_EQ(fixture.read(R"({"skip":1e300})").skip, 9007199254740991);
    EXPECT_EQ(fixture.read(R"({"offset":"3"})").skip, 3);
}

TEST(Filter, OrderMayBeATextOrAList) {
    Fixture const fixture;
    for (auto const* text : {R"({"order":"score DESC, name"})", R"({"order":["score desc","name ASC"]})",
                             R"({"order":{"0":" score  Desc","1":"name asc"}})"}) {
        auto const order = fixture.read(text).order;
        ASSERT_EQ(order.size(), 2U) << text;
        EXPECT_EQ(order[0].property, "score");
        EXPECT_TRUE(order[0].descending);
        EXPECT_EQ(order[1].property, "name");
        EXPECT_FALSE(order[1].descending);
    }
}

TEST(Filter, AnOrderThatNamesNothingIsById) {
    Fixture const fixture;
    for (auto const* text : {R"({"order":[]})", R"({"order":", "})"}) {
        auto const order = fixture.read(text).order;
        ASSERT_EQ(order.size(), 1U) << text;
        EXPECT_EQ(order[0].property, "id");
        EXPECT_FALSE(order[0].descending);
    }
    EXPECT_TRUE(fixture.read(R"({"order":""})").order.empty());
}

TEST(Filter, FieldsMayBeANameAListOrAnObject) {
    Fixture const fixture;
    using Names = std::vector<std::string>;
    EXPECT_EQ(fixture.read(R"({"fields":"name"})").fields.only, Names{"name"});
    EXPECT_EQ(fixture.read(R"({"fields":["name","score"]})").fields.only, (Names{"name", "score"}));
    EXPECT_EQ(fixture.read(R"({"fields":{"name":true,"score":false}})").fields.only, Names{"name"});
    EXPECT_TRUE(fixture.read(R"({"fields":{"name":true,"score":false}})").fields.except.empty());
    auto const others = fixture.read(R"({"fields":{"name":false}})").fields;
    EXPECT_EQ(others.only.size(), fixture.model.properties.size() - 1);
    EXPECT_FALSE(others.has("name"));
    EXPECT_TRUE(others.has("score"));
    EXPECT_TRUE(fixture.read(R"({"fields":[]})").fields.empty());
    EXPECT_TRUE(fixture.read(R"({"fields":{}})").fields.empty());
}

TEST(Filter, IncludeMayBeATextAListOrNested) {
    Fixture const fixture;
    EXPECT_EQ(fixture.read(R"({"include":"parts"})").include.at(0).relation, "parts");
    EXPECT_EQ(fixture.read(R"({"include":["parts","whole"]})").include.size(), 2U);
    EXPECT_EQ(fixture.read(R"({"include":["parts","parts"]})").include.size(), 1U);
    EXPECT_TRUE(fixture.read(R"({"include":""})").include.empty());
    EXPECT_TRUE(fixture.read(R"({"include":{"parts":""}})").include.at(0).scope.at(0).include.empty());
    for (auto const* text : {R"({"include":{"parts":"whole"}})", R"({"include":[{"parts":["whole"]}]})",
                             R"({"include":{"relation":"parts","scope":{"include":"whole"}}})"}) {
        auto const include = fixture.read(text).include;
        ASSERT_EQ(include.size(), 1U) << text;
        ASSERT_EQ(include[0].scope.size(), 1U) << text;
        EXPECT_EQ(include[0].scope[0].include.at(0).relation, "whole") << text;
    }
    auto const scoped = fixture.read(R"({"include":{"relation":"parts","scope":{"limit":1,"where":{"score":"2"}}}})");
    EXPECT_EQ(scoped.include[0].scope[0].limit, 1);
    EXPECT_EQ(scoped.include[0].scope[0].where.value, Json{2});
    EXPECT_TRUE(fixture.read(R"({"include":5})").include.empty());
}

}  // namespace
}  // namespace sallyport::query
