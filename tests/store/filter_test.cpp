// Filters against a real database: the answers are those recorded from LoopBack 3.28.

#include "query/parse.hpp"
#include "query/place.hpp"
#include "query/sql.hpp"
#include "store/migrate.hpp"
#include "store/row.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace sallyport::store {
namespace {

constexpr char const* places = R"([
    {"name":"Alpha","score":10,"nickname":"al","opened":"2015-01-10T00:00:00.000Z","open":true,
     "location":{"lat":37.77,"lng":-122.42},"info":{"city":"SF","size":{"w":3}},"ratings":[1,2]},
    {"name":"beta","score":20,"nickname":"be","opened":"2015-02-10T00:00:00.000Z","open":false,
     "location":{"lat":34.05,"lng":-118.24},"info":{"city":"LA","size":{"w":7}},"ratings":[3]},
    {"name":"Gamma","score":30,"opened":"2015-03-10T00:00:00.000Z","open":true,"location":{"lat":40.71,"lng":-74},
     "info":{"city":"NY"},"ratings":[]},
    {"name":"delta","score":20,"nickname":null,"open":false,"location":{"lat":41.88,"lng":-87.63}},
    {"name":"Epsilon","score":-5,"nickname":"Al","opened":"2014-12-31T23:59:59.999Z","info":{"city":"sf","tags":["x","y"]}},
    {"name":"zeta 100%_a","nickname":"a.c","info":{"list":[{"k":1},{"k":2}]}}])";

struct Question {
    std::string filter;
    std::string answer;
};

void PrintTo(Question const& question, std::ostream* out) { *out << question.filter; }

query::FilterRules const as_loopback{.refuse_unknown = false, .max_include_depth = 12, .max_limit = 0};

// A database with one model's table, made by us or as LoopBack's connector makes it.
class Records {
public:
    explicit Records(definition::Model of = place_model())
        : model{std::move(of)}, table{query::make_table(model)}, store{open_sqlite({})} {
        store->prepare(plan_migration(*store, {table}));
    }

    void insert(Json const& record) const {
        auto typed = record.as_object();
        if (auto* opened = typed.find("opened"); opened != nullptr && opened->is_string()) {
            *opened = Json::date(parse_date(opened->as_string()));
        }
        store->prepare({query::FixedStatements{table}.insert(table, typed)});
    }

    Json find(std::string const& filter, query::FilterRules const& rules = as_loopback) const {
        auto const read = query::read_filter(parse_json(filter), model, definition::Registry{}, rules);
        auto const selection = query::select(table, read, query::Dialect::sqlite, false);
        std::string text{"["};
        store->inspect(selection.statement, [&](Row const& row) {
            if (text.size() > 1) text += ',';
            append_row(text, row, table, selection);
            // Both roads give the same.
            std::string one;
            append_row(one, row, table, selection);
            EXPECT_EQ(parse_json(to_text(read_record(row, table, selection))), parse_json(one));
        });
        return parse_json(text + "]");
    }

    std::int64_t count(std::string const& where) const {
        std::int64_t found = -1;
        auto const read = query::read_where(parse_json(where), model, as_loopback);
        store->inspect(query::count(table, read, query::Dialect::sqlite),
                       [&](Row const& row) { found = row.integer(0); });
        return found;
    }

    definition::Model model;
    query::Table table;
    std::unique_ptr<Store> store;
};

Question const recorded[] = {
    {R"({"fields":["name","score"],"limit":2})", R"([{"name":"Alpha","score":10},{"name":"beta","score":20}])"},
    {R"({"fields":{"name":true,"score":true},"limit":2})",
     R"([{"name":"Alpha","score":10},{"name":"beta","score":20}])"},
    {R"({"fields":{"name":false,"score":false,"location":false,"info":false,"ratings":false},"limit":2})",
     R"([{"nickname":"al","opened":"2015-01-10T00:00:00.000Z","open":true,"id":1},{"nickname":"be","opened":"2015-02-10T00:00:00.000Z","open":false,"id":2}])"},
    {R"({"fields":"name","limit":2})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"fields":["id"],"limit":2})", R"([{"id":1},{"id":2}])"},
    {R"({"fields":{"id":true},"limit":2})", R"([{"id":1},{"id":2}])"},
    {R"({"fields":{"id":false,"name":true},"limit":2})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"fields":["nothing"],"limit":2})", R"([{},{}])"},
    {R"({"fields":{"nothing":true},"limit":2})", R"([{},{}])"},
    {R"({"fields":[],"limit":2})",
     R"([{"name":"Alpha","location":{"lat":37.77,"lng":-122.42},"info":{"city":"SF","size":{"w":3}},"ratings":[1,2],"nickname":"al","score":10,"opened":"2015-01-10T00:00:00.000Z","open":true,"id":1},{"name":"beta","location":{"lat":34.05,"lng":-118.24},"info":{"city":"LA","size":{"w":7}},"ratings":[3],"nickname":"be","score":20,"opened":"2015-02-10T00:00:00.000Z","open":false,"id":2}])"},
    {R"({"fields":{},"limit":2})",
     R"([{"name":"Alpha","location":{"lat":37.77,"lng":-122.42},"info":{"city":"SF","size":{"w":3}},"ratings":[1,2],"nickname":"al","score":10,"opened":"2015-01-10T00:00:00.000Z","open":true,"id":1},{"name":"beta","location":{"lat":34.05,"lng":-118.24},"info":{"city":"LA","size":{"w":7}},"ratings":[3],"nickname":"be","score":20,"opened":"2015-02-10T00:00:00.000Z","open":false,"id":2}])"},
    {R"({"fields":{"name":true,"score":false},"limit":2})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"order":"name","fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Epsilon"},{"name":"Gamma"},{"name":"beta"},{"name":"delta"},{"name":"zeta 100%_a"}])"},
    {R"({"order":"name ASC","fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Epsilon"},{"name":"Gamma"},{"name":"beta"},{"name":"delta"},{"name":"zeta 100%_a"}])"},
    {R"({"order":"name DESC","fields":["name"]})",
     R"([{"name":"zeta 100%_a"},{"name":"delta"},{"name":"beta"},{"name":"Gamma"},{"name":"Epsilon"},{"name":"Alpha"}])"},
    {R"({"order":"score DESC","fields":["name"]})",
     R"([{"name":"Gamma"},{"name":"beta"},{"name":"delta"},{"name":"Alpha"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"order":["score ASC","name DESC"],"fields":["name"]})",
     R"([{"name":"zeta 100%_a"},{"name":"Epsilon"},{"name":"Alpha"},{"name":"delta"},{"name":"beta"},{"name":"Gamma"}])"},
    {R"({"order":["score DESC","id DESC"],"fields":["name"]})",
     R"([{"name":"Gamma"},{"name":"delta"},{"name":"beta"},{"name":"Alpha"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"order":"opened ASC","fields":["name"]})",
     R"([{"name":"delta"},{"name":"zeta 100%_a"},{"name":"Epsilon"},{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"}])"},
    {R"({"order":"opened DESC","fields":["name"]})",
     R"([{"name":"Gamma"},{"name":"beta"},{"name":"Alpha"},{"name":"Epsilon"},{"name":"delta"},{"name":"zeta 100%_a"}])"},
    {R"({"order":"id DESC","fields":["name"]})",
     R"([{"name":"zeta 100%_a"},{"name":"Epsilon"},{"name":"delta"},{"name":"Gamma"},{"name":"beta"},{"name":"Alpha"}])"},
    {R"({"order":"score asc","fields":["name"]})",
     R"([{"name":"zeta 100%_a"},{"name":"Epsilon"},{"name":"Alpha"},{"name":"beta"},{"name":"delta"},{"name":"Gamma"}])"},
    {R"({"order":"score desc","fields":["name"]})",
     R"([{"name":"Gamma"},{"name":"beta"},{"name":"delta"},{"name":"Alpha"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"order":[],"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"order":"open DESC","fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Gamma"},{"name":"beta"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"limit":2,"fields":["name"]})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"limit":2,"skip":1,"fields":["name"]})", R"([{"name":"beta"},{"name":"Gamma"}])"},
    {R"({"limit":2,"offset":4,"fields":["name"]})", R"([{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"skip":5,"fields":["name"]})", R"([{"name":"zeta 100%_a"}])"},
    {R"({"skip":99,"fields":["name"]})", R"([])"},
    {R"({"limit":100,"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"limit":1,"order":"score DESC","fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"limit":"2","fields":["name"]})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"skip":"3","fields":["name"]})", R"([{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"limit":0,"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"offset":2,"fields":["name"]})",
     R"([{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"limit":3,"skip":2,"where":{"score":{"gt":0}},"fields":["name"]})", R"([{"name":"Gamma"},{"name":"delta"}])"},
    {R"({"where":{"score":{"gt":20}},"fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"where":{"score":{"gte":20}},"fields":["name"]})", R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"}])"},
    {R"({"where":{"score":{"lt":20}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Epsilon"}])"},
    {R"({"where":{"score":{"lte":20}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"delta"},{"name":"Epsilon"}])"},
    {R"({"where":{"score":{"between":[10,20]}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"name":{"gt":"a"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"delta"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"lt":"C"}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":{"between":["A","F"]}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Epsilon"}])"},
    {R"({"where":{"opened":{"gt":"2015-01-31"}},"fields":["name"]})", R"([{"name":"beta"},{"name":"Gamma"}])"},
    {R"({"where":{"opened":{"between":["2015-01-01","2015-02-28"]}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"where":{"opened":{"lte":"2014-12-31T23:59:59.999Z"}},"fields":["name"]})", R"([{"name":"Epsilon"}])"},
    {R"({"where":{"score":{"gt":"15"}},"fields":["name"]})", R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"}])"},
    {R"({"where":{"nickname":{"gte":"al"}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"where":{"open":{"gt":false}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"name":"Alpha"},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":"alpha"},"fields":["name"]})", R"([])"},
    {R"({"where":{"score":20},"fields":["name"]})", R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"score":"20"},"fields":["name"]})", R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"open":true},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"open":"true"},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"open":false},"fields":["name"]})", R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"nickname":null},"fields":["name"]})", R"([{"name":"Gamma"},{"name":"delta"}])"},
    {R"({"where":{"opened":"2015-02-10T00:00:00.000Z"},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"opened":"2015-02-10"},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"id":3},"fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"where":{"id":"3"},"fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"where":{"name":"Alpha","score":10},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":"Alpha","score":11},"fields":["name"]})", R"([])"},
    {R"({"where":{},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"unknownProp":1},"fields":["name"]})", R"([])"},
    {R"({"where":{"unknownProp":null},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"inq":["Alpha","delta"]}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"delta"}])"},
    {R"({"where":{"name":{"inq":[]}},"fields":["name"]})", R"([])"},
    {R"({"where":{"score":{"inq":[10,30]}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"score":{"inq":["10"]}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":{"nin":["Alpha","delta"]}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"score":{"nin":[20]}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Gamma"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"nickname":{"nin":["al"]}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"nin":[]}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"id":{"inq":[1,"2",99]}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"where":{"nickname":{"inq":[null]}},"fields":["name"]})", R"([{"name":"Gamma"},{"name":"delta"}])"},
    {R"({"where":{"open":{"inq":[true]}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"name":{"like":"A%"}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":{"like":"%ta"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"delta"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"like":"al"}},"fields":["name"]})", R"([])"},
    {R"({"where":{"name":{"nlike":"%a"}},"fields":["name"]})", R"([{"name":"Epsilon"}])"},
    {R"({"where":{"name":{"ilike":"%TA"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"delta"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"nilike":"%A"}},"fields":["name"]})", R"([{"name":"Epsilon"}])"},
    {R"({"where":{"nickname":{"like":"a.c"}},"fields":["name"]})", R"([{"name":"zeta 100%_a"}])"},
    {R"({"where":{"nickname":{"nlike":"a%"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"}])"},
    {R"({"where":{"name":{"like":"%"}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"nickname":{"ilike":"AL"}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Epsilon"}])"},
    {R"({"where":{"and":[{"score":20},{"open":false}]},"fields":["name"]})", R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"or":[{"score":10},{"score":30}]},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"or":[{"name":"Alpha"},{"and":[{"score":20},{"nickname":"be"}]}]},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"where":{"and":[{"or":[{"score":10},{"score":20}]},{"name":{"like":"%ta"}}]},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"score":20,"or":[{"nickname":"be"},{"nickname":"al"}]},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"and":[]},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"or":[]},"fields":["name"]})", R"([])"},
    {R"({"where":{"or":[{}]},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"and":[{"score":{"gt":5}},{"score":{"lt":25}}]},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"or":[{"score":{"gt":25}},{"score":{"lt":0}}],"name":{"neq":"Gamma"}},"fields":["name"]})",
     R"([{"name":"Epsilon"}])"},
    {R"({"where":{"name":{"neq":"Alpha"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"score":{"neq":20}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Gamma"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"nickname":{"neq":null}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"nickname":{"neq":"al"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"open":{"neq":true}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"opened":{"neq":"2015-02-10T00:00:00.000Z"}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"score":{"neq":"20"}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"Gamma"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"id":{"neq":1}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"info.city":"SF"},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"info.city":{"inq":["SF","NY"]}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"info.size.w":{"gt":3}},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"info.size.w":3},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"info.city":{"like":"S%"}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"info.missing":null},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"info.tags":"x"},"fields":["name"]})", R"([{"name":"Epsilon"}])"},
    {R"({"where":{"info.list.k":2},"fields":["name"]})", R"([{"name":"zeta 100%_a"}])"},
    {R"({"where":{"ratings":3},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"ratings":2},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"info.city":{"neq":"SF"}},"fields":["name"]})",
     R"([{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"regexp":"^A"}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":{"regexp":"/^a/i"}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":{"regexp":"ta$"}},"fields":["name"]})", R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"name":{"regexp":"/TA$/i"}},"fields":["name"]})", R"([{"name":"beta"},{"name":"delta"}])"},
    {R"({"where":{"name":{"regexp":"^(Alpha|beta)$"}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"beta"}])"},
    {R"({"where":{"name":{"regexp":"[0-9]+"}},"fields":["name"]})", R"([{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"regexp":"\\s"}},"fields":["name"]})", R"([{"name":"zeta 100%_a"}])"},
    {R"({"where":{"name":{"regexp":"/^A/g"}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"nickname":{"regexp":"."}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
};

// Recorded by tests/differential.
Question const compared[] = {
    {R"({"where":{"info":{"city":"SF"}},"fields":["name"]})", "[]"},
    {R"({"where":{"location":{"nin":[{"lat":37.77,"lng":-122.42}]}},"limit":1,"fields":["name"]})",
     R"([{"name":"Alpha"}])"},
    {R"({"where":{"name":["Alpha"]},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"score":[10]},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"opened":["2015-01-10"]},"fields":["name"]})", "[]"},
    {R"({"where":{"info.size.w":{"gt":["3"]}},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"info.size.w":{"gt":true,"lt":5}},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"ratings":{"like":"3"}},"fields":["name"]})", R"([{"name":"beta"}])"},
    {R"({"where":{"ratings":{"like":"0"}},"fields":["name"]})", "[]"},
    {R"({"where":{"open":{"like":"x"}},"fields":["name"]})", R"([{"name":"Alpha"},{"name":"Gamma"}])"},
    {R"({"where":{"open":{"nilike":"0"}},"fields":["name"]})", "[]"},
    {R"({"where":{"info":{"like":"[object"}},"limit":1,"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"ratings.k":{"nlike":"x"},"name":"Gamma"},"fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"where":{"ratings.k":{"nin":["x"]},"name":"Gamma"},"fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"where":{"ratings.k":null,"name":"Gamma"},"fields":["name"]})", R"([{"name":"Gamma"}])"},
    {R"({"where":{"ratings.k":{"like":"x"},"name":"Gamma"},"fields":["name"]})", "[]"},
    {R"({"where":{"ratings.k":{"neq":null}},"fields":["name"]})", "[]"},
    {R"({"where":{"ratings.k":{"gte":null},"name":"Alpha"},"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"info.list.k":{"lte":null}},"fields":["name"]})",
     R"([{"name":"Alpha"},{"name":"beta"},{"name":"Gamma"},{"name":"delta"},{"name":"Epsilon"},{"name":"zeta 100%_a"}])"},
    {R"({"where":{"info.city":{"regexp":""}},"fields":["name"]})", "[]"},
    {R"({"where":{"score":{"regexp":"."}},"fields":["name"]})", "[]"},
    {R"({"where":{"open":{"regexp":"e"}},"fields":["name"]})", "[]"},
    {R"({"where":{"opened":{"regexp":"."}},"fields":["name"]})", "[]"},
    {R"({"where":{"name":{"regexp":""}},"limit":1,"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"opened":{"gt":[]}},"limit":1,"fields":["name"]})", R"([{"name":"Alpha"}])"},
    {R"({"where":{"opened":{"lt":[null]}},"fields":["name"]})", "[]"},
    {R"({"where":{"opened":{"gt":["2015-01-10"]}},"fields":["name"]})", "[]"},
    {R"({"where":{"name":{"nlike":""}},"fields":["name"]})", "[]"},
    {R"({"where":{"opened":{"like":"2015-01-10"}},"fields":["name"]})", "[]"},
    {R"({"where":{"opened":{"nlike":"2015-01-10"}},"limit":1,"fields":["name"]})", R"([{"name":"Alpha"}])"},
};

class RecordedFilter : public testing::TestWithParam<Question> {
protected:
    static void SetUpTestSuite() {
        records = std::make_unique<Records>();
        for (auto const& place : parse_json(places).as_array()) records->insert(place);
    }
    static void TearDownTestSuite() { records.reset(); }
    static std::unique_ptr<Records> records;
};

std::unique_ptr<Records> RecordedFilter::records;

TEST_P(RecordedFilter, GivesWhatLoopBackGave) {
    EXPECT_EQ(to_text(records->find(GetParam().filter)), to_text(parse_json(to_text(parse_json(GetParam().answer)))))
        << GetParam().filter;
}

INSTANTIATE_TEST_SUITE_P(All, RecordedFilter, testing::ValuesIn(recorded));
INSTANTIATE_TEST_SUITE_P(Compared, RecordedFilter, testing::ValuesIn(compared));

TEST(Regexp, NeverFindsAnEmptyText) {
    Records records;
    records.insert(JsonObject{{"name", ""}, {"info", JsonObject{{"city", ""}}}});

    EXPECT_EQ(records.find(R"({"where":{"name":{"regexp":"^$"}}})"), Json::array());
    EXPECT_EQ(records.find(R"({"where":{"info.city":{"regexp":"^$"}}})"), Json::array());
}

TEST(Lists, InListsAreTakenApart) {
    Records records;
    records.insert(JsonObject{{"name", "a"}, {"info", JsonArray{JsonArray{1}, JsonArray{JsonArray{}, 2}}}});
    auto const is_found = [&](std::string const& clause) {
        return records.find(R"({"where":{"info":)" + clause + "}}").as_array().size() == 1;
    };

    EXPECT_TRUE(is_found(R"({"gt":1})"));
    EXPECT_TRUE(is_found("2"));
    EXPECT_FALSE(is_found(R"({"gt":2})"));
}

struct Count {
    std::string where;
    std::int64_t count;
};

TEST(Count, CountsWhatMatches) {
    Records records;
    for (auto const& place : parse_json(places).as_array()) records.insert(place);
    Count const cases[] = {
        {R"({"score":{"gt":15}})", 3},
        {R"({"name":{"like":"%a"}})", 5},
        {R"({"or":[{"score":10},{"score":20}]})", 3},
        {R"({"info.city":"SF"})", 1},
        {R"({"opened":{"lt":"2015-02-01"}})", 2},
        {R"({"nickname":null})", 2},
        {R"({"nickname":{"neq":null}})", 4},
        {R"({"open":true})", 2},
        {R"({"id":{"inq":[1,2]}})", 2},
        {R"({"name":{"nin":["Alpha"]}})", 5},
        // Not recorded: several operators hold together, lists hold dates, null is no number.
        {R"({"score":{"gt":10,"lt":30}})", 2},
        {R"({"opened":{"inq":["2015-02-10T00:00:00.000Z"]}})", 1},
        {R"({"nickname":{"inq":[null,"al"]}})", 3},
        {R"({"nickname":{"nin":[null,"al"]}})", 3},
        {R"({"score":{"gte":null}})", 1},
        {R"({"score":"abc"})", 0},
        {R"({"score":{"gt":"abc"}})", 0},
        {R"({"score":{"neq":"abc"}})", 6},
        {R"({"score":{"inq":[10.5,30]}})", 1},
        {R"({"ratings":{"neq":3}})", 5},
        {R"({"info.tags":{"inq":["y"]}})", 1},
        {R"({"info.size.w":{"between":[3,"7"]}})", 2},
        {R"({"name":{"regexp":"\\u0041lpha"}})", 1},
        {R"({"name.x":null})", 6},
        {R"({"name.x":1})", 0},
        {R"({"name":{"like":"(a|b)*"}})", 0},
        {R"({"name":{"like":"100\u0025"}})", 1},
    };
    for (auto const& one : cases) EXPECT_EQ(records.count(one.where), one.count) << one.where;
}

TEST(Filters, AThousandConditionsAreAnswered) {
    Records records;
    records.insert(parse_json(R"({"name":"Alpha","score":999})"));
    JsonArray either;
    for (int i = 0; i < 499; ++i) either.push_back(JsonObject{{"score", i + 501}});

    EXPECT_EQ(records.count(to_text(JsonObject{{"or", either}})), 1);
}

TEST(Filters, TextIsComparedWholeAndNeverRead) {
    Records records;
    std::string const odd{"a\0b' OR 1=1 --\"%_\\", 18};
    records.insert(JsonObject{{"name", odd}});
    records.insert(JsonObject{{"name", "a"}});

    EXPECT_EQ(records.count(to_text(JsonObject{{"name", odd}})), 1);
    EXPECT_EQ(records.count(to_text(JsonObject{{"name", JsonObject{{"inq", JsonArray{odd}}}}})), 1);
    EXPECT_EQ(records.find("{}").as_array()[0]["name"].as_string(), odd);
}

TEST(Filters, UnknownPropertiesAreFoundByWhateverName) {
    Records records;
    records.insert(parse_json(R"({"extra":1,"deep":{"a\"]":"x"},"tags":["p","q"],"none":null})"));
    records.insert(parse_json(R"({"extra":"2"})"));
    records.insert(parse_json(R"({})"));
    Count const cases[] = {
        {R"({"extra":1})", 1},           {R"({"extra":"1"})", 1},           {R"({"extra":2})", 1},
        {R"({"extra":{"neq":1}})", 2},   {R"({"extra":null})", 1},          {R"({"none":null})", 3},
        {R"({"tags":"q"})", 1},          {R"({"deep.a\"]":"x"})", 1},       {R"({"extra":{"inq":[1,2]}})", 2},
        {R"({"extra":{"nin":[1]}})", 2}, {R"({"ex'tra":{"neq":null}})", 0}, {R"({"tags":{"like":"p"}})", 1},
    };

    for (auto const& one : cases) EXPECT_EQ(records.count(one.where), one.count) << one.where;
}

TEST(Filters, NullSortsAsZeroAmongNumbersAndDatesAndAbsentFirst) {
    Records records;
    for (auto const* text : {R"({"name":"one","score":1})", R"({"name":"minus","score":-1})",
                             R"({"name":"null","score":null})", R"({"name":"absent"})"}) {
        records.insert(parse_json(text));
    }

    EXPECT_EQ(to_text(records.find(R"({"order":"score","fields":["name"]})")),
              R"([{"name":"absent"},{"name":"minus"},{"name":"null"},{"name":"one"}])");
    EXPECT_EQ(to_text(records.find(R"({"order":"score DESC","fields":["name"]})")),
              R"([{"name":"one"},{"name":"null"},{"name":"minus"},{"name":"absent"}])");
}

TEST(Records, KeepNullsUnknownPropertiesAndEveryType) {
    Records records;
    auto const record = parse_json(
        R"({"name":null,"score":null,"info":null,"misc":"text","extra":{"a":[1,null]},"ratings":[1,2.5],"open":false,"pin":"1234"})");

    records.insert(record);

    auto expected = record;
    expected.as_object().erase("pin");
    expected.as_object().set("id", 1);
    EXPECT_EQ(records.find("{}").as_array()[0], expected);
}

definition::Model place_with_default(bool reads_apply_it) {
    auto model = place_model();
    auto const score = std::ranges::find(model.properties, "score", &definition::Property::name);
    score->default_value = Json{7};
    if (!model.settings.is_object()) model.settings = Json::object();
    if (!reads_apply_it) model.settings.as_object().set("applyDefaultsOnReads", false);
    return model;
}

TEST(Records, AbsentMeansTheDefaultUnlessTheModelSaysOtherwise) {
    for (auto const applies : {true, false}) {
        Records records{place_with_default(applies)};
        records.insert(parse_json(R"({"name":"absent"})"));
        records.insert(parse_json(R"({"name":"null","score":null})"));
        records.insert(parse_json(R"({"name":"other","extra":1,"score":1})"));
        auto const expected = std::string{R"([{"name":"absent")"} + (applies ? R"(,"score":7},)" : "},") +
                              R"({"name":"null","score":null},{"name":"other","score":1}])";
        EXPECT_EQ(to_text(records.find(R"({"fields":["name","score"]})")), expected);
        EXPECT_EQ(records.find(R"({"fields":["name"]})").as_array().front(), parse_json(R"({"name":"absent"})"));
    }
}

TEST(Records, AHiddenPropertyIsNeverGivenNotEvenAsNull) {
    Records records;
    records.insert(parse_json(R"({"name":"a","pin":null})"));

    EXPECT_EQ(to_text(records.find("{}")), R"([{"name":"a","id":1}])");
    EXPECT_EQ(to_text(records.find(R"({"fields":["pin"]})")), "[{}]");
}

TEST(Records, AnUpdateChangesOnlyWhatItNames) {
    Records records;
    records.insert(parse_json(R"({"name":"a","score":null,"extra":1,"other":2})"));
    auto const changes = parse_json(R"({"score":5,"nickname":null,"extra":null,"new":"x"})");

    records.store->prepare(
        {query::update(records.table, equals("id", 1), changes.as_object(), query::Dialect::sqlite)});

    EXPECT_EQ(records.find("{}").as_array()[0],
              parse_json(R"({"name":"a","score":5,"nickname":null,"extra":null,"other":2,"new":"x","id":1})"));
}

TEST(Records, AReplacedRecordHasOnlyWhatWasGiven) {
    Records records;
    records.insert(parse_json(R"({"name":"a","score":1,"extra":1})"));

    records.store->prepare({query::replace(records.table, std::int64_t{1}, parse_json(R"({"name":"b"})").as_object())});

    EXPECT_EQ(to_text(records.find("{}")), R"([{"name":"b","id":1}])");
}

TEST(Records, AnIdIsNeverUsedAgain) {
    Records records;
    records.insert(parse_json(R"({"name":"a"})"));
    records.store->prepare({query::remove(records.table, {}, query::Dialect::sqlite)});

    records.insert(parse_json(R"({"name":"b"})"));

    EXPECT_EQ(to_text(records.find("{}")), R"([{"name":"b","id":2}])");
}

TEST(Records, ATableOfLoopBacksConnectorIsReadAsItIs) {
    Records records;
    records.store->prepare({
        {R"(DROP TABLE place)", {}},
        {R"(CREATE TABLE place (name TEXT, location TEXT, info TEXT, ratings TEXT, nickname TEXT, score REAL, opened INTEGER,
            open INTEGER, misc TEXT, pin TEXT, id INTEGER NOT NULL PRIMARY KEY))",
         {}},
        {R"(INSERT INTO place VALUES ('n', '{"lat":1,"lng":2}', '"{\"city\":\"SF\"}"', '"[1,2]"', NULL, 3.0, 1433152800000, 1,
            '"\"plain\""', 'p', 7))",
         {}},
    });
    records.table = adjust(*records.store, records.table);

    EXPECT_FALSE(records.table.has_more);
    EXPECT_EQ(
        records.find("{}").as_array()[0],
        parse_json(
            R"({"name":"n","location":{"lat":1,"lng":2},"info":{"city":"SF"},"ratings":[1,2],"nickname":null,"score":3,
                             "opened":"2015-06-01T10:00:00.000Z","open":true,"misc":"plain","id":7})"));
    EXPECT_EQ(records.count(R"({"info.city":"SF"})"), 1);
    EXPECT_EQ(records.count(R"({"ratings":2})"), 1);
    EXPECT_EQ(records.count(R"({"unknown":1})"), 0);
    EXPECT_EQ(records.count(R"({"unknown":{"neq":1}})"), 1);
}

TEST(Records, NullOfLoopBacksConnectorDiffersFromNothing) {
    Records records;
    records.store->prepare({
        {"DROP TABLE place", {}},
        {R"(CREATE TABLE place (name TEXT, location TEXT, info TEXT, ratings TEXT, nickname TEXT, score REAL, opened INTEGER,
            open INTEGER, misc TEXT, pin TEXT, id INTEGER NOT NULL PRIMARY KEY))",
         {}},
        {"INSERT INTO place (name, info, score, id) VALUES (NULL, NULL, NULL, 1), ('n', '\"a\"', 3.0, 2)", {}},
    });
    records.table = adjust(*records.store, records.table);

    for (auto const* where : {R"({"name":{"neq":"x"}})", R"({"score":{"nin":[1]}})", R"({"name":{"nlike":"x"}})",
                              R"({"info":{"neq":"x"}})", R"({"name":{"neq":null}})"}) {
        EXPECT_EQ(records.count(where), 1) << where;
    }
    EXPECT_EQ(records.count(R"({"name":null})"), 1);
}

TEST(FilterInJson, NoTextEndsAtU0000) {
    Records const records;
    records.insert(parse_json(R"({"name":"a","info":{"city":"SF\u0000x","none":"\u0000"},"ratings":["b\u0000"]})"));

    EXPECT_EQ(records.count(R"({"info.city":"SF"})"), 0);
    EXPECT_EQ(records.count(R"({"info.city":"SF\u0000x"})"), 1);
    EXPECT_EQ(records.count(R"({"info.none":false})"), 0);
    EXPECT_EQ(records.count(R"({"ratings":"b"})"), 0);
}

}  // namespace
}  // namespace sallyport::store
