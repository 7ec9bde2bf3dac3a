#include "query/sql.hpp"

#include "query/place.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include <string>

namespace sallyport::query {
namespace {

Filter filter_of(Where where) {
    Filter filter;
    filter.where = std::move(where);
    return filter;
}

struct Sql : testing::Test {
    definition::Model model = place_model();
    Table table = make_table(model);
};

TEST_F(Sql, NamesAreLowerCasedAndQuoted) {
    EXPECT_EQ(table.name, "place");
    EXPECT_EQ(quote("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(quote("order"), "\"order\"");
}

TEST_F(Sql, TheTextDoesNotDependOnValues) {
    auto const text = [&](Json const& id) {
        return select(table, filter_of(equals("id", id)), Dialect::sqlite, false).statement.sql;
    };

    EXPECT_EQ(text(1), text(2));
    EXPECT_EQ(select_by_id(table, std::int64_t{1}, {}, false).statement.sql,
              select_by_id(table, std::int64_t{2}, {}, false).statement.sql);
    FixedStatements const fixed{table};
    EXPECT_EQ(fixed.by_id(std::int64_t{1}, false).statement.sql, select_by_id(table, {}, {}, false).statement.sql);
    EXPECT_EQ(fixed.by_id(std::int64_t{1}, true).statement.sql, select_by_id(table, {}, {}, true).statement.sql);
    EXPECT_EQ(fixed.insert(table, {{"name", "a"}}).sql, fixed.insert(table, {{"score", 1}, {"extra", 2}}).sql);
}

TEST_F(Sql, ListsOfAnyLengthShareOneText) {
    Where where = equals("score", JsonArray{1, 2});
    where.op = Operator::inq;
    auto longer = where;
    longer.value = JsonArray{1, 2, 3, 4};

    EXPECT_EQ(count(table, where, Dialect::sqlite).sql, count(table, longer, Dialect::sqlite).sql);
}

TEST_F(Sql, ValuesAreNeverInTheText) {
    for (auto const* property : {"name", "misc", "info.x", "unknown'--", "open"}) {
        for (auto const op : {Operator::eq, Operator::neq, Operator::gt, Operator::like, Operator::regexp}) {
            auto where = equals(property, "needle");
            where.op = op;
            EXPECT_FALSE(count(table, where, Dialect::sqlite).sql.contains("needle")) << property;
            EXPECT_FALSE(count(table, where, Dialect::sqlite).sql.contains("unknown")) << property;
        }
    }
}

TEST_F(Sql, ASearchByAUniqueIndexIsAPoint) {
    auto const is_point = [&](Where const& where) {
        return select(table, filter_of(where), Dialect::sqlite, false).is_point;
    };
    table.columns[0].is_unique = true;

    EXPECT_TRUE(is_point(equals("id", 1)));
    EXPECT_TRUE(is_point(equals("name", "a")));
    EXPECT_TRUE(is_point(all_of({equals("score", 1), equals("name", "a")})));
    EXPECT_FALSE(is_point(equals("name", nullptr)));
    EXPECT_FALSE(is_point(equals("score", 1)));
    EXPECT_FALSE(is_point({}));
}

TEST_F(Sql, AnOrderByWhatEachRowMustHoldIsThatOfItsColumn) {
    auto const is_plain = [&](Where where) {
        auto filter = filter_of(std::move(where));
        filter.order.push_back({"score"});
        return select(table, filter, Dialect::sqlite, false)
            .statement.sql.ends_with(R"( ORDER BY "place"."score", "place"."id")");
    };

    EXPECT_TRUE(is_plain(compare("score", Operator::inq, JsonArray{1, 2})));
    EXPECT_TRUE(is_plain(all_of({equals("name", "a"), equals("score", 1)})));
    EXPECT_FALSE(is_plain(compare("score", Operator::inq, JsonArray{1, nullptr})));
    EXPECT_FALSE(is_plain(equals("score", nullptr)));
    EXPECT_FALSE(is_plain(compare("score", Operator::neq, 1)));
    EXPECT_FALSE(is_plain(any_of({equals("name", "a"), equals("score", 1)})));
    EXPECT_FALSE(is_plain(equals("name", "a")));
}

TEST_F(Sql, HiddenColumnsAreNotSelected) {
    EXPECT_FALSE(select(table, {}, Dialect::sqlite, false).statement.sql.contains("\"pin\""));
    EXPECT_TRUE(select(table, {}, Dialect::sqlite, true).statement.sql.contains("\"pin\""));
}

TEST(ToColumn, KeepsEachTypeAsItsColumnDoes) {
    EXPECT_EQ(to_column(Storage::text, "a"), Value{"a"});
    EXPECT_EQ(to_column(Storage::text, 5), Value{"5"});
    EXPECT_EQ(to_column(Storage::real, 5), Value{5.0});
    EXPECT_EQ(to_column(Storage::integer, 5), Value{std::int64_t{5}});
    EXPECT_EQ(to_column(Storage::integer, 1e300), Value{1e300});
    EXPECT_EQ(to_column(Storage::boolean, true), Value{std::int64_t{1}});
    EXPECT_EQ(to_column(Storage::date, Json::date(7)), Value{std::int64_t{7}});
    EXPECT_EQ(to_column(Storage::date, Json::date(std::nan(""))), Value{});
    EXPECT_EQ(to_column(Storage::real, std::nan("")), Value{});
    EXPECT_EQ(to_column(Storage::json, JsonArray{1, "a"}), Value{R"([1,"a"])"});
    EXPECT_EQ(to_column(Storage::json, "a"), Value{R"("a")"});
    for (auto const storage : {Storage::text, Storage::real, Storage::json, Storage::date}) {
        EXPECT_EQ(to_column(storage, nullptr), Value{});
        EXPECT_EQ(to_column(storage, {}), Value{});
    }
}

TEST(Like, MatchesAnywhereAndTakesEverythingElseLiterally) {
    EXPECT_EQ(like_to_regexp("%a_c%"), ".*a.c.*");
    EXPECT_EQ(like_to_regexp("a.c(1)"), "a\\.c\\(1\\)");
    EXPECT_EQ(like_to_regexp("\\d+"), "\\\\d\\+");
}

TEST(Indexes, OfUserModelsKeepEmailAndUsernameUnique) {
    auto model = place_model();
    model.name = "Member";
    model.bases = {"User", "PersistedModel"};
    for (auto const* name : {"realm", "email", "username"}) {
        model.properties.push_back(property(name, definition::PropertyType::Kind::string));
    }

    auto indexes = indexes_of(model);
    ASSERT_EQ(indexes.size(), 3U);
    EXPECT_TRUE(indexes[0].is_unique);
    EXPECT_FALSE(indexes[0].skips_blank);
    EXPECT_EQ(indexes[0].columns, std::vector<std::string>{"email"});
    EXPECT_TRUE(make_table(model).column("email")->is_unique);
    EXPECT_FALSE(indexes[1].is_unique);  // By which a username is found; "" is not in the other.
    EXPECT_TRUE(indexes[2].is_unique && indexes[2].skips_blank);
    EXPECT_EQ(indexes[1].columns, std::vector<std::string>{"username"});
    EXPECT_EQ(indexes[2].columns, indexes[1].columns);
    EXPECT_FALSE(make_table(model).column("username")->is_unique);

    model.settings["realmRequired"] = true;
    indexes = indexes_of(model);
    EXPECT_EQ(indexes[0].columns, (std::vector<std::string>{"realm", "email"}));
    EXPECT_FALSE(make_table(model).column("email")->is_unique);
}

TEST(Indexes, AreReadInEveryFormLoopBackTakes) {
    auto model = place_model();
    model.properties[0].is_indexed = true;
    model.properties[4].is_unique = true;
    model.indexes = {{"by_both", parse_json(R"({"keys":{"name":1,"score":-1},"options":{"unique":true}})")},
                     {"old", parse_json(R"({"columns":"name, open","kind":"unique"})")},
                     {"plain", parse_json(R"({"opened":1})")}};

    auto const indexes = indexes_of(model);

    ASSERT_EQ(indexes.size(), 5U);
    EXPECT_FALSE(indexes[0].is_unique);
    EXPECT_TRUE(indexes[1].is_unique);
    EXPECT_EQ(indexes[2].columns, (std::vector<std::string>{"name", "score"}));
    EXPECT_TRUE(indexes[2].is_unique);
    EXPECT_EQ(indexes[3].columns, (std::vector<std::string>{"name", "open"}));
    EXPECT_TRUE(indexes[3].is_unique);
    EXPECT_EQ(indexes[4].columns, std::vector<std::string>{"opened"});
}

TEST(Indexes, OfForeignKeysAreThoseThatNoOtherBeginsWith) {
    auto model = place_model();
    model.indexes = {{"by_both", parse_json(R"({"opened":1,"name":1})")}};
    // The last four: served, kept as JSON, the id, and no property.
    model.lookups = {{"score"}, {"name", "nickname"}, {"opened"}, {"misc"}, {"id"}, {"score", "nothing"}};

    auto const indexes = indexes_of(model);

    ASSERT_EQ(indexes.size(), 3U);
    EXPECT_EQ(indexes[1].name, "place_score_idx");
    EXPECT_FALSE(indexes[1].is_unique);
    EXPECT_EQ(indexes[2].columns, (std::vector<std::string>{"name", "nickname"}));
}

}  // namespace
}  // namespace sallyport::query
