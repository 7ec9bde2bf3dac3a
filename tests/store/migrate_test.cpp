#include "store/migrate.hpp"

#include "query/place.hpp"
#include "store/own_tables.hpp"
#include "store/sqlite.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace sallyport::store {
namespace {

std::vector<std::string> schema(Store& store) {
    std::vector<std::string> texts;
    store.inspect(
        {"SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid", {}},
        [&](Row const& row) { texts.emplace_back(row.text(0)); });
    return texts;
}

std::string refusal(auto const& attempt) {
    try {
        attempt();
    } catch (std::runtime_error const& error) {
        return error.what();
    }
    return "accepted";
}

struct Migration : testing::Test {
    definition::Model model = place_model();
    std::unique_ptr<Store> store = open_sqlite({});

    std::vector<Statement> plan() { return plan_migration(*store, {query::make_table(model)}); }
    void migrate() { store->prepare(plan()); }
};

TEST_F(Migration, MakesTheTableAsLoopBackNamesItAndThenNothing) {
    migrate();

    EXPECT_EQ(schema(*store), std::vector<std::string>{
                                  R"(CREATE TABLE "place" ("name" TEXT, "location" TEXT, "info" TEXT, "ratings" TEXT, )"
                                  R"("nickname" TEXT, "score" REAL, "opened" INTEGER, "open" INTEGER, "misc" TEXT, )"
                                  R"("pin" TEXT, "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, _more TEXT))"});
    EXPECT_TRUE(plan().empty());
}

TEST_F(Migration, AddsColumnsAndIndexesAndDropsNothing) {
    migrate();
    store->prepare({{"INSERT INTO place (name, score) VALUES ('a', 1)", {}}});
    model.properties.erase(model.properties.begin());  // name
    model.properties.push_back(property("stars", definition::PropertyType::Kind::number));
    model.properties[4].is_indexed = true;
    model.indexes = {{"by_stars", parse_json(R"({"keys":{"stars":1},"options":{"unique":true}})")}};

    auto const statements = plan();
    store->prepare(statements);

    ASSERT_EQ(statements.size(), 3U);
    EXPECT_EQ(statements[0].sql, R"(ALTER TABLE "place" ADD COLUMN "stars" REAL)");
    EXPECT_EQ(statements[1].sql, R"(CREATE INDEX "place_score_idx" ON "place" ("score"))");
    EXPECT_EQ(statements[2].sql, R"(CREATE UNIQUE INDEX "by_stars" ON "place" ("stars"))");
    EXPECT_TRUE(plan().empty());
    auto rows = 0;
    store->inspect({"SELECT name FROM place WHERE name = 'a'", {}}, [&](Row const&) { ++rows; });
    EXPECT_EQ(rows, 1);
}

TEST_F(Migration, RecordsComeByAForeignKeyAsItsIndexHasThem) {
    model.lookups = {{"score"}};
    migrate();
    Filter filter;
    filter.where = compare("score", Operator::inq, JsonArray{1, 2});
    filter.order.push_back({"score"});
    auto asked = query::select(query::make_table(model), filter, store->dialect(), false).statement;

    asked.sql.insert(0, "EXPLAIN QUERY PLAN ");
    std::string steps;
    store->inspect(asked, [&](Row const& row) { steps.append(row.text(3)).append("\n"); });

    EXPECT_TRUE(steps.contains("SEARCH place USING INDEX place_score_idx (score=?)")) << steps;
    EXPECT_FALSE(steps.contains("TEMP B-TREE")) << steps;  // Nothing is sorted.
}

TEST_F(Migration, GivesAnIndexAnotherNameWhereTheNameIsTaken) {
    migrate();
    store->prepare({{"CREATE INDEX by_stars ON place (name)", {}}});
    model.indexes = {{"by_stars", parse_json(R"({"score":1})")}};

    migrate();

    EXPECT_EQ(schema(*store).back(), R"(CREATE INDEX "by_stars_" ON "place" ("score"))");
}

TEST_F(Migration, AnIndexThatServesIsNotMadeTwice) {
    migrate();
    store->prepare({{"CREATE UNIQUE INDEX theirs ON place (score)", {}}});
    model.properties[5].is_indexed = true;

    EXPECT_TRUE(plan().empty());
}

TEST_F(Migration, DuplicatesUnderAUniqueIndexAreNamed) {
    migrate();
    store->prepare({{"INSERT INTO place (nickname) VALUES ('a'), ('a'), ('a'), ('b'), (NULL), (NULL)", {}}});
    model.properties[4].is_unique = true;

    EXPECT_EQ(refusal([&] { plan(); }),
              "table place must be unique by (nickname), but 2 rows repeat an earlier one\n  hint: make them differ, "
              "or take \"unique\" away");
}

TEST_F(Migration, BlankUsernamesMayRepeatAndOthersMayNot) {
    model.bases.emplace_back("User");
    model.properties.push_back(property("username", definition::PropertyType::Kind::string));
    store->prepare({{"CREATE TABLE place (id INTEGER PRIMARY KEY, username TEXT)", {}},
                    {"INSERT INTO place (username) VALUES (''), (''), (NULL), ('a')", {}}});

    migrate();

    EXPECT_TRUE(plan().empty());
    store->prepare({{"INSERT INTO place (username) VALUES ('')", {}}});
    EXPECT_ANY_THROW(store->prepare({{"INSERT INTO place (username) VALUES ('a')", {}}}));
    EXPECT_EQ(schema(*store).back(),
              R"(CREATE UNIQUE INDEX "place_username_key" ON "place" ("username") WHERE "username" <> '')");
}

TEST_F(Migration, AnIndexWithAnotherConditionServesNot) {
    migrate();
    store->prepare({{"CREATE INDEX theirs ON place (score) WHERE score > 1", {}}});
    model.properties[5].is_indexed = true;

    EXPECT_EQ(plan().size(), 1U);
}

TEST_F(Migration, AColumnOfAnotherKindIsNamed) {
    store->prepare({{"CREATE TABLE place (id INTEGER PRIMARY KEY, score TEXT)", {}}});

    EXPECT_EQ(refusal([&] { plan(); }),
              "table place column score is TEXT, which cannot keep REAL values\n  hint: a column is never retyped: "
              "give the property its old type back, or another name");
}

TEST_F(Migration, ATableOfLoopBacksConnectorKeepsItsShape) {
    store->prepare({{"CREATE TABLE place (name VARCHAR(40), id INTEGER NOT NULL PRIMARY KEY)", {}}});
    auto const table = adjust(*store, query::make_table(model));

    store->prepare(plan_migration(*store, {table}));

    EXPECT_FALSE(table.has_more);
    EXPECT_FALSE(schema(*store).front().contains("_more"));
    EXPECT_TRUE(adjust(*open_sqlite({}), query::make_table(model)).has_more);
}

TEST_F(Migration, AnIdThatIsGivenIsNotCountedOn) {
    model.properties.back().is_generated = false;
    migrate();

    EXPECT_FALSE(schema(*store).front().contains("AUTOINCREMENT"));
}

TEST(OwnTables, AreMadeOnceAndAreStrict) {
    auto const store = open_sqlite({});

    store->prepare(plan_own_tables(*store));

    EXPECT_TRUE(plan_own_tables(*store).empty());
    for (auto const sql : own_tables()) {
        if (sql.starts_with("CREATE TABLE")) EXPECT_TRUE(sql.contains("STRICT")) << sql;
    }
}

TEST(OwnTables, OfAnEarlierVersionAreBroughtUpWithWhatIsInThem) {
    auto const store = open_sqlite({.synchronous = "OFF"});
    store->prepare({{"CREATE TABLE sallyport_meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT", {}},
                    {"INSERT INTO sallyport_meta VALUES ('schema', '3')", {}},
                    {"CREATE TABLE sallyport_outbox (id TEXT NOT NULL PRIMARY KEY, channel TEXT NOT NULL,"
                     " sealed TEXT NOT NULL, due INTEGER NOT NULL, lease_until INTEGER NOT NULL DEFAULT 0,"
                     " tries INTEGER NOT NULL DEFAULT 0, expires_at INTEGER NOT NULL) STRICT",
                     {}},
                    {"INSERT INTO sallyport_outbox VALUES ('a', 'email', 'x', 0, 0, 0, 9)", {}}});
    store->prepare(plan_own_tables(*store));
    std::string found;
    store->inspect(
        {"SELECT id || '|' || account || '|' || (SELECT value FROM sallyport_meta WHERE key = 'schema') || '|'"
         " || (SELECT count(*) FROM sallyport_email_changes) FROM sallyport_outbox",
         {}},
        [&](Row const& row) { found = row.text(0); });
    EXPECT_EQ(found, "a||" + std::to_string(own_schema_version) + "|0");
}

TEST(OwnTables, OfTheVersionBeforeAreBroughtUpAndKeepWhatTheyHold) {
    auto const store = open_sqlite({});
    store->prepare(plan_own_tables(*store));
    for (auto const* sql : {"DROP TABLE sallyport_trusted_devices", "ALTER TABLE sallyport_devices DROP COLUMN agent",
                            "INSERT INTO sallyport_devices (id, user_model, user_id, network, last_login) VALUES ('a', "
                            "'Employee', '1', '198.41.0.0/24', 1)",
                            "UPDATE sallyport_meta SET value = '3' WHERE key = 'schema'"})
        store->prepare({{sql, {}}});

    store->prepare(plan_own_tables(*store));

    std::string agent = "none";
    store->inspect({"SELECT agent FROM sallyport_devices WHERE id = 'a'", {}},
                   [&](Row const& row) { agent = row.text(0); });
    EXPECT_EQ(agent, "");
    EXPECT_TRUE(has_table(*store, "sallyport_trusted_devices"));
    EXPECT_TRUE(plan_own_tables(*store).empty());
}

// What was done before the trail told apart what lasts, lasts as well.
TEST(OwnTables, EventsThatAreThereLastWhereTheyTellOfAChange) {
    auto const store = open_sqlite({});
    store->prepare(plan_own_tables(*store));
    store->prepare(
        {{"DROP INDEX sallyport_audit_lasting", {}}, {"ALTER TABLE sallyport_audit DROP COLUMN lasting", {}}});
    for (auto const* event : {"account.deleted", "session.ended", "password", "password.changed", "device.used"})
        store->prepare(
            {{"INSERT INTO sallyport_audit VALUES (NULL, 1, ?1, 'done', '', '', '', '', '', '', '', '')", {event}}});

    store->prepare(plan_own_tables(*store));

    std::string lasting;
    store->inspect({"SELECT event FROM sallyport_audit WHERE lasting = 1 ORDER BY id", {}},
                   [&](Row const& row) { lasting += std::string{row.text(0)} + " "; });
    EXPECT_EQ(lasting, "account.deleted password.changed ");
    EXPECT_TRUE(plan_own_tables(*store).empty());
}

TEST(OwnTables, OfANewerVersionAreRefused) {
    auto const store = open_sqlite({});
    store->prepare(plan_own_tables(*store));
    store->prepare({{"UPDATE sallyport_meta SET value = '999' WHERE key = 'schema'", {}}});

    EXPECT_TRUE(refusal([&] { plan_own_tables(*store); }).contains("newer version"));
}

TEST(OwnTables, BelongToTheKeysTheyWereMadeWith) {
    auto const store = open_sqlite({});
    store->prepare(plan_own_tables(*store));

    check_keys(*store, "aaaa");

    EXPECT_NO_THROW(check_keys(*store, "aaaa"));
    EXPECT_TRUE(refusal([&] { check_keys(*store, "bbbb"); }).contains("other keys"));
}

}  // namespace
}  // namespace sallyport::store
